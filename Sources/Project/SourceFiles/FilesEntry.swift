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
        hiding: login)
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
    for pair in text.split(separator: "?", maxSplits: 1).dropFirst().joined().split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      if parts.count == 2, soundsSecret(String(parts[0])) {
        collector.report(
          .literalSecret, at: node.place,
          "the URL's parameter `\(parts[0])` is a secret, and stands here for everybody to read",
          remedy:
            "take it out, and write `access: {parameters: {\(parts[0]): \"${env:NAME}\"}}` beside `files`",
          hiding: String(parts[1]))
        return false
      }
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
}
