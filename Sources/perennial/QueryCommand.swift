import ArgumentParser
@preconcurrency import Glibc
import Model
import Project
import Warehouse

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Ask the warehouse in SQL; reading only.",
    discussion: """
      Prints CSV with a header, or with --json one object a row. `perennial schema --warehouse` lists the views.

      EXAMPLE
        perennial query "select period, value from metric_period where metric = 'mrr' and grain = 'month' and dimension = 'all'"
        perennial query --known-at 2024-02-05 "select * from mrr_bridge where period = '2024-01' and dimension = 'all'"
      """)

  @Argument(help: "One SQL statement.")
  var sql: String
  @OptionGroup var options: ProjectOptions
  @OptionGroup var knownAt: KnownAtOptions
  @Flag(help: "One JSON object a row.") var json = false

  func run() throws {
    let project = try options.load()
    try WorldFaults.told { try knownAt.with(project, options, answer) }
  }

  private func answer(_ project: ProjectConfiguration) throws {
    let reader = try WarehouseReader(reading: project.warehousePath)
    if try reader.publishedRun() == nil {
      Console.write("nothing is published yet: `perennial status` tells what the first run does or did")
    }
    var names: [String] = []
    do {
      try reader.query(sql) { columns in
        names = columns
        if !json { print(columns.map(Self.field).joined(separator: ",")) }
      } row: { values in
        // The rest of a long answer is for nobody.
        if ferror(stdout) != 0, Console.readerHasLeft { Glibc.exit(ExitStatus.done.rawValue) }
        print(
          json
            ? JSONLine(Array(zip(names, values.map(Self.member)))).description
            : values.map(Self.cell).joined(separator: ","))
      }
    } catch let error where !(error is WarehouseError) {
      throw Stop(.wrongUse, "faulty-query", "\(error)")
    }
  }

  private static func cell(_ value: QueryValue) -> String {
    switch value {
    case .null: ""
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): field(text)
    case .blob(let bytes): bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  private static func member(_ value: QueryValue) -> JSONLine.Value {
    switch value {
    case .null: .null
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .text(let text): .text(text)
    case .blob: .text(cell(value))
    }
  }

  /// Quoted where RFC 4180 asks for it.
  static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\"" + text.replacing(scalar: "\"", with: "\"\"") + "\""
  }
}
