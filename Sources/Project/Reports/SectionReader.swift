import Model

/// Reads the sections of one report, beyond what their shape says.
struct SectionReader {
  enum Item {
    case section(SectionDefinition)
    /// The sections of another report, under its title or another one.
    case report(String, title: String?, place: Place)
  }

  let collector: FindingCollector
  /// Names of `Config/segments.yml`.
  let dimensions: [String]
  let months: Int
  let rows: Int

  func read(_ node: ConfigurationNode) -> Item? {
    guard let name = node["kind"]?.text else { return nil }
    guard let kind = SectionDefinition.Kind(rawValue: name) else { return readReport(node) }
    let (keys, views) = SectionShape.keys(of: kind)
    refuse(node, all: keys, of: name)
    for required in SectionShape.required(by: kind) { require(required, node, name) }
    var section = SectionDefinition(kind, title: node["title"]?.text, place: node.place)
    section.views = self.views(node, among: views, of: name)
    section.metrics = (node["metrics"]?.items ?? []).compactMap(metric)
    refuseRepeated(section.metrics)
    section.comparisons = (node["compare"]?.texts ?? []).compactMap(SectionDefinition.Comparison.init)
    section.months = node["months"]?.whole ?? months
    section.grain = node["grain"]?.text.flatMap(Grain.init) ?? .month
    section.dimensions = (node["dimensions"]?.items ?? []).compactMap(dimension)
    section.rows = node["rows"]?.whole ?? (kind == .chart ? min(rows, SectionShape.usualDrawings) : rows)
    section.order = node["sort"]?.text.flatMap(SectionDefinition.Order.init) ?? .natural
    section.subtracted = (node["subtract"]?.items ?? []).compactMap(metric)
    section.closing = node["closing"].flatMap(metric)
    section.text = node["text"]?.text ?? ""
    section.thresholds = (node["notices"]?.items ?? []).compactMap(threshold)
    refuseUnused(node, section)
    return .section(section)
  }

  /// Tells what would make another section than the one written down: keys that nothing it shows uses, and faces without what they need.
  private func refuseUnused(_ node: ConfigurationNode, _ section: SectionDefinition) {
    let kind = section.kind
    if kind == .cohortGrid, let grain = node["grain"], ![.month, .quarter].contains(section.grain) {
      collector.report(
        .badValue, at: grain.place, "cohorts are by month or by quarter", remedy: "write `grain: quarter`")
    }
    if kind == .chart, let line = node["show"]?.items.first(where: { $0.text == "line" }),
      isMissing("metrics", node)
    {
      collector.report(
        .missingKey, at: line.place, "a chart that shows `line` needs `metrics`",
        remedy: "add the line `metrics: [mrr, customers]`")
    }
    if kind == .table, section.grain != .month, !section.dimensions.isEmpty, let grain = node.entry("grain") {
      collector.report(
        .misplacedKey, at: grain.keyPlace,
        "`grain` means nothing beside `dimensions`: a table by segment is of the reported month",
        remedy: "take out `grain`, or `dimensions` for a table by \(grain.value.text ?? "period")")
    }
    // What is misspelt or faulty was told, and may be what the key is for.
    guard !node.hasUnknownKeys else { return }
    if kind == .table, isMissing("dimensions", node) {
      for key in ["rows", "sort"] {
        guard let entry = node.entry(key) else { continue }
        collector.report(
          .misplacedKey, at: entry.keyPlace,
          "`\(key)` means nothing without `dimensions`: a table of periods has all of its `months`, in their order",
          remedy: "take it out, or add `dimensions` for a table by segment")
      }
    }
    let shown = node["show"]
    guard shown?.isEmptyList != false || !section.views.isEmpty && shown?.items.count == section.views.count
    else { return }
    for entry in node.entries {
      guard let users = SectionShape.faces(using: entry.key, kind),
        !section.faces.contains(where: users.contains)
      else { continue }
      if case .nothing = entry.value.content { continue }
      let faces = section.faces.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      let names = users.map { "`\($0.rawValue)`" }
      collector.report(
        .misplacedKey, at: entry.keyPlace,
        "`\(entry.key)` means nothing in a section of kind `\(kind.rawValue)` that shows \(faces)",
        remedy: names.count == 1
          ? "take it out, or show \(names[0]), which uses it"
          : "take it out, or show one that uses it: \(names.joined(separator: ", "))")
    }
  }

