import Model

extension ShapeCheck {
  /// A mapping of whatever the receiver wants, checked for what it cannot be meant to say.
  func checkedDocument(_ node: ConfigurationNode, _ subject: String) -> ConfigurationNode? {
    guard case .mapping = node.content else {
      reportKind(node, "a mapping, sent as JSON", subject)
      return nil
    }
    return isSound(node, subject) ? node : nil
  }

  private func isSound(_ node: ConfigurationNode, _ subject: String) -> Bool {
    switch node.content {
    case .nothing: return true
    case .scalar(let text):
      guard text.contains("${") else { return true }
      collector.report(
        .misplacedSecret, at: node.place, "\(subject) takes no `${...}`: it is no place for secrets",
        remedy: "say below `authentication` who asks")
      return false
    case .list(let items): return items.map { isSound($0, subject) }.allSatisfy { $0 }
    case .mapping(let entries):
      if entries.count == 1, let entry = entries.first, case .nothing = entry.value.content,
        Placeholder(rawValue: entry.key) != nil
      {
        collector.report(
          .wrongKind, at: node.place, "{\(entry.key)} without quotes is a mapping, not a text",
          remedy: "write `\"{\(entry.key)}\"`")
        return false
      }
      return entries.map { isSound($0.value, subject) }.allSatisfy { $0 }
    }
  }
}

extension ConfigurationNode {
  /// The value as a JSON document on one line: what stands in quotes is a text, `1.50`, `true` and `~` are what they look like.
  var json: String {
    switch content {
    case .nothing: "null"
    case .scalar(let text):
      !isQuoted && (["true", "false"].contains(text) || isJSONNumber(text)) ? text : JSONValue.quoted(text)
    case .list(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
    case .mapping(let entries):
      "{" + entries.map { JSONValue.quoted($0.key) + ":" + $0.value.json }.joined(separator: ",") + "}"
    }
  }
}

/// `-1.5e10`, without a zero or a plus before.
private func isJSONNumber(_ text: String) -> Bool {
  var rest = text.utf8[...]
  func digits() -> Int {
    let count = rest.prefix { (0x30...0x39).contains($0) }.count
    rest = rest.dropFirst(count)
    return count
  }
  if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
  let leadsWithZero = rest.first == UInt8(ascii: "0")
  let whole = digits()
  guard whole > 0, !leadsWithZero || whole == 1 else { return false }
  if rest.first == UInt8(ascii: ".") {
    rest = rest.dropFirst()
    guard digits() > 0 else { return false }
  }
  if let exponent = rest.first, exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") {
    rest = rest.dropFirst()
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest = rest.dropFirst()
    }
    guard digits() > 0 else { return false }
  }
  return rest.isEmpty
}
