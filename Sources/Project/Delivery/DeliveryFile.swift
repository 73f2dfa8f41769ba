import Model

/// `Config/delivery.yml`.
struct DeliveryFile {
  static let path = "Config/delivery.yml"

  let collector: FindingCollector
  /// Names of the project's reports.
  let reports: [String]

  func read(_ node: ConfigurationNode) -> DeliverySettings {
    var settings = DeliverySettings()
    settings.mail = node["mail"].flatMap(mail)
    settings.operators = node["operator"]?.texts.compactMap { MailAddress($0) } ?? []
    if let age = node["stale_after"]?.text.flatMap(milliseconds) { settings.staleAfter = age }
    for entry in node["rules"]?.entries ?? [] {
      if let rule = rule(entry) { settings.rules.append(rule) }
    }
    settings.rules.sort { $0.name < $1.name }
    let mailed = (node["rules"]?.entries ?? []).compactMap { $0.value.entry("to") } + [node.entry("operator")]
    for entry in mailed.compactMap({ $0 }) where node["mail"] == nil {
      collector.report(
        .missingKey, at: entry.keyPlace, "`\(entry.key)` wants mail to be sent, and no `mail` says how",
        remedy: "add `mail: {from: reports@example.com, relays: [{host: smtp.example.com}]}`")
    }
    return settings
  }

  // MARK: Mail

  private func mail(_ node: ConfigurationNode) -> MailSettings? {
    guard let from = node["from"]?.text.flatMap({ MailAddress($0) }) else { return nil }
    var retry = DeliveryRetry()
    if let attempts = node["retry"]?["attempts"]?.whole { retry.attempts = attempts }
    if let wait = node["retry"]?["wait"]?.text.flatMap(milliseconds) { retry.wait = wait }
    if let wait = node["retry"]?["longest_wait"]?.text.flatMap(milliseconds) { retry.longestWait = wait }
    let relays = (node["relays"]?.items ?? []).compactMap(relay)
    if let list = node["relays"], list.isEmptyList {
      collector.report(
        .emptyKey, at: list.place, "`relays` names no server", remedy: "write `- host: smtp.example.com`")
    }
    return MailSettings(
      from: from, replyTo: node["reply_to"]?.text.flatMap { MailAddress($0) }, relays: relays, retry: retry)
  }

  private func relay(_ node: ConfigurationNode) -> Relay? {
    guard let host = node["host"]?.text else { return nil }
    let encryption = node["encryption"]?.text.flatMap(Relay.Encryption.init) ?? .starttls
    var relay = Relay(
      host: host, port: node["port"]?.whole, encryption: encryption,
      user: node["user"]?.text.flatMap { SecretText($0) },
      password: node["password"]?.text.flatMap { SecretText($0) }, authorities: node["authorities"]?.text)
    if let time = node["timeouts"]?["connect"]?.text.flatMap(milliseconds) { relay.connect = time }
    if let time = node["timeouts"]?["total"]?.text.flatMap(milliseconds) { relay.total = time }
    if (node.entry("user") == nil) != (node.entry("password") == nil) {
      collector.report(
        .missingKey, at: node.place, "`user` and `password` belong together, and one of them is missing",
        remedy: "write both, or neither for a relay that takes mail from this machine as it is")
    }
    if relay.password != nil, encryption == .none, !isThisMachine(host) {
      collector.report(
        .unencryptedSecret, at: node.entry("encryption")?.value.place ?? node.place,
        "the relay's password is sent to \(host) without encryption",
        consequence: "anybody on the way can read it",
        remedy: "write `encryption: starttls` or `encryption: tls`")
    }
    return relay
  }

  private func isThisMachine(_ host: String) -> Bool {
    WebAddress("http://" + (host.contains(":") ? "[\(host)]" : host))?.isThisMachine ?? false
  }

  // MARK: Rules

