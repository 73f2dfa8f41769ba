/// A secret's value; every way of printing it prints dots.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// For the one place that sends it.
  public let text: String
  public init(_ text: String) { self.text = text }
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Says where a secret is, never what it is: `${env:STRIPE_KEY}` or `${file:/run/secrets/stripe}`.
///
/// Printing it prints the reference.
public struct SecretReference: Hashable, Sendable, CustomStringConvertible {
  public enum Origin: Hashable, Sendable {
    case environment(String)
    /// An absolute path, or one relative to the project's folder.
    case file(String)
  }

  public let origin: Origin

  /// nil when the text is not of that form.
  public init?(_ text: String) {
    guard text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
    let inner = text.dropFirst(2).dropLast()
    let parts = inner.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty, !parts[1].contains("}") else { return nil }
    switch parts[0] {
    case "env": origin = .environment(String(parts[1]))
    case "file": origin = .file(String(parts[1]))
    default: return nil
    }
  }

  public var description: String {
    switch origin {
    case .environment(let name): "${env:\(name)}"
    case .file(let path): "${file:\(path)}"
    }
  }
}

/// A text with secrets in it, as it is written: `Token ${env:KEY}`.
public struct SecretText: Hashable, Sendable, CustomStringConvertible {
  public enum Piece: Hashable, Sendable {
    case text(String)
    case secret(SecretReference)
  }

  public let pieces: [Piece]

  /// nil where a `${` begins no reference.
  public init?(_ text: String) {
    var pieces: [Piece] = []
    var rest = text[...]
    while !rest.isEmpty {
      let start = Self.start(in: rest)
      if start > rest.startIndex { pieces.append(.text(String(rest[..<start]))) }
      rest = rest[start...]
      guard !rest.isEmpty else { break }
      guard let end = rest.firstIndex(of: "}"), let reference = SecretReference(String(rest[...end])) else {
        return nil
      }
      pieces.append(.secret(reference))
      rest = rest[rest.index(after: end)...]
    }
    self.pieces = pieces
  }

  public var references: [SecretReference] {
    pieces.compactMap { if case .secret(let reference) = $0 { reference } else { nil } }
  }

  public var description: String {
    pieces.map {
      switch $0 {
      case .text(let text): text
      case .secret(let reference): reference.description
      }
    }.joined()
  }

  /// The text with its secrets put in; nil where one of them cannot be had.
  public func resolved(_ secret: (SecretReference) -> Secret?) -> Secret? {
    var whole = ""
    for piece in pieces {
      switch piece {
      case .text(let text): whole += text
      case .secret(let reference):
        guard let value = secret(reference) else { return nil }
        whole += value.text
      }
    }
    return Secret(whole)
  }

  private static func start(in text: Substring) -> Substring.Index {
    var index = text.startIndex
    while index < text.endIndex, !text[index...].hasPrefix("${") { index = text.index(after: index) }
    return index
  }
}
