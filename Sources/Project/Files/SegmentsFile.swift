import Model

/// `Config/segments.yml`.
enum SegmentsFile {
  static let path = "Config/segments.yml"

  static let shape = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "segments", .named(.name, segment),
        "Dimensions by name: each is one of `attribute`, `band` with `bounds`, or `charge`.")
    ])

  private static let bound = ScalarKind(
    finding: .badValue, expected: "a whole number above 0", schema: ["type": "integer", "minimum": 1]
  ) { Int64($0).map { $0 > 0 } ?? false }

  private static let segment = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "attribute", .scalar(.text), "A customer's `country`, or a free attribute that a source maps."),
      ShapeKey(
        "band", .scalar(.oneOf(["employees", "arr"])),
        "Size bands: by number of employees, or by ARR in whole units of the reporting currency."),
      ShapeKey(
        "bounds", .list(.scalar(bound), single: false),
        "Where the second and each later band begins: `[10, 50]` makes `0 to 9`, `10 to 49` and `50 or more`."
      ),
      ShapeKey(
        "charge", .scalar(.oneOf(["plan", "product", "currency"])),
        "What a charge is for; one customer can have several."),
    ])

  static func read(_ node: ConfigurationNode, _ collector: FindingCollector) -> [Dimension] {
    (node["segments"]?.entries ?? []).compactMap { entry in
      rule(entry, collector).map { Dimension(name: entry.key, rule: $0) }
    }
  }

  private static func rule(_ entry: ConfigurationNode.Entry, _ collector: FindingCollector) -> Dimension.Rule?
  {
    let kinds = ["attribute", "band", "charge"].filter { entry.value[$0] != nil }
    guard kinds.count == 1 else {
      collector.report(
        kinds.isEmpty ? .missingKey : .ambiguousSegment, at: entry.keyPlace,
        kinds.isEmpty
          ? "`\(entry.key)` does not say what it is a segment of"
          : "`\(entry.key)` is said to be of \(kinds.joined(separator: " and ")) at once",
        remedy:
          "write one of `{attribute: country}`, `{band: employees, bounds: [10, 50]}` and `{charge: plan}`")
      return nil
    }
    if let bounds = entry.value.entry("bounds"), kinds != ["band"] {
      collector.report(
        .misplacedKey, at: bounds.keyPlace, "`bounds` means nothing without `band`", remedy: "take it out")
    }
    if let attribute = entry.value["attribute"]?.text { return .attribute(attribute) }
    switch entry.value["charge"]?.text {
    case "plan": return .plan
    case "product": return .product
    case "currency": return .currency
    default: return kinds == ["band"] ? band(entry, collector) : nil
    }
  }

  private static func band(_ entry: ConfigurationNode.Entry, _ collector: FindingCollector) -> Dimension.Rule?
  {
    let bounds = (entry.value["bounds"]?.texts ?? []).compactMap { Int64($0) }
    guard !bounds.isEmpty else {
      collector.report(
        .missingKey, at: entry.keyPlace, "the bands of `\(entry.key)` have no bounds",
        remedy: "add `bounds: [10, 50, 250]`: where the second and each later band begins")
      return nil
    }
    guard zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }) else {
      collector.report(
        .badValue, at: entry.value["bounds"]?.place ?? entry.keyPlace,
        "the bounds of `\(entry.key)` do not ascend", remedy: "write each bound once, the smallest first")
      return nil
    }
    return entry.value["band"]?.text == "arr" ? .arr(bounds) : .employees(bounds)
  }
}
