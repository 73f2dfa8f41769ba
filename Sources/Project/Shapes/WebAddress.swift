import Model

/// `https://api.example.com/v2`: where an API is.
struct WebAddress {
  /// As it is written, without slashes behind.
  let text: String
  /// The host's name in small letters; a literal IPv6 address without its brackets.
  let host: String
  let isEncrypted: Bool

  /// nil for what is no `http://` or `https://` URL, has a login, a question or a fragment, or holds what no URL holds.
  init?(_ text: String) {
    guard let scheme = FilesEntry.scheme(text), ["http", "https"].contains(scheme) else { return nil }
    var rest = text.dropFirst(scheme.count + 3)
    while rest.last == "/" { rest = rest.dropLast() }
    guard !rest.isEmpty,
      !rest.unicodeScalars.contains(where: { $0.value <= 0x20 || "@?#{}$\\".unicodeScalars.contains($0) })
    else {
      return nil
    }
    let authority = rest.prefix { $0 != "/" }
    let port: Substring
    if authority.first == "[" {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<end].lowercased()
      port = authority[authority.index(after: end)...]
    } else {
      host = authority.prefix { $0 != ":" }.lowercased()
      port = authority.dropFirst(host.count)
    }
    guard !host.isEmpty, port.isEmpty || (port.first == ":" && UInt16(port.dropFirst()) != nil) else {
      return nil
    }
    isEncrypted = scheme == "https"
    self.text = scheme + "://" + rest
  }

  /// Whether what is sent there does not leave this machine.
  var isThisMachine: Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return host == "localhost" || host == "::1"
      || (parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil })
  }
}

extension ScalarKind {
  static let webAddress = ScalarKind(
    finding: .badValue,
    expected: "a URL such as `https://api.example.com`, without login, `?` and `#`",
    schema: ["type": "string", "pattern": "^https?://[^@?# ]+$"]
  ) { WebAddress($0) != nil }

  /// Below an API's base URL.
  static let webPath = ScalarKind(
    finding: .badValue,
    expected: "a path such as `/v1/subscriptions`; what stands behind `?` belongs in `parameters`",
    schema: ["type": "string", "pattern": "^/[^?# ]*$"], accepts: isWebPath)

  static let webAddressOrPath = ScalarKind(
    finding: .badValue,
    expected: "a URL such as `https://login.example.com/token`, or a path below `base_url`",
    schema: ["type": "string", "pattern": "^(https?:/)?/[^@?# ]*$"]
  ) { WebAddress($0) != nil || isWebPath($0) }

  private static func isWebPath(_ text: String) -> Bool {
    text.hasPrefix("/") && !text.hasPrefix("//")
      && !text.unicodeScalars.contains { $0.value <= 0x20 || $0 == "?" || $0 == "#" }
  }

  static let fieldPath = ScalarKind(
    finding: .badValue, expected: "a field such as `data` or `items.data`, or a JSON pointer such as `/data`",
    schema: .type("string")
  ) { FieldPath($0) != nil }
}
