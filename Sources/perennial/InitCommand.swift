import ArgumentParser
import Model
import Project

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Start a project: its configuration, a commented source, reports.",
    discussion: """
      Never overwrites: files that are there stay as they are.

      EXAMPLE
        perennial init books --name "Larkspur Software"
      """)

  @Argument(help: ArgumentHelp("The project's folder.", valueName: "dir"))
  var folder = "."
  @Option(help: "The company's name, as reports show it.")
  var name = "Our company"
  @Flag(help: "Also write the report templates, to change them.")
  var templates = false

  func run() throws {
    let files = scaffold(companyName: name, withTemplates: templates)
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
