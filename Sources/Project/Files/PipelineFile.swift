import Model

/// `Pipelines/NAME.yml`.
enum PipelineFile {
  static let folder = "Pipelines"

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "sources", .list(.scalar(.text), single: true), "Names of the sources to read.", standard: "all"),
      ShapeKey(
        "reports", .list(.scalar(.text), single: true), "Names of the reports to write.", standard: "all"),
      ShapeKey(
        "deliver",
        .mapping(
          noun: .key,
          [
            ShapeKey(
              "folder", .scalar(.innerPath), "A folder below the company's output folder.",
              standard: "reports"),
            ShapeKey(
              "dated", .scalar(.flag),
              "Whether each day's reports get a folder of their own, `2024-02-29`, beside `latest`, which points to the last.",
              standard: "false"),
            ShapeKey(
              "ping", .scalar(.secretAddress),
              "A URL that is asked for when a run begins (`/start` behind it), publishes, or fails (`/fail`), as healthcheck services want it."
            ),
            ShapeKey(
              "metrics_file", .scalar(.gaugeFile),
              "A file for Prometheus, in the folder that node_exporter's textfile collector reads: `/var/lib/prometheus/node-exporter/perennial.prom`."
            ),
            ShapeKey(
              "rules", .list(.scalar(.text), single: true), "Names of rules of `Config/delivery.yml`.",
              standard: "all"),
          ]), "Where the reports go."),
    ])

  /// Names are checked against what the project has.
  static func read(
    _ node: ConfigurationNode, name: String, sources: [String], reports: [String],
    rules: [String], _ collector: FindingCollector
  ) -> ProjectConfiguration.Pipeline {
    func names(_ written: ConfigurationNode?, _ noun: Noun, _ known: [String]) -> [String] {
      guard let written else { return known }
      for item in written.items {
        guard let name = item.text, !known.contains(name) else { continue }
        collector.reportUnknown(noun, name, at: item.place, among: known)
      }
      return written.texts
    }
    return ProjectConfiguration.Pipeline(
      name: name, sources: names(node["sources"], .source, sources),
      reports: names(node["reports"], .report, reports),
      folder: node["deliver"]?["folder"]?.text ?? "reports",
      isDated: node["deliver"]?["dated"]?.flag ?? false,
      ping: node["deliver"]?["ping"]?.text.flatMap { SecretText($0) },
      metricsFile: node["deliver"]?["metrics_file"]?.text,
      rules: names(node["deliver"]?["rules"], .rule, rules), place: node.place)
  }
}
