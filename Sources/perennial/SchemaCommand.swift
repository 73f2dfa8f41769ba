import ArgumentParser
import Project
import Warehouse

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of a configuration file, or the warehouse's tables.",
    discussion: """
      Editors complete the configuration files with it.

      EXAMPLE
        perennial schema source > source.schema.json
        perennial schema --warehouse
      """)

  @Argument(help: "One of: \(ConfigurationKind.allCases.map(\.rawValue).joined(separator: ", ")).")
  var kind: ConfigurationKind?
  @Flag(help: "Print the warehouse's public views and tables instead.")
  var warehouse = false

  func validate() throws {
    guard warehouse || kind != nil else { throw ValidationError("say which kind of file, or --warehouse") }
  }

  func run() throws {
    if warehouse { print(warehouseSchemaText()) }
    if let kind { print(configurationSchema(for: kind)) }
  }
}

extension ConfigurationKind: ExpressibleByArgument {}
