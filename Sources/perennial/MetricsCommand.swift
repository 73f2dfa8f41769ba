import ArgumentParser
import Model
import Rollup

struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "List the metrics, with their formulas and definitions.",
    discussion: """
      EXAMPLE
        perennial metrics ndr_t12m
      """)

  @Argument(help: "Show only these metrics.")
  var ids: [String] = []
  @Flag(help: "One JSON object a line.")
  var json = false

  func run() throws {
    for id in ids where !metricCatalogue.contains(where: { $0.id == id }) {
      let hint = nearest(to: id, among: metricCatalogue.map(\.id)).map { "did you mean `\($0)`?" }
      throw Stop(.wrongUse, "unknown-metric", "no metric is named `\(id)`", remedy: hint)
    }
    for metric in metricCatalogue where ids.isEmpty || ids.contains(metric.id) {
      print(json ? metric.json : metric.paragraph)
    }
  }
}

extension Metric {
  fileprivate var paragraph: String {
    """
    \(id)  (\(group.rawValue), \(unit.rawValue), good: \(good.rawValue))
      \(title): \(definition)
      = \(formula)
      needs \(needs.map(\.rawValue).joined(separator: ", "))

    """
  }

  fileprivate var json: String {
    JSONLine([
      ("id", .text(id)), ("title", .text(title)), ("group", .text(group.rawValue)),
      ("unit", .text(unit.rawValue)),
      ("formula", .text(formula)), ("definition", .text(definition)),
      ("needs", .texts(needs.map(\.rawValue))), ("good", .text(good.rawValue)),
    ]).description
  }
}
