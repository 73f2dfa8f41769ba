import ArgumentParser
import Model
import Warehouse

struct AcceptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Let what held the last run pass: the export is right as it is.",
    discussion: """
      Holds for exactly what that run read of the source; the next `perennial run` publishes it.

      EXAMPLE
        perennial accept billing
      """)

  @Argument(help: "The source that held the run.")
  var source: String
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.load()
    guard project.source(named: source) != nil else {
      let hint = nearest(to: source, among: project.sources.map(\.name)).map { "did you mean `\($0)`?" }
      throw Stop(.wrongUse, "unknown-source", "no source is named `\(source)`", remedy: hint)
    }
    try WorldFaults.told {
      let lock = try Warehouse.lock(project.warehousePath)
      try withExtendedLifetime(lock) {
        try Warehouse(opening: project.warehousePath).accept(source: source, at: Clock.now)
      }
    }
    Console.write("accepted: run the pipeline again to publish")
  }
}
