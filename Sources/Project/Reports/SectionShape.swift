import Model

/// What may stand in a section of a report, by the section's kind.
enum SectionShape {
  /// The kind that stands for the sections of another report.
  static let report = "report"

  static let kinds = SectionDefinition.Kind.allCases.map(\.rawValue) + [report]

  private static let threshold = Shape.mapping(
    noun: .key,
    [
      ShapeKey("metric", .scalar(.text), "The metric watched.", required: "metric: gross_mrr_churn_rate"),
      ShapeKey("above", .scalar(.bound), "A notice is raised where it is more than that."),
      ShapeKey("below", .scalar(.bound), "A notice is raised where it is less than that."),
    ])

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "kind", .scalar(.oneOf(kinds)), "What the section is; Documentation/Reports.md shows each.",
        required: "kind: figures"),
      ShapeKey(
        "title", .scalar(.anyText), "Its heading; `\"\"` is none.", standard: "what the kind calls itself"),
      ShapeKey(
        "show", .list(.scalar(.oneOf(SectionDefinition.View.allCases.map(\.rawValue))), single: true),
        "Which of its kind's faces to show, in order.", standard: "the kind's usual one"),
      ShapeKey(
        "metrics", .list(.scalar(.text), single: true),
        "Metrics by id, `perennial metrics` lists them; `headline_ndr` and `headline_gdr` are those the policy names, `own` all of `Config/metrics/`."
      ),
      ShapeKey(
        "compare",
        .list(.scalar(.oneOf(SectionDefinition.Comparison.allCases.map(\.rawValue))), single: true),
        "What the month is set against; a budget only where there is one.", standard: "nothing"),
      ShapeKey("months", .scalar(.whole(1...120)), "Periods of history.", standard: "the report's"),
      ShapeKey(
        "grain", .scalar(.oneOf(Grain.allCases.map(\.rawValue))), "How long a period is.", standard: "month"),
      ShapeKey(
        "dimensions", .list(.scalar(.text), single: true),
        "Segments to break down by: names of `Config/segments.yml`; a table without any is by period.",
        standard: "all there are, where the section needs one"),
      ShapeKey(
        "rows", .scalar(.whole(1...1000)), "Rows of lists, and segments that a chart draws.",
        standard: "the report's, of a chart at most \(usualDrawings)"),
      ShapeKey(
        "sort", .scalar(.oneOf(SectionDefinition.Order.allCases.map(\.rawValue))),
        "How the segments of a table stand, by the first metric: `natural` has bands from the lowest up and all else the largest first.",
        standard: "natural"),
      ShapeKey(
        "subtract", .list(.scalar(.text), single: true),
        "Of a roll-forward's `metrics`, of which the first is the opening: those that take from it."),
      ShapeKey("closing", .scalar(.text), "The metric a roll-forward ends at."),
      ShapeKey("text", .scalar(.text), "The words of a section of `text`."),
      ShapeKey("report", .scalar(.text), "The report whose sections stand here, under its title."),
      ShapeKey(
        "notices", .list(threshold, single: false),
        "Bounds: where the month's figure crosses one, the report says so and the run has a finding, which `when: {notice: true}` of a delivery waits for."
      ),
    ])

  /// Keys a kind takes beside `kind` and `title`, and the faces it has.
  static func keys(of kind: SectionDefinition.Kind) -> (keys: [String], views: [SectionDefinition.View]) {
    switch kind {
    case .summary:
      (
        ["show", "metrics", "dimensions"],
        [.driver, .bridge, .retention, .segments, .year, .unusual, .provisional]
      )
    case .figures: (["show", "metrics", "compare", "months", "notices"], [.table, .tiles])
    case .table: (["metrics", "months", "grain", "dimensions", "rows", "sort", "notices"], [])
    case .chart:
      (
        ["show", "metrics", "dimensions", "months", "rows"],
        [.trend, .waterfall, .retention, .line, .smallMultiples]
      )
    case .bridge: (["show", "months", "dimensions", "rows"], [.months, .customers, .rates, .segments])
    case .retention: (["show", "months", "dimensions", "rows"], [.methods, .segments])
    case .cohortGrid: (["show", "grain", "months"], [.grid, .map])
    case .customers: (["show", "rows"], [.movements, .summary, .largest, .atRisk])
    case .rollForward: (["metrics", "subtract", "closing", "months"], [])
    case .data: (["show", "rows"], [.sources, .quarantine, .rates, .months, .accounts])
    case .reconciliation: (["months", "dimensions", "rows"], [])
    case .forecast: (["show", "months"], [.fan, .table, .whatIf])
    case .churnReasons, .adjustments, .findings: ([], [])
    case .text: (["text"], [])
    }
  }

  /// The faces that use a key its kind takes; nil where whatever the section shows does.
  ///
  /// `months` of a bridge is how far its rows in the file reach, whatever its faces.
  static func faces(
    using key: String, _ kind: SectionDefinition.Kind
  ) -> [SectionDefinition.View]? {
    switch (kind, key) {
    case (.summary, "metrics"): [.unusual]
    case (.summary, "dimensions"): [.segments]
    case (.chart, "metrics"): [.line, .smallMultiples]
    case (.chart, "months"): [.trend, .retention, .line, .smallMultiples]
    case (.chart, "dimensions"), (.chart, "rows"): [.smallMultiples]
    case (.bridge, "dimensions"), (.bridge, "rows"): [.segments]
    case (.retention, "dimensions"), (.retention, "rows"): [.segments]
    case (.retention, "months"): [.methods]
    case (.customers, "rows"): [.movements, .largest, .atRisk]
    case (.data, "rows"): [.quarantine]
    case (.forecast, "months"): [.fan]
    default: nil
    }
  }

  /// Drawings of segments that a chart has where its section does not say how many.
  static let usualDrawings = 8

  /// Keys without which a kind shows nothing, with a line to paste.
  static func required(by kind: SectionDefinition.Kind) -> [(key: String, line: String)] {
    switch kind {
    case .figures, .table: [("metrics", "metrics: [mrr, customers]")]
    case .rollForward:
      [
        ("metrics", "metrics: [deferred_revenue_opening, billings, recognized_revenue]"),
        ("closing", "closing: deferred_revenue"),
      ]
    case .text: [("text", "text: What you have to say.")]
    default: []
    }
  }
}

extension ScalarKind {
  /// `3 %`, `1.5`, `250000`, up to twelve decimals.
  fileprivate static let bound = ScalarKind(
    finding: .badValue, expected: "a number such as `250000`, or a percentage such as `3 %`",
    schema: ["type": ["string", "number"]]
  ) { boundInTrillionths($0) != nil }
}

/// `3 %` is 30_000_000_000, `2.5` 2_500_000_000_000; nil for what is no such number.
func boundInTrillionths(_ text: String) -> Int128? {
  let isPercent = text.hasSuffix("%")
  var digits = text.filter { $0 != " " && $0 != "%" && $0 != "_" }[...]
  let isNegative = digits.hasPrefix("-")
  if isNegative { digits = digits.dropFirst() }
  let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
  guard (1...2).contains(parts.count), (1...15).contains(parts[0].count),
    parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
    let whole = Int128(parts[0])
  else { return nil }
  var number = whole * 1_000_000_000_000
  if parts.count == 2 {
    guard (1...10).contains(parts[1].count) else { return nil }
    let padded = parts[1] + String(repeating: "0", count: 12 - parts[1].count)
    guard let decimals = Int128(padded) else { return nil }
    number += decimals
  }
  return (isNegative ? -1 : 1) * (isPercent ? number / 100 : number)
}
