import Model

/// Turns `access:` and `transfer:` of a source into typed values.
struct AccessReader {
  let collector: FindingCollector

  func read(_ source: ConfigurationNode) -> SourceAccess {
    var access = SourceAccess()
    let node = source["access"]
    func secret(_ node: ConfigurationNode?) -> SecretText? { node?.text.flatMap { SecretText($0) } }
    if let basic = node?["basic"], let user = basic["user"]?.text, let password = secret(basic["password"]) {
      access.basic = .init(user: user, password: password)
    }
    access.bearer = secret(node?["bearer"])
    for entry in node?["headers"]?.entries ?? [] {
      guard let text = entry.value.text, let value = SecretText(text) else { continue }
      if value.references.isEmpty, soundsSecret(entry.key) {
        reportLiteralSecret(entry.value, text, "`\(entry.key)`", collector)
      }
      access.headers[entry.key] = value
    }
    for entry in node?["parameters"]?.entries ?? [] {
      access.parameters[entry.key] = secret(entry.value)
    }
    access.authorities = node?["authorities"]?.text
    access.proxy = node?["proxy"]?.text
    access.proxyUser = secret(node?["proxy_user"])
    access.s3 = s3(node?["s3"], secret)
    access.sftp = sftp(node?["sftp"], secret)
    access.policy = policy(source["transfer"])
    reportUnencrypted(source["files"]?.items ?? [], access)
    return access
  }

  /// This machine itself may be spoken to openly.
  private func reportUnencrypted(_ files: [ConfigurationNode], _ access: SourceAccess) {
    let web =
      [access.basic?.password, access.bearer].compactMap { $0 } + access.headers.values
      + access.parameters.values
    guard web.contains(where: { !$0.references.isEmpty }) else { return }
    for file in files {
      guard let text = file.text, FilesEntry.scheme(text) == "http" else { continue }
      let address = WebAddress(String(text.prefix { !"?#".contains($0) }))
      guard address?.isThisMachine != true else { continue }
      let host = address?.host ?? "its server"
      collector.report(
        .unencryptedSecret, at: file.place, "the source's secret is sent to \(host) without encryption",
        consequence: "anybody on the way can read it",
        remedy: "write `https://`, or take the secret out of `access`")
    }
  }

  private func s3(_ node: ConfigurationNode?, _ secret: (ConfigurationNode?) -> SecretText?)
    -> SourceAccess.S3
  {
    var s3 = SourceAccess.S3()
    if let region = node?["region"]?.text { s3.region = region }
    s3.endpoint = node?["endpoint"]?.text
    s3.hasPathStyle = node?["path_style"]?.flag ?? (s3.endpoint != nil)
    s3.accessKey = secret(node?["access_key"])
    s3.secretKey = secret(node?["secret_key"])
    s3.sessionToken = secret(node?["session_token"])
    if let node, (node.entry("access_key") == nil) != (node.entry("secret_key") == nil) {
      collector.report(
        .missingKey, at: node.place,
        "`access_key` and `secret_key` belong together, and one of them is missing",
        remedy: "write both, or neither for a public bucket")
    }
    return s3
  }

  private func sftp(
    _ node: ConfigurationNode?, _ secret: (ConfigurationNode?) -> SecretText?
  ) -> SourceAccess.SFTP {
    var sftp = SourceAccess.SFTP()
    sftp.user = node?["user"]?.text
    sftp.password = secret(node?["password"])
    sftp.key = secret(node?["key"])
    sftp.keyPassword = secret(node?["key_password"])
    sftp.knownHosts = node?["known_hosts"]?.text
    sftp.fingerprint = node?["fingerprint"]?.text
    return sftp
  }

  /// What is not said stays as it is in `standard`.
  func policy(_ node: ConfigurationNode?, over standard: TransferPolicy = TransferPolicy()) -> TransferPolicy
  {
    var policy = standard
    func set(_ key: WritableKeyPath<TransferPolicy, Int64>, _ node: ConfigurationNode?) {
      if let value = node?.text.flatMap(milliseconds) { policy[keyPath: key] = value }
    }
    set(\.connect, node?["timeouts"]?["connect"])
    set(\.stall, node?["timeouts"]?["stall"])
    set(\.total, node?["timeouts"]?["total"])
    set(\.firstWait, node?["retry"]?["wait"])
    set(\.longestWait, node?["retry"]?["longest_wait"])
    set(\.within, node?["retry"]?["within"])
    if let attempts = node?["retry"]?["attempts"]?.whole { policy.attempts = attempts }
    if let redirects = node?["redirects"]?.whole { policy.redirects = redirects }
    if let streams = node?["streams"]?.whole { policy.streams = streams }
    if let size = node?["max_size"]?.text.flatMap(byteCount) { policy.maximumSize = size }
    policy.acceptsUnknownLength = node?["unknown_length"]?.text == "accept"
    if let rate = node?["rate"]?.text.flatMap(requests) {
      policy.rate = rate.count
      policy.ratePeriod = rate.period
    }
    return policy
  }
}
