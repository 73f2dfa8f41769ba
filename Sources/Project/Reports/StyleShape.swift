import Model

/// `style:` of a report or a company: a name, or marks of one's own.
enum StyleShape {
  static let shape = Shape.either(
    .oneOf(WritingStyle.all.map(\.name)),
    .mapping(
      noun: .key,
      [
        ShapeKey(
          "like", .scalar(.oneOf(WritingStyle.all.map(\.name))),
          "The style that holds for what is not said here.",
          standard: "en"),
        ShapeKey(
          "decimal_mark", .scalar(.oneOf(WritingStyle.decimalMarks.map(\.name))),
          "What stands before decimals.",
          standard: "that of `like`"),
        ShapeKey(
          "group_mark", .scalar(.oneOf(WritingStyle.groupMarks.map(\.name))),
          "What stands between thousands.",
          standard: "that of `like`"),
        ShapeKey(
          "date", .scalar(.oneOf(WritingStyle.dayOrders.map(\.pattern))), "The order of a day.",
          standard: "that of `like`"),
        ShapeKey(
          "currency", .scalar(.oneOf(["before", "behind"])), "Where the currency of an amount stands.",
          standard: "that of `like`"),
        ShapeKey(
          "negative", .scalar(.oneOf(WritingStyle.Negative.allCases.map(\.rawValue))),
          "How amounts below zero are shown: with a minus, or in parentheses.", standard: "minus"),
      ]))

  /// nil where nothing is said.
  static func read(_ node: ConfigurationNode?, _ collector: FindingCollector) -> WritingStyle? {
    guard let node else { return nil }
    guard node.text == nil else { return node.text.flatMap(WritingStyle.named) }
    var style = node["like"]?.text.flatMap(WritingStyle.named) ?? .english
    if let name = node["decimal_mark"]?.text {
      style.decimalMark = WritingStyle.decimalMarks.first { $0.name == name }?.mark ?? style.decimalMark
    }
    if let name = node["group_mark"]?.text {
      style.groupMark = WritingStyle.groupMarks.first { $0.name == name }?.mark ?? style.groupMark
    }
    if let pattern = node["date"]?.text {
      style.days = WritingStyle.dayOrders.first { $0.pattern == pattern }?.order ?? style.days
    }
    if let place = node["currency"]?.text { style.hasCurrencyBehind = place == "behind" }
    style.negative = node["negative"]?.text.flatMap(WritingStyle.Negative.init) ?? .minus
    if style.decimalMark == style.groupMark {
      collector.report(
        .badValue, at: (node["decimal_mark"] ?? node["group_mark"] ?? node).place,
        "decimals and thousands have the same mark, so that 1.234 could be either",
        remedy:
          "set `group_mark` to another one: \(WritingStyle.groupMarks.map(\.name).joined(separator: ", "))")
    }
    return style
  }
}
