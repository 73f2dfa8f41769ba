import Model

/// Values of `Config/delivery.yml`.
extension ScalarKind {
  static let mailAddress = ScalarKind(
    finding: .badValue,
    expected: "a mail address such as `Ada Larch <ada@example.com>`, the address itself in ASCII",
    schema: ["type": "string", "pattern": #"^[^\u0000-\u001f]*[^@<> ]+@[^@<> ]+>?$"#]
  ) { MailAddress($0) != nil }

  static let hostName = ScalarKind(
    finding: .badValue, expected: "the name or address of a host, such as `smtp.example.com`",
    schema: ["type": "string", "pattern": "^[A-Za-z0-9.:-]+$"]
  ) { name in
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || byte == 0x2D || byte == 0x2E
      }
  }

  static let gaugeFile = ScalarKind(
    finding: .badPath, expected: "a path that ends in `.prom`, as the collector wants it",
    schema: ["type": "string", "pattern": #"\.prom$"#]
  ) { $0.hasSuffix(".prom") && !$0.hasSuffix("/.prom") && $0 != ".prom" }

  /// A URL that may be a secret, or have one in it.
  static let secretAddress = ScalarKind(
    finding: .badValue,
    expected: "a URL, `https://example.com/hook`, with `${env:NAME}` or `${file:/path}` for what is secret",
    mayBeSecret: true, schema: ["type": "string", "pattern": #"^(https?://|\$\{)"#]
  ) { text in
    guard let secret = SecretText(text), !text.unicodeScalars.contains(where: { $0.value <= 0x20 }) else {
      return false
    }
    if case .secret = secret.pieces.first { return true }
    return ["http", "https"].contains(FilesEntry.scheme(text) ?? "")
  }
}