  private func rule(_ entry: ConfigurationNode.Entry) -> DeliveryRule? {
    let node = entry.value
    if let written = node["report"], let name = written.text, !reports.contains(name) {
      collector.reportUnknown(.report, name, at: written.place, among: reports)
    }
    guard node["to"] != nil || node["webhook"] != nil else {
      if !node.hasUnknownKeys {
        collector.report(
          .missingKey, at: entry.keyPlace, "the rule `\(entry.key)` does not say who gets the report",
          remedy: "add `to: somebody@example.com`, or a `webhook`")
      }
      return nil
    }
    if let hook = node.entry("webhook") {
      for key in ["to", "subject", "attach", "max_size"] where node[key] != nil {
        collector.report(
          key == "to" ? .ambiguousChoice : .misplacedKey, at: node.entry(key)?.keyPlace ?? hook.keyPlace,
          key == "to"
            ? "the rule `\(entry.key)` has both `to` and `webhook`"
            : "`\(key)` means nothing beside `webhook`",
          remedy: key == "to" ? "make two rules of it" : "take it out")
      }
    }
    let when = node["when"]
    return DeliveryRule(
      name: entry.key, report: node["report"]?.text ?? "", recipients: recipients(node["to"]),
      webhook: node["webhook"].flatMap(webhook),
      subject: node["subject"].flatMap(subject),
      attachments: node["attach"]?.texts.compactMap(ReportDefinition.Format.init) ?? [],
      maximumSize: node["max_size"]?.text.flatMap(byteCount) ?? 5_000_000,
      conditions: DeliveryRule.Conditions(
        isWhole: when?["whole_month"]?.flag ?? false, hasNotice: when?["notice"]?.flag ?? false,
        freshness: when?["fresh"]?.text.flatMap(milliseconds)),
      sendsChanges: node["on_change"]?.flag ?? false, place: entry.keyPlace)
  }

  private func webhook(_ node: ConfigurationNode) -> Webhook? {
    guard let written = node["url"], let text = written.text, let url = SecretText(text) else { return nil }
    let key = node["key"]?.text.flatMap { SecretText($0) }
    let address = WebAddress(String(text.prefix { !"?#$".contains($0) }))
    if FilesEntry.scheme(text) == "http", address?.isThisMachine != true,
      key != nil || !url.references.isEmpty
    {
      collector.report(
        .unencryptedSecret, at: written.place,
        "the report is posted without encryption, and secrets are sent with it",
        consequence: "anybody on the way can read it", remedy: "write `https://`")
    }
    if url.references.isEmpty,
      ["hooks.slack.com", "webhook.office.com", "logic.azure.com"].contains(where: { text.contains($0) })
    {
      reportLiteralSecret(written, text, "`url`", collector)
    }
    return Webhook(url: url, form: node["form"]?.text.flatMap(Webhook.Form.init) ?? .json, key: key)
  }

  /// One message a mailbox, however often it is named.
  private func recipients(_ node: ConfigurationNode?) -> [MailAddress] {
    var recipients: [MailAddress] = []
    for item in node?.items ?? [] {
      guard let address = item.text.flatMap({ MailAddress($0) }) else { continue }
      if recipients.contains(where: { $0.isMailbox(address.mailbox) }) {
        collector.report(
          .badValue, at: item.place, "`\(address.address)` is named twice", remedy: "keep one of them")
      } else {
        recipients.append(address)
      }
    }
    return recipients
  }

  private func subject(_ node: ConfigurationNode) -> SubjectText? {
    guard let text = node.text else { return nil }
    switch SubjectText.read(text) {
    case .success(let subject): return subject
    case .failure(let unknown):
      let known = SubjectText.Placeholder.allCases.map(\.rawValue)
      collector.report(
        .badValue, at: node.place,
        unknown.name.isEmpty
          ? "the subject has a brace without its partner" : "the subject knows no `{\(unknown.name)}`",
        remedy: nearest(to: unknown.name, among: known).map { "did you mean `{\($0)}`?" }
          ?? "known are \(known.map { "`{\($0)}`" }.joined(separator: ", "))")
      return nil
    }
  }
}
