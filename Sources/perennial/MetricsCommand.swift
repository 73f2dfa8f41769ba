import ArgumentParser
import Glibc
import Model
import Project
import Rollup

struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "List the metrics, with their formulas and definitions.",
    discussion: """
      EXAMPLE
        perennial metrics ndr_t12m
      """)

  @Option(help: ArgumentHelp("A project, whose own metrics are listed, too.", valueName: "dir"))
  var project = "."
  @Argument(help: "Show only these metrics.")
  var ids: [String] = []
  @Flag(help: "One JSON object a line.")
  var json = false

  func run() throws {
    let isProject = access(project + "/Config/company.yml", F_OK) == 0
    let own = isProject ? loadProject(at: project).project?.ownMetrics ?? [] : []
    let metrics = catalogue(with: own)
    for id in ids where !metrics.contains(where: { $0.id == id }) {
      let hint = nearest(to: id, among: metrics.map(\.id)).map { "did you mean `\($0)`?" }
      throw Stop(.wrongUse, "unknown-metric", "no metric is named `\(id)`", remedy: hint)
    }
    for metric in metrics where ids.isEmpty || ids.contains(metric.id) {
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
      needs \(needs.map(\.rawValue).joined(separator: ", "))\(policy.isEmpty ? "" : "\n  policy: \(policy.joined(separator: ", "))")

    """
  }

  /// The answers of a policy it depends on; none are known of a project's own metric.
  private var policy: [String] { (policyKeys(deciding: id) ?? []).map(\.rawValue) }

  fileprivate var json: String {
    JSONLine([
      ("id", .text(id)), ("title", .text(title)), ("group", .text(group.rawValue)),
      ("unit", .text(unit.rawValue)),
      ("formula", .text(formula)), ("definition", .text(definition)),
      ("needs", .texts(needs.map(\.rawValue))), ("good", .text(good.rawValue)), ("policy", .texts(policy)),
    ]).description
  }
}
