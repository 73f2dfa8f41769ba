import Deliver
import Model
import Project
import Warehouse

/// Delivers what the outbox has, one after the other. Runs and others that deliver may be under way beside it.
struct OutboxDelivery {
  let project: ProjectConfiguration
  /// The rule's name of what a person sends to somebody no rule names; no rule of a project can have it.
  static let byHand = "by hand"

  struct Outcome {
    var tried = 0
    var sent = 0
    /// What another process is delivering, or has delivered meanwhile.
    var elsewhere = 0
    var findings: [Finding] = []
    /// The numbers of what ended here without being sent.
    var ended: Set<Int64> = []
  }

  /// Tries everything that is due, or only some of it.
  func carryOut(_ outbox: Outbox, only isWanted: (OutboxEntry) -> Bool = { _ in true }) throws -> Outcome {
    var outcome = Outcome()
    outcome.findings = outbox.interrupted.map {
      $0.unknown("the program ended before the server had answered")
    }
    outcome.ended = Set(outbox.interrupted.map(\.id))
    for waiting in try outbox.waiting() where isWanted(waiting) {
      guard let entry = try outbox.claim(waiting.id) else {
        outcome.elsewhere += 1
        continue
      }
      if let retryAt = entry.retryAt, retryAt.seconds > Clock.now.seconds {
        outbox.letGo(entry.id)
        outcome.findings.append(entry.waits(entry.reply ?? ""))
        continue
      }
      try outbox.waitForRuns()
      let end: DeliveryEnd
      do {
        end = try deliver(entry, outbox)
      } catch WarehouseError.heldByAnotherProgram {
        // One that began in this moment; nothing was sent.
        end = .later("a run is publishing")
      }
      let state = try outbox.end(
        entry.id, end, at: Clock.now, retry: project.delivery.mail?.retry ?? DeliveryRetry())
      outcome.tried += 1
      if [.failed, .unknown].contains(state) { outcome.ended.insert(entry.id) }
      switch end {
      case .sent: outcome.sent += 1
      case .refused(let reason): outcome.findings.append(entry.refused(reason))
      case .unknown(let reason): outcome.findings.append(entry.unknown(reason))
      case .later(let reason):
        outcome.findings.append(state == .failed ? entry.givenUp(reason) : entry.waits(reason))
      }
    }
    try outbox.forgetContents(before: Moment(instant: Clock.now.seconds - 90 * 86_400))
    return outcome
  }

  private func deliver(_ entry: OutboxEntry, _ outbox: Outbox) throws -> DeliveryEnd {
    if entry.key.channel == .webhook { return try post(entry, outbox) }
    guard let mail = project.delivery.mail else { return .later("Config/delivery.yml has no `mail`") }
    guard let recipient = recipient(of: entry) else {
      return .refused("Config/delivery.yml does not name the recipient any more")
    }
    guard let parts = try outbox.content(of: entry.id) else {
      return .refused("its content is not kept any more")
    }
    let message = MailMessage.text(
      parts: parts, to: recipient, messageID: entry.messageID, queued: entry.queued)
    let transport = MailTransport(mail, folder: project.folder) { $0.resolve(projectFolder: project.folder) }
    return try transport.send(message, from: mail.from, to: recipient) {
      try outbox.begin(entry.id, at: Clock.now)
    }
  }

  private func post(_ entry: OutboxEntry, _ outbox: Outbox) throws -> DeliveryEnd {
    guard let webhook = webhook(of: entry) else {
      return .refused("Config/delivery.yml does not name the webhook any more")
    }
    func secret(_ text: SecretText) -> Secret? {
      text.resolved { $0.resolve(projectFolder: project.folder) }
    }
    guard let body = try outbox.content(of: entry.id) else {
      return .refused("its content is not kept any more")
    }
    guard let url = secret(webhook.url) else {
      return .later("its URL is not there: set the variable or write the file")
    }
    var key: Secret?
    if let written = webhook.key {
      key = secret(written)
      if key == nil { return .later("its key is not there: set the variable or write the file") }
    }
    try outbox.begin(entry.id, at: Clock.now)
    return postWebhook(body, to: url, key: key, messageID: entry.messageID, now: Clock.now)
  }

  /// Whether the configuration has still somebody to deliver it to.
  func isNamed(_ entry: OutboxEntry) -> Bool {
    entry.key.channel == .webhook ? webhook(of: entry) != nil : recipient(of: entry) != nil
  }

  private func webhook(of entry: OutboxEntry) -> Webhook? {
    project.delivery.rules.first { $0.name == entry.key.rule }?.webhook
  }

  /// As the configuration has it today: who was taken out of it gets nothing that still waits.
  private func recipient(of entry: OutboxEntry) -> MailAddress? {
    if entry.key.rule == Self.byHand { return MailAddress(entry.key.recipient) }
    if entry.key.rule == OperatorNotice.rule {
      return project.delivery.operators.first { $0.isMailbox(entry.key.recipient) }
    }
    let rule = project.delivery.rules.first { $0.name == entry.key.rule }
    return rule?.recipients.first { $0.isMailbox(entry.key.recipient) }
  }
}

extension ProjectConfiguration {
  /// The outbox for what a person asks for; a run that is under way is not waited for.
  func outboxBesideNoRun() throws -> Outbox {
    if WarehouseLock.isHeld(warehouse: warehousePath) {
      throw WarehouseError.lockedByAnotherRun(path: warehousePath)
    }
    return try Outbox(opening: warehousePath, at: Clock.now)
  }
}
