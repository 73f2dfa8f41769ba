import Model

/// `Config/metrics/NAME.yml`.
enum MetricFile {
  static let folder = "Config/metrics"

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey("title", .scalar(.text), "Its title in reports.", required: "title: Net new ARR"),
      ShapeKey(
        "unit", .scalar(.oneOf(Metric.Unit.allCases.map(\.rawValue))), "What it is counted in.",
        required: "unit: money"),
      ShapeKey(
        "definition", .scalar(.text), "What it means, in one sentence: the footnote of reports.",
        required: "definition: Twelve times the net new MRR."),
      ShapeKey(
        "good", .scalar(.oneOf(Metric.Direction.allCases.map(\.rawValue))), "Which way is good.",
        standard: "neither"),
      ShapeKey(
        "expression", .scalar(.text),
        "Arithmetic (`+ - * / ( )`) over metrics of the catalogue and numbers, in every period, segment and valuation that has them: `12 * mrr_net_new`; `mrr[-12]` is that of twelve periods before."
      ),
      ShapeKey(
        "query", .scalar(.text),
        "Instead of an expression: one reading SQL statement over the public views, whose columns are month (`2024-01`), segment and value; money in integer millionths."
      ),
      ShapeKey(
        "dimension", .scalar(.text), "Of a query: the dimension its segments are of.",
        standard: "the whole; the segment is `all`"),
    ])

  static func read(
    _ node: ConfigurationNode, name: String, dimensions: [Dimension], _ collector: FindingCollector
  ) -> OwnMetric? {
    guard isName(name) else {
      collector.report(
        .badName, at: node.place, "`\(name)` cannot be the name of a metric",
        remedy: "name the file with small letters, digits and `_`, beginning with a letter")
      return nil
    }
    guard let source = source(node, name, dimensions, collector), let title = node["title"]?.text,
      let unit = node["unit"]?.text.flatMap(Metric.Unit.init), let definition = node["definition"]?.text
    else { return nil }
    let formula = node["expression"]?.text ?? "a query of \(folder)/\(name).yml"
    return OwnMetric(
      metric: Metric(
        id: name, title: title, group: .own, unit: unit, formula: formula, definition: definition, needs: [],
        good: node["good"]?.text.flatMap(Metric.Direction.init) ?? .neither), source: source)
  }

  private static func isName(_ name: String) -> Bool {
    name.first.map { ("a"..."z").contains($0) } ?? false
      && name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
      }
  }

  private static func source(
    _ node: ConfigurationNode, _ name: String, _ dimensions: [Dimension], _ collector: FindingCollector
  ) -> OwnMetric.Source? {
    switch (node["expression"], node["query"]) {
    case (let written?, nil):
      if let entry = node.entry("dimension") {
        collector.report(
          .misplacedKey, at: entry.keyPlace, "`dimension` means nothing beside `expression`",
          remedy: "take it out: an expression has the segments of its metrics")
      }
      return expression(written, collector).map { .expression($0, place: written.place) }
    case (nil, let query?):
      let known = dimensions.map(\.name)
      if let dimension = node["dimension"], let text = dimension.text, !known.contains(text) {
        collector.reportUnknown(.segment, text, at: dimension.place, among: known)
      }
      return query.text.map { .query($0, dimension: node["dimension"]?.text, place: query.place) }
    case (nil, nil):
      collector.report(
        .missingKey, at: node.place, "`\(name)` does not say how it is computed",
        remedy: "add a line such as `expression: 12 * mrr_net_new`")
    case (.some, let query?):
      collector.report(
        .misplacedKey, at: query.place, "`\(name)` has an expression and a query", remedy: "keep one of them")
    }
    return nil
  }

  private static func expression(
    _ node: ConfigurationNode, _ collector: FindingCollector
  ) -> MetricExpression? {
    guard let text = node.text else { return nil }
    do throws(MetricExpression.Fault) {
      let expression = try MetricExpression(text)
      if !expression.metrics.isEmpty { return expression }
      collector.report(
        .badExpression, at: node.place, "`\(text)` names no metric", remedy: "`perennial metrics` lists them")
    } catch {
      collector.report(
        .badExpression, at: node.place, "\(error.problem), at character \(error.offset + 1) of `\(text)`",
        remedy: "write metrics, numbers, `+ - * /` and parentheses: `(mrr - mrr[-12]) / mrr[-12]`")
    }
    return nil
  }
}
