import ArgumentParser
import Demo
import Glibc
import Model
import Project

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Write a demo company: its exports, and a project around them.",
    discussion: """
      The same arguments always give the same files. The company has three currencies, every billing interval, and every
      trap of the field on purpose; a few broken rows end in quarantine. Where the folder is a project already, its
      configuration stays as it is.

      EXAMPLE
        perennial demo demo-company
        perennial run nightly --project demo-company
      """)

  @Argument(help: ArgumentHelp("Folder to write into.", valueName: "dir"))
  var folder = "demo-company"
  @Option(help: "Number of customers.")
  var customers = 3000
  @Option(help: "Months of history.")
  var months = 40
  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 1
  @Flag(help: "Write no project around the exports.")
  var exportsOnly = false

  func validate() throws {
    guard customers > 0 else { throw ValidationError("--customers must be at least 1") }
    guard (1...600).contains(months) else { throw ValidationError("--months must be 1 to 600") }
  }

  func run() throws {
    let files: [WrittenFile]
    do {
      files = try DemoCompany(customers: customers, months: months, seed: seed).write(to: folder)
    } catch let failure as ExportFailure {
      throw Stop(.unreachable, "export-not-written", "\(failure.path): \(failure.description)")
    }
    let rows = files.reduce(0) { $0 + $1.rows }
    let bytes = files.reduce(0) { $0 + $1.bytes }
    Console.write(
      "\(DemoCompany.name): \(rows) rows in \(files.count) files, \(bytes / 1_000_000) MB, below \(folder)")
    guard !exportsOnly else { return }
    // A project of somebody's own must not find the demo's sources among its own.
    if access(folder + "/Config/company.yml", F_OK) != 0 {
      let project = try NewProject.write(demoProject(), below: folder)
      Console.write("a project around them: \(project.written.count) files in Config, Pipelines and Reports")
    }
    Console.write("next: \(NewProject.next("run nightly", in: folder))")
  }
}
