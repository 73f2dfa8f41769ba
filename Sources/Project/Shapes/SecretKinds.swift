import Model

/// Values that are secrets, or may hold one: they refer to it and never are it.
extension ScalarKind {
  static let secret = ScalarKind(
    finding: .literalSecret,
    expected: "a reference to a secret: `\"${env:NAME}\"` or `\"${file:/path}\"`", mayBeSecret: true,
    schema: ["type": "string", "pattern": #"\$\{(env|file):[^}]+\}"#],
    accepts: { SecretText($0)?.references.isEmpty == false })

  /// A file that libraries read by themselves.
  static let secretFile = ScalarKind(
    finding: .literalSecret, expected: "a reference to a file: `\"${file:/path}\"`", mayBeSecret: true,
    schema: ["type": "string", "pattern": #"^\$\{file:[^}]+\}$"#],
    accepts: { if case .file = SecretReference($0)?.origin { true } else { false } })

  /// A header's value: a text, with references where it holds secrets.
  static let headerValue = ScalarKind(
    finding: .badValue, expected: "a text, with `${env:NAME}` or `${file:/path}` for what is secret",
    mayBeSecret: true,
    schema: .type("string"),
    accepts: { text in
      !text.isEmpty && SecretText(text) != nil && !text.unicodeScalars.contains { $0.value < 0x20 }
    })

  static let headerName = ScalarKind(
    finding: .badName, expected: "the name of a header, letters, digits and `-`",
    schema: ["type": "string", "pattern": "^[A-Za-z0-9-]+$"]
  ) { name in
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || byte == 0x2D
      }
  }

  static let parameterName = ScalarKind(
    finding: .badName, expected: "the name of a URL's parameter", schema: .type("string")
  ) { !$0.isEmpty && !$0.contains { "&=?# ".contains($0) } }
}

/// Whether what has this name is a secret by all experience: `X-Api-Key`, `access_token`, `Authorization`.
func soundsSecret(_ name: String) -> Bool {
  let name = name.lowercased()
  return ["authorization", "cookie", "password", "passwd", "secret", "token", "credential", "signature"]
    .contains {
      name.contains($0)
    } || name == "key" || name == "sig" || name == "auth" || name == "pwd"
    || ["-key", "_key", "apikey", "accesskey"].contains { name.hasSuffix($0) }
}
