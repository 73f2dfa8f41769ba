import ArgumentParser
import Glibc
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
    var written = 0
    for path in files.keys.sorted() {
      let full = folder + "/" + path
      if access(full, F_OK) == 0 {
        Console.write("kept     \(full)")
        continue
      }
      guard let text = files[path], TextFile.write(text, to: full) else {
        throw Stop(
          .refused, "not-written", "\(full): \(String(cString: strerror(errno)))",
          remedy: "choose a folder you may write to")
      }
      Console.write("written  \(full)")
      written += 1
    }
    Console.write(
      written == 0
        ? "nothing to write: the project is there"
        : "next: describe your export in \(folder)/Config/sources, then `perennial validate --project \(folder)`"
    )
  }
}
