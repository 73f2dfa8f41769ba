import ArgumentParser
import Model
import Warehouse

struct QuarantineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quarantine", abstract: "Show the rows that could not be used, and why.",
    discussion: """
      Rows of the last run that read anything, published or not. Each keeps its raw text, so nothing is lost.

      EXAMPLE
        perennial quarantine --source billing --limit 20
      """)

  @OptionGroup var options: ProjectOptions
  @Option(help: "Only this source.") var source: String?
  @Option(help: "Only this kind of fault.") var name: String?
  @Option(help: "At most so many rows.") var limit = 100
  @Flag(help: "One JSON object a row.") var json = false

  func run() throws {
    let project = try options.load()
    try WorldFaults.told {
      let reader = try WarehouseReader(reading: project.warehousePath)
      let (entries, total) = try reader.quarantine(
        QuarantineFilter(source: source, name: name, limit: limit, byEntity: json))
      for entry in entries { print(json ? object(entry) : paragraph(entry)) }
      // A row may have several faults.
      let shown = Set(
        entries.map { entry in
          var row = entry.row
          row.place.column = nil
          return [entry.source] + row.record
        }
      ).count
      if !json { Console.write("\(shown) of \(total) rows") }
    }
  }

  private func paragraph(_ entry: QuarantineEntry) -> String {
    let isOneLine = !entry.row.raw.contains { $0.isNewline }
    return Finding(
      .warning, entry.row.name, at: entry.row.place, entry.row.reason,
      excerpt: isOneLine ? entry.row.raw : nil
    ).text()
  }

  private func object(_ entry: QuarantineEntry) -> String {
    JSONLine([
      ("run", .integer(entry.run)), ("source", .text(entry.source)), ("file", .text(entry.row.place.file)),
      ("line", entry.row.place.line.map { .integer(Int64($0)) } ?? .null),
      ("column", entry.row.place.column.map { .integer(Int64($0)) } ?? .null),
      ("byte", entry.row.place.byte.map { .integer(Int64($0)) } ?? .null),
      ("pointer", .init(entry.row.place.pointer)),
      ("name", .text(entry.row.name)),
      ("reason", .text(entry.row.reason)), ("entity", .init(entry.row.entity?.rawValue)),
      ("id", .init(entry.row.key)),
      ("raw", .text(entry.row.raw)),
    ]).description
  }
}
