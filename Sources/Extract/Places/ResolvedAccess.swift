import Model

/// A source's access with its secrets resolved and its paths located.
struct ResolvedAccess {
  var connection = Connection()
  var web = Credentials()
  var s3 = Credentials()
  var sftp = Credentials()
  var findings: [Finding] = []

  /// - Parameters:
  ///   - folder: The project's folder, which paths are relative to.
  ///   - home: The folder that `~` stands for.
  ///   - place: Where the source is declared, for the findings.
  init(
    _ access: SourceAccess, in folder: String, home: String?, at place: Place,
    _ secret: (SecretReference) -> Secret?
  ) {
    findings = Self.missing(access.references, at: place, secret)
    guard findings.isEmpty else { return }
    func value(_ text: SecretText?) -> Secret? { text?.resolved(secret) }
    func located(_ path: String) -> String {
      if path.hasPrefix("~/"), let home { return home + path.dropFirst() }
      return path.hasPrefix("/") ? path : folder + "/" + path
    }
    connection.authorities = access.authorities.map(located)
    connection.proxy = access.proxy
    connection.proxyUser = value(access.proxyUser)
    connection.knownHosts = located(access.sftp.knownHosts ?? "~/.ssh/known_hosts")
    connection.fingerprint = access.sftp.fingerprint.map {
      String($0.hasPrefix("SHA256:") ? $0.dropFirst(7) : $0[...])
    }
    if let basic = access.basic, let password = value(basic.password) {
      web.addBasic(user: basic.user, password: password)
    }
    if let token = value(access.bearer) { web.addBearer(token) }
    for (name, text) in access.headers.sorted(by: { $0.key < $1.key }) {
      if let header = value(text) { web.add(name, header) }
      for reference in text.references { if let part = secret(reference) { web.hide(part.text) } }
    }
    for (name, text) in access.parameters.sorted(by: { $0.key < $1.key }) {
      if let parameter = value(text) { web.add(parameter: name, parameter) }
    }
    for header in web.headers where header.value.text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      findings.append(
        Finding(
          .error, .sourceNotFetchable, at: place,
          "what `\(header.name)` is to be sent with has a line break in it",
          consequence: "nothing of this source is read, and nothing is published",
          remedy: "put the secret alone on one line"))
    }
    resolveS3(access.s3, value)
    resolveSFTP(access.sftp, value, located)
    for reference in access.references {
      guard let text = secret(reference)?.text else { continue }
      web.hide(text)
      s3.hide(text)
      sftp.hide(text)
    }
  }

  /// A finding for each secret that is not there.
  static func missing(
    _ references: [SecretReference], at place: Place, _ secret: (SecretReference) -> Secret?
  ) -> [Finding] {
    Set(references).sorted { $0.description < $1.description }.filter { secret($0) == nil }.map { reference in
      let (problem, remedy) =
        switch reference.origin {
        case .environment(let name):
          ("is not there", "set the variable `\(name)` where the program runs; cron has few of its own")
        case .file(let path):
          (
            "is not there, or its file is empty",
            "write the file `\(path)`, readable for the account that runs this"
          )
        }
      return Finding(
        .error, .secretMissing, at: place, "the secret `\(reference)` \(problem)",
        consequence: "nothing of this source is read, and nothing is published", remedy: remedy)
    }
  }

  private mutating func resolveS3(_ access: SourceAccess.S3, _ value: (SecretText?) -> Secret?) {
    guard let key = value(access.accessKey), let secret = value(access.secretKey) else { return }
    s3.keys = Credentials.Keys(
      access: key.text, secret: secret, token: value(access.sessionToken), region: access.region)
  }

  private mutating func resolveSFTP(
    _ access: SourceAccess.SFTP, _ value: (SecretText?) -> Secret?, _ located: (String) -> String
  ) {
    var keyFile: String?
    // The key stays in its file: libssh2 reads it from there.
    if case .file(let path) = access.key?.references.first?.origin { keyFile = located(path) }
    sftp.login = Credentials.Login(
      user: access.user ?? "", password: value(access.password), keyFile: keyFile,
      keyPassword: value(access.keyPassword))
  }
}
