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
        "band", .scalar(.oneOf(["employees", "arr", "usage"])),
        "Bands by number of employees, by ARR in whole units of the reporting currency, or by how often the product was used in the month (the `count` of usage events added up); before the first use that any source tells of, nobody is in one."
      ),
      ShapeKey(
        "bounds", .list(.scalar(bound), single: false),
        "Where the second and each later band begins: `[10, 50]` makes `0 to 9`, `10 to 49` and `50 or more`; by ARR or use, and beside `attribute`, whose values are then numbers, `<10`, `10 to 50` and `>=50`."
      ),
      ShapeKey(
        "charge", .scalar(.oneOf(["plan", "product", "currency"])),
        "What a charge is for; one customer can have several."),
      ShapeKey(
        "groups", .named(.text, .list(.scalar(.text), single: true)),
        "Values that are one segment, by its name: `{EMEA: [DE, FR], Americas: [US, CA]}`; of `attribute`, `plan` and `product`."
      ),
      ShapeKey(
        "others", .scalar(.text), "The segment of all values in no group.",
        standard: "each a segment of its own"),
      ShapeKey(
        "value", .scalar(.oneOf(Dimension.Touch.allCases.map(\.rawValue))),
        "Which of a customer's values counts: `current`, that of each month's end, or `first`, the first one known, for good.",
        standard: "current"),
    ])

  static func read(_ node: ConfigurationNode, _ collector: FindingCollector) -> [Dimension] {
    (node["segments"]?.entries ?? []).compactMap { entry in
      guard let rule = rule(entry, collector) else { return nil }
      var dimension = Dimension(name: entry.key, rule: rule)
      addGroups(entry.value, to: &dimension, collector)
      dimension.touch = touch(entry.value, rule, collector)
      return dimension
    }
  }

  private static func addGroups(
    _ node: ConfigurationNode, to dimension: inout Dimension, _ collector: FindingCollector
  ) {
    let canGroup =
      switch dimension.rule {
      case .attribute, .plan, .product: true
      case .bands, .employees, .arr, .usage, .currency: false
      }
    for key in ["groups", "others"] {
      guard let entry = node.entry(key), !canGroup || node["groups"] == nil else { continue }
      collector.report(
        .misplacedKey, at: entry.keyPlace,
        canGroup
          ? "`others` means nothing without `groups`" : "`\(key)` means nothing in `\(dimension.name)`",
        remedy: canGroup
          ? "say which values belong together in `groups`" : "group an attribute, a plan or a product")
    }
    guard canGroup, let groups = node["groups"] else { return }
    var known: [String: String] = [:]
    for group in groups.entries {
      for value in group.value.texts {
        if let other = known.updateValue(group.key, forKey: value) {
          collector.report(
            .badValue, at: group.value.place, "`\(value)` is in the groups `\(other)` and `\(group.key)`",
            remedy: "keep it in one of them")
        }
      }
      dimension.groups.append(Dimension.Group(label: group.key, values: group.value.texts))
    }
    dimension.others = node["others"]?.text
  }

  private static func touch(
    _ node: ConfigurationNode, _ rule: Dimension.Rule, _ collector: FindingCollector
  ) -> Dimension.Touch {
    guard let entry = node.entry("value"), entry.value.text == Dimension.Touch.first.rawValue else {
      return .current
    }
    guard !Dimension(name: "", rule: rule).isOfCharges else {
      collector.report(
        .misplacedKey, at: entry.keyPlace,
        "`value` means nothing for what charges are for: each has one of its own",
        remedy: "take it out")
      return .current
    }
    return .first
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
    if let bounds = entry.value.entry("bounds"), kinds == ["charge"] {
      collector.report(
        .misplacedKey, at: bounds.keyPlace, "`bounds` means nothing without `band` or `attribute`",
        remedy: "take it out")
    }
    if let attribute = entry.value["attribute"]?.text {
      guard entry.value["bounds"] != nil else { return .attribute(attribute) }
      return bounds(entry, collector).map { .bands(attribute, $0) }
    }
    switch entry.value["charge"]?.text {
    case "plan": return .plan
    case "product": return .product
    case "currency": return .currency
    default: return kinds == ["band"] ? band(entry, collector) : nil
    }
  }

  private static func band(_ entry: ConfigurationNode.Entry, _ collector: FindingCollector) -> Dimension.Rule?
  {
    bounds(entry, collector).flatMap { bounds in
      switch entry.value["band"]?.text {
      case "arr": .arr(bounds)
      case "usage": .usage(bounds)
      default: .employees(bounds)
      }
    }
  }

  private static func bounds(_ entry: ConfigurationNode.Entry, _ collector: FindingCollector) -> [Int64]? {
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
    return bounds
  }
}
