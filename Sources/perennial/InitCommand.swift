import ArgumentParser
import Model
import Project

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Start a project: its configuration, a commented source, reports.",
    discussion: """
      Never overwrites: files that are there stay as they are.

      EXAMPLE
        perennial init books --name "Larkspur Software" --currency EUR
      """)

  @Argument(help: ArgumentHelp("The project's folder.", valueName: "dir"))
  var folder = "."
  @Option(help: "The company's name, as reports show it.")
  var name = "Our company"
  @Option(help: "The currency reports are in.")
  var currency = "USD"
  @Flag(help: "Also write the report templates, to change them.")
  var templates = false

  func run() throws {
    guard Currency.listedCodes.contains(currency) else {
      let hint = nearest(to: currency, among: Currency.listedCodes).map { "did you mean `\($0)`?" }
      throw Stop(
        .wrongUse, "unknown-currency", "`\(currency)` is not an ISO 4217 currency code", remedy: hint)
    }
    let files = scaffold(companyName: name, currency: currency, withTemplates: templates)
    let (written, kept) = try NewProject.write(files, below: folder)
    for path in kept { Console.write("kept     \(path)") }
    for path in written { Console.write("written  \(path)") }
    Console.write(
      written.isEmpty
        ? "nothing to write: the project is there"
        : "next: describe your export in \(folder)/Config/sources, then \(NewProject.next("validate", in: folder))"
    )
  }
}