  private func readReport(_ node: ConfigurationNode) -> Item? {
    refuse(node, all: ["report"], of: SectionShape.report)
    require(("report", "report: executive_summary"), node, SectionShape.report)
    guard let report = node["report"], let name = report.text else { return nil }
    return .report(name, title: node["title"]?.text, place: report.place)
  }

  private func refuse(_ node: ConfigurationNode, all keys: [String], of kind: String) {
    for entry in node.entries where !(["kind", "title"] + keys).contains(entry.key) {
      collector.report(
        .misplacedKey, at: entry.keyPlace, "`\(entry.key)` means nothing in a section of kind `\(kind)`",
        remedy: keys.isEmpty
          ? "take it out" : "take it out; such a section takes \(keys.joined(separator: ", "))")
    }
  }

  private func require(_ required: (key: String, line: String), _ node: ConfigurationNode, _ kind: String) {
    guard isMissing(required.key, node) else { return }
    collector.report(
      .missingKey, at: node.place, "a section of kind `\(kind)` needs `\(required.key)`",
      remedy: "add the line `\(required.line)`")
  }

  private func isMissing(_ key: String, _ node: ConfigurationNode) -> Bool { node[key]?.isEmptyList ?? true }

  private func views(
    _ node: ConfigurationNode, among known: [SectionDefinition.View], of kind: String
  ) -> [SectionDefinition.View] {
    guard !known.isEmpty else { return [] }
    return (node["show"]?.items ?? []).compactMap { item in
      guard let text = item.text, let view = SectionDefinition.View(rawValue: text) else { return nil }
      if known.contains(view) { return view }
      let names = known.map(\.rawValue)
      collector.report(
        .badValue, at: item.place, "a section of kind `\(kind)` has no face `\(text)`",
        remedy: nearest(to: text, among: names).map { "did you mean `\($0)`?" }
          ?? "it has \(names.joined(separator: ", "))")
      return nil
    }
  }

  private func metric(_ node: ConfigurationNode) -> SectionDefinition.MetricName? {
    node.text.map { SectionDefinition.MetricName($0, at: node.place) }
  }

  /// Two columns of the same figures would be one mistake in print, and in a roll-forward a wrong sum.
  private func refuseRepeated(_ metrics: [SectionDefinition.MetricName]) {
    var seen: Set<String> = []
    for name in metrics where !seen.insert(name.id).inserted {
      collector.report(
        .badValue, at: name.place, "`\(name.id)` is named twice", remedy: "keep one of them")
    }
  }

  private func dimension(_ node: ConfigurationNode) -> String? {
    guard let name = node.text else { return nil }
    if !dimensions.contains(name) {
      collector.reportUnknown(.segment, name, at: node.place, among: dimensions)
    }
    return name
  }

  private func threshold(_ node: ConfigurationNode) -> SectionDefinition.Threshold? {
    guard let metric = node["metric"].flatMap(metric) else { return nil }
    let (above, below) = (
      node["above"]?.text.flatMap(boundInTrillionths), node["below"]?.text.flatMap(boundInTrillionths)
    )
    if above == nil, below == nil, node["above"] == nil, node["below"] == nil {
      collector.report(
        .missingKey, at: node.place, "a bound of `\(metric.id)` says neither `above` nor `below`",
        remedy: "add `above: 3 %`")
    }
    let isPercent = [node["above"], node["below"]].contains { $0?.text?.hasSuffix("%") == true }
    return .init(metric: metric, above: above, below: below, isPercent: isPercent)
  }
}
