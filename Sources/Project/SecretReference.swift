import Glibc

/// Says where a secret is, never what it is: `${env:STRIPE_KEY}` or `${file:/run/secrets/stripe}`.
///
/// Printing it prints the reference. Its value is read when it is asked for, and by nothing else.
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
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
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

  /// The secret, without the line break files end with; nil when the variable or file is missing or empty.
  public func resolve(projectFolder: String) -> Secret? {
    switch origin {
    case .environment(let name):
      return getenv(name).map { Secret(String(cString: $0)) }.flatMap { $0.text.isEmpty ? nil : $0 }
    case .file(let path):
      let full = path.hasPrefix("/") ? path : projectFolder + "/" + path
      guard var bytes = bytes(ofFile: full) else { return nil }
      while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
      return bytes.isEmpty ? nil : Secret(String(decoding: bytes, as: UTF8.self))
    }
  }
}

/// A secret's value; every way of printing it prints dots.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// For the one place that sends it.
  public let text: String
  init(_ text: String) { self.text = text }
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
