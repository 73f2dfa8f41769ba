import ArgumentParser
import Glibc
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
    if warehouse { print(try Self.warehouseSchema()) }
    if let kind { print(configurationSchema(for: kind)) }
  }

  /// The schema as this program creates it: that of a new, empty warehouse, made for the purpose.
  private static func warehouseSchema() throws -> String {
    var template = Array("/tmp/perennial-schema-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Stop(.unreachable, "system-refused", "/tmp: \(String(cString: strerror(errno)))")
    }
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let path = folder + "/warehouse.sqlite"
    defer {
      for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
      rmdir(folder)
    }
    return try WorldFaults.told {
      _ = try Warehouse(opening: path)
      return try WarehouseReader(reading: path).schemaText()
    }
  }
}

extension ConfigurationKind: ExpressibleByArgument {}
