/// A pattern for a whole path: `*`, `?` and `[...]` within one name, `**` for any folders.
struct PathPattern {
  private let parts: [String]

  init(_ pattern: String) {
    parts = pattern.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }

  /// True when it names one path.
  var isLiteral: Bool { parts.allSatisfy { $0 != "**" && NamePattern($0).isLiteral } }

  /// The text every match begins with.
  var prefix: String {
    let whole = parts.joined(separator: "/")
    return String(whole.prefix { !"*?[".contains($0) })
  }

  func matches(_ path: String) -> Bool {
    Self.matches(
      path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)[...], parts[...])
  }

  private static func matches(_ names: ArraySlice<String>, _ parts: ArraySlice<String>) -> Bool {
    guard let part = parts.first else { return names.isEmpty }
    if part == "**" {
      if matches(names, parts.dropFirst()) && !parts.dropFirst().isEmpty { return true }
      guard let name = names.first, !name.hasPrefix(".") else { return false }
      return parts.count == 1 && names.count == 1 || matches(names.dropFirst(), parts)
    }
    guard let name = names.first else { return false }
    let isVisible = !name.hasPrefix(".") || part.hasPrefix(".")
    return isVisible && NamePattern(part).matches(name) && matches(names.dropFirst(), parts.dropFirst())
  }
}
