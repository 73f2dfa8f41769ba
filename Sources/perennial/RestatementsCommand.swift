import ArgumentParser
import Model
import Render
import Warehouse

struct RestatementsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restatements",
    abstract: "Show what the facts would make of closed months now, and why.",
    discussion: """
      Closed months stay published as closed. Prints CSV: a figure a line with its value as closed and now; with --customers a customer's MRR \
      at a month's end a line, with the rows that changed since the close. Money is in units of the currency.

      EXAMPLE
        perennial restatements
        perennial restatements --month 2024-03 --customers
      """)

  @Option(help: "Only periods that end with this month, as in 2024-03.") var month: Month?
  @Option(help: "Only this metric.") var metric: String?
  @Flag(help: "Single customers' MRR instead of figures.") var customers = false
  @Flag(help: "One JSON object a line.") var json = false
  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.load()
    try WorldFaults.told {
      let reader = try WarehouseReader(reading: project.warehousePath)
      let closings = try reader.closings()
      guard let through = try reader.closedThrough() else {
        Console.write("no month is closed")
        return
      }
      Console.write("closed to \(through): \(closings.count) entries on record")
      if let month, month > through {
        throw Stop(.wrongUse, "month-not-closed", "\(month) is not closed: the months to \(through) are")
      }
      let units = Dictionary(try reader.metrics().map { ($0.id, $0.unit) }, uniquingKeysWith: { $1 })
      if let metric, units[metric] == nil {
        let hint = nearest(to: metric, among: Array(units.keys)).map { "did you mean `\($0)`?" }
        throw Stop(.wrongUse, "unknown-metric", "there is no metric `\(metric)`", remedy: hint)
      }
      if !json {
        print(
          "period,metric,dimension,segment,currency,valuation,\(customers ? "customer," : "")as_closed,now,delta,cause\(customers ? ",rows" : ""),run"
        )
      }
      var count = 0
      try reader.restatements(month: month, metric: metric, ofCustomers: customers) { restatement in
        count += 1
        let isMoney = units[restatement.metric] == .money
        print(json ? object(restatement, isMoney) : line(restatement, isMoney))
      }
      Console.write(count == 0 ? "nothing is restated" : "\(count) restated")
    }
  }

  private func line(_ restatement: Restatement, _ isMoney: Bool) -> String {
    var cells = [
      restatement.period, restatement.metric, restatement.segment.dimension, restatement.segment.segment,
      restatement.currency, restatement.valuation,
    ]
    if customers { cells.append(restatement.customer ?? "") }
    cells += [restatement.asClosed, restatement.now, restatement.delta].map { text($0, isMoney) }
    cells.append(restatement.cause)
    if customers { cells.append(restatement.rows.joined(separator: " ")) }
    cells.append(String(restatement.run))
    return cells.map(QueryCommand.field).joined(separator: ",")
  }

  private func object(_ restatement: Restatement, _ isMoney: Bool) -> String {
    JSONLine([
      ("period", .text(restatement.period)), ("metric", .text(restatement.metric)),
      ("dimension", .text(restatement.segment.dimension)), ("segment", .text(restatement.segment.segment)),
      ("currency", .text(restatement.currency)), ("valuation", .text(restatement.valuation)),
      ("customer", .init(restatement.customer)), ("as_closed", .text(text(restatement.asClosed, isMoney))),
      ("now", .text(text(restatement.now, isMoney))), ("delta", .text(text(restatement.delta, isMoney))),
      ("cause", .text(restatement.cause)), ("rows", .text(restatement.rows.joined(separator: "\n"))),
      ("run", .integer(restatement.run)),
    ]).description
  }

  private func text(_ value: QueryValue, _ isMoney: Bool) -> String {
    switch value {
    case .integer(let number) where isMoney:
      exactDecimalText(Int128(number), scale: 6, leastDigits: 2)
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .null, .blob: ""
    }
  }
}
