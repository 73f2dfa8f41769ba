import ArgumentParser
import Extract
import Model
import Project

struct ConnectorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connector", abstract: "List the connectors, and try one.",
    subcommands: [List.self, Check.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the connectors and their streams, those of the project before the built-in ones.",
      discussion: """
        Outside of a project the built-in ones are listed.

        EXAMPLE
          perennial connector list
        """)

    @OptionGroup var options: ProjectOptions

    func run() throws {
      let connectors =
        isProject(options.project)
        ? try options.load(everyConnector: true).connectors : builtInConnectors()
      for connector in connectors {
        print("\(connector.name)  \(connector.title)")
        for stream in connector.streams { print("  \(stream.name)  \(stream.title)") }
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Try a connector: authenticate, read one page of each stream, show what its records mean.",
      discussion: """
        Nothing is stored in the warehouse. Exit code 0: every stream answered, and what came can be read; 1: some of it
        cannot, or no stream had a record; 3: the service was not reached or refused.

        EXAMPLE
          perennial connector check stripe --stream subscriptions
        """)

    @OptionGroup var options: ProjectOptions
    @Argument(
      help:
        "The connector: the name of a file in Config/connectors/ without its extension, or a built-in one.")
    var name: String
    @Option(help: ArgumentHelp("Only this stream; may be said several times.", valueName: "stream"))
    var stream: [String] = []
    @Option(help: "How many rows of each entity to show.")
    var rows = 2

    func run() throws {
      let project = try options.load(everyConnector: true)
      guard let connector = project.connectors.first(where: { $0.name == name }) else {
        let hint = nearest(to: name, among: project.connectors.map(\.name)).map { "did you mean `\($0)`?" }
        throw Stop(.wrongUse, "unknown-connector", "no connector is named `\(name)`", remedy: hint)
      }
      let known = connector.streams.map(\.name)
      for name in stream where !known.contains(name) {
        let hint = nearest(to: name, among: known).map { "did you mean `\($0)`?" }
        throw Stop(
          .wrongUse, "unknown-stream", "connector `\(connector.name)` has no stream `\(name)`",
          remedy: hint ?? "its streams are \(known.joined(separator: ", "))")
      }
      let finder = project.fileFinder(isOffline: false)
      var findings: [Finding] = []
      var (asked, records) = (0, 0)
      print("\(connector.name): \(connector.title)")
      for name in known where stream.isEmpty || stream.contains(name) {
        guard let source = project.source(ofStream: name, of: connector.name) else { continue }
        let trial = try StreamTrial(source, finder, asOf: Clock.now)
        print(trial.text(rows: max(0, rows)))
        findings += trial.findings
        asked += 1
        records += trial.records
      }
      Console.print(findings)
      if findings.hasError { throw Stop(findings.exitStatus) }
      if records == 0 {
        throw Stop(
          .refused, "nothing-to-check",
          asked == 1
            ? "the stream has no record: nothing of its mapping was checked"
            : "none of the \(asked) streams has a record: nothing of their mappings was checked",
          remedy:
            "try it with an account that has some; who asks, the paths and the pages are right as far as an empty list tells"
        )
      }
    }
  }
}
