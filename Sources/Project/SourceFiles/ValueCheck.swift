import Model

/// Checks a value that the configuration itself gives to a column: constants, defaults, the right sides of maps.
struct ValueCheck {
  let collector: FindingCollector
  let column: EntityColumn

  /// An empty text is a missing value, and always all right.
  func check(_ node: ConfigurationNode) {
    guard let text = node.text, !text.isEmpty else { return }
    switch column.kind {
    case .choice(let choices):
      require(choices.contains(text), node, text, "one of \(choices.joined(separator: ", "))", choices)
    case .integer: require(Int64(text) != nil, node, text, "a whole number", [])
    case .moment: require(Moment(iso: text) != nil, node, text, "a date such as `2024-01-31`", [])
    case .money, .millionths:
      let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
      let isNumber =
        !unsigned.isEmpty && unsigned.filter { $0 == "." }.count <= 1
        && unsigned.allSatisfy { $0 == "." || ("0"..."9").contains($0) }
      require(isNumber, node, text, "a number such as `12.50`", [])
    case .flag:
      require(["0", "1", "true", "false"].contains(text), node, text, "true or false", ["true", "false"])
    case .text:
      guard ["currency", "from", "to", "discount_currency"].contains(column.name),
        !Currency.listedCodes.contains(text)
      else {
        return
      }
      collector.reportUnknown(.currency, text, at: node.place, among: Currency.listedCodes)
    }
  }

  private func require(
    _ condition: Bool, _ node: ConfigurationNode, _ text: String, _ expected: String, _ known: [String]
  ) {
    guard !condition else { return }
    collector.report(
      .badValue, at: node.place, "`\(text)` is no value of `\(column.name)`, which takes \(expected)",
      remedy: nearest(to: text, among: known).map { "did you mean `\($0)`?" } ?? "write \(expected)")
  }
}
