import Model

/// An entry of `files`: a path below the project, or a URL.
enum FilesEntry {
  static let kind = ScalarKind(
    finding: .badPath,
    expected:
      "a relative path without `..`, or a URL that begins with `https://`, `http://`, `s3://` or `sftp://`",
    schema: .type("string"), accepts: isAccepted)

  static func isRemote(_ text: String) -> Bool { text.contains("://") }

  private static func isAccepted(_ text: String) -> Bool {
    guard isRemote(text) else { return ScalarKind.innerPath.accepts(text) }
    guard let scheme = scheme(text), ["http", "https", "s3", "sftp"].contains(scheme) else { return false }
    let rest = text.dropFirst(scheme.count + 3)
    let host = rest.prefix { $0 != "/" && $0 != "?" }
    let hasPath = rest.count > host.count + 1
    return !host.isEmpty && !text.contains(" ") && (hasPath || scheme.hasPrefix("http"))
      && !text.unicodeScalars.contains { $0.value < 0x20 }
  }

  static func scheme(_ text: String) -> String? {
    text.firstRange(of: "://").map { text[..<$0.lowerBound].lowercased() }
  }

  /// Reports what a URL must not hold, and what its server cannot do; true when there is nothing to report.
  static func check(_ node: ConfigurationNode, _ collector: FindingCollector) -> Bool {
    guard let text = node.text, isRemote(text), let scheme = scheme(text) else { return true }
    let rest = text.dropFirst(scheme.count + 3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    if let at = authority.lastIndex(of: "@"), scheme != "sftp" || authority[..<at].contains(":") {
      let login = String(authority[..<at])
      collector.report(
        .literalSecret, at: node.place, "the URL holds a login, and stands here for everybody to read",
        remedy: scheme == "sftp"
          ? "write `access: {sftp: {user: NAME, password: \"${env:NAME}\"}}` beside `files`"
          : "write `access: {basic: {user: NAME, password: \"${env:NAME}\"}}` beside `files`",
        // What else is secret in it must not be shown beside.
        hiding: secretParameter(of: text) == nil ? login : String(rest))
      return false
    }
    guard scheme.hasPrefix("http") else {
      if scheme == "sftp", text.contains("**") {
        collector.report(
          .badPath, at: node.place, "`**` is not searched for on SFTP servers",
          remedy: "name the folders: `*/*.csv`")
        return false
      }
      return true
    }
    if let parameter = secretParameter(of: text) {
      collector.report(
        .literalSecret, at: node.place,
        "the URL's parameter `\(parameter.name)` is a secret, and stands here for everybody to read",
        remedy:
          "take it out, and write `access: {parameters: {\(parameter.name): \"${env:NAME}\"}}` beside `files`",
        hiding: parameter.value)
      return false
    }
    let path = text.prefix { $0 != "?" }
    if path.contains("*") || DatedFileName(String(path)) != nil {
      collector.report(
        .badPath, at: node.place, "a web server has no list of its files to find `\(path)` in",
        remedy: "name each file; `s3://` and `sftp://` can be searched")
      return false
    }
    return true
  }

  /// The first parameter of a URL whose name says that its value is a secret, with all that stands behind it.
  private static func secretParameter(of text: String) -> (name: String, value: String)? {
    guard let mark = text.firstIndex(of: "?") else { return nil }
    var rest = text[text.index(after: mark)...]
    while let sign = rest.firstIndex(of: "=") {
      let name = String(rest[..<sign])
      let value = rest[rest.index(after: sign)...]
      if soundsSecret(name), !value.isEmpty { return (name, String(value)) }
      guard let next = value.firstIndex(of: "&") else { return nil }
      rest = value[value.index(after: next)...]
    }
    return nil
  }
}
