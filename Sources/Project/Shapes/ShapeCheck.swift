import Model

/// Compares what is written with what may be written; every difference becomes a finding.
struct ShapeCheck {
  let collector: FindingCollector

  /// The node with nothing in place of its faulty parts, so that what reads it needs no checks of its own; nil when
  /// all of it is faulty.
  func checked(_ node: ConfigurationNode, _ shape: Shape, subject: String) -> ConfigurationNode? {
    switch shape {
    case .scalar(let kind): return checkedScalar(node, kind, subject)
    case .list(let item, let single): return checkedList(node, item, single, subject)
    case .mapping(let noun, let keys): return checkedMapping(node, noun, keys, subject)
    case .named(let kind, let value): return checkedNames(node, kind, value, subject)
    case .either(let kind, let mapping):
      if case .mapping = node.content { return checked(node, mapping, subject: subject) }
      if case .scalar = node.content { return checkedScalar(node, kind, subject) }
      reportKind(node, "\(kind.expected), or a mapping", subject)
      return nil
    case .document: return checkedDocument(node, subject)
    }
  }

  private func checkedScalar(_ node: ConfigurationNode, _ kind: ScalarKind, _ subject: String)
    -> ConfigurationNode?
  {
    guard case .scalar(let text) = node.content else {
      reportKind(node, kind.expected, subject)
      return nil
    }
    if text.contains("${"), !kind.mayBeSecret {
      collector.report(
        .misplacedSecret, at: node.place, "\(subject) takes no `${...}`: its value is printed and stored",
        remedy: "write \(kind.expected)")
      return nil
    }
    guard kind.accepts(text) else {
      if kind.finding == .literalSecret {
        reportLiteralSecret(node, text, subject, collector)
        return nil
      }
      collector.report(
        kind.finding, at: node.place, "\(subject) takes \(kind.expected), not `\(text)`",
        remedy: nearest(to: text, among: kind.known()).map { "did you mean `\($0)`?" })
      return nil
    }
    return node
  }

  private func checkedList(
    _ node: ConfigurationNode, _ item: Shape, _ single: Bool, _ subject: String
  ) -> ConfigurationNode? {
    guard case .list(let items) = node.content else {
      if single, case .scalar = node.content { return checked(node, item, subject: subject) }
      reportKind(node, "a list", subject)
      return nil
    }
    var kept = node
    let sound = items.compactMap { checked($0, item, subject: subject) }
    // A list that is empty was written so.
    if sound.isEmpty, !items.isEmpty { return nil }
    kept.content = .list(sound)
    return kept
  }

  private func checkedMapping(
    _ node: ConfigurationNode, _ noun: Noun, _ keys: [ShapeKey], _ subject: String
  ) -> ConfigurationNode? {
    guard case .mapping(let entries) = node.content else {
      reportKind(node, "a mapping", subject)
      return nil
    }
    var kept: [ConfigurationNode.Entry] = []
    // A key that is there but misspelt is not reported missing as well.
    var meant = Set(entries.map(\.key))
    var hasUnknownKeys = false
    for entry in entries {
      guard let key = keys.first(where: { $0.name == entry.key }) else {
        let known = keys.filter { $0.misplaced == nil }.map(\.name)
        collector.reportUnknown(noun, entry.key, at: entry.keyPlace, among: known)
        hasUnknownKeys = true
        if let near = nearest(to: entry.key, among: known) { meant.insert(near) }
        continue
      }
      if let reason = key.misplaced {
        collector.report(
          .misplacedKey, at: entry.keyPlace, "`\(key.name)` means nothing for \(subject): \(reason)",
          remedy: "take it out")
        continue
      }
      // A faulty value stays as nothing: its key is there, so that nobody reports it missing as well.
      var nothing = entry.value
      nothing.content = .nothing
      let value = checked(entry.value, key.shape, subject: "`\(key.name)`") ?? nothing
      kept.append(.init(key: entry.key, keyPlace: entry.keyPlace, value: value))
    }
    for key in keys where key.required != nil && !meant.contains(key.name) {
      collector.report(
        .missingKey, at: node.place, "\(subject) says no `\(key.name)`: \(lowercasedFirst(key.meaning))",
        remedy: key.required.map { "add the line `\($0)`" })
    }
    var result = node
    result.content = .mapping(kept)
    result.hasUnknownKeys = hasUnknownKeys
    return result
  }

  private func checkedNames(
    _ node: ConfigurationNode, _ kind: ScalarKind, _ shape: Shape, _ subject: String
  ) -> ConfigurationNode? {
    guard case .mapping(let entries) = node.content else {
      reportKind(node, "a mapping from \(kind.expected) to a value", subject)
      return nil
    }
    var result = node
    result.content = .mapping(
      entries.compactMap { entry in
        let key = ConfigurationNode(content: .scalar(entry.key), place: entry.keyPlace)
        let name = checkedScalar(key, kind, "the name in \(subject)")
        guard let value = checked(entry.value, shape, subject: "`\(entry.key)`"), name != nil else {
          return nil
        }
        return .init(key: entry.key, keyPlace: entry.keyPlace, value: value)
      })
    return result
  }

  func reportKind(_ node: ConfigurationNode, _ expected: String, _ subject: String) {
    if case .nothing = node.content {
      collector.report(
        .emptyKey, at: node.place, "\(subject) has no value", remedy: "write \(expected)")
    } else {
      collector.report(
        .wrongKind, at: node.place, "\(subject) is \(node.kindInWords), expected is \(expected)",
        remedy: "write \(expected)")
    }
  }
}

/// Says how to refer to a secret, without showing it.
func reportLiteralSecret(
  _ node: ConfigurationNode, _ text: String, _ subject: String, _ collector: FindingCollector
) {
  let key = subject.filter { $0 != "`" }
  let stem = (node.place.file.split(separator: "/").last ?? "").prefix { $0 != "." }
  let name = String(
    "\(stem)_\(key)".uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  collector.report(
    .literalSecret, at: node.place, "\(subject) is a secret, and stands here for everybody to read",
    remedy: """
      write `\(key): "${env:\(name)}"` and set the variable where the program runs
      or    `\(key): "${file:/run/secrets/\(name.lowercased())}"`; and change the secret, it has been seen
      """, hiding: text)
}

func lowercasedFirst(_ sentence: String) -> String {
  let body = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
  return body.prefix(1).lowercased() + body.dropFirst()
}
