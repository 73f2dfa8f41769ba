/// A piece of a mapping's template, `{Account ID}-{Month}`.
public enum TemplateText: Equatable, Sendable {
  case literal(String)
  case column(String)

  /// nil when a brace has no partner, a name is empty, or no column is named.
  public static func pieces(of text: String) -> [TemplateText]? {
    var pieces: [TemplateText] = []
    var rest = text[...]
    while !rest.isEmpty {
      let literal = rest.prefix { $0 != "{" && $0 != "}" }
      if !literal.isEmpty { pieces.append(.literal(String(literal))) }
      rest = rest.dropFirst(literal.count)
      guard let brace = rest.first else { break }
      guard brace == "{", let end = rest.firstIndex(of: "}") else { return nil }
      let name = rest[rest.index(after: rest.startIndex)..<end]
      guard !name.isEmpty, !name.contains("{") else { return nil }
      pieces.append(.column(String(name)))
      rest = rest[rest.index(after: end)...]
    }
    let namesColumn = pieces.contains { if case .column = $0 { true } else { false } }
    return namesColumn ? pieces : nil
  }
}
