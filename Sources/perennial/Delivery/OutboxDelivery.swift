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
  }

  /// Tries everything that is due, or only some of it.
  func carryOut(_ outbox: Outbox, only isWanted: (OutboxEntry) -> Bool = { _ in true }) throws -> Outcome {
    var outcome = Outcome()
    outcome.findings = outbox.interrupted.map {
      unknown($0, "the program ended before the server had answered")
    }
    for waiting in try outbox.waiting() where isWanted(waiting) {
      guard let entry = try outbox.claim(waiting.id) else {
        outcome.elsewhere += 1
        continue
      }
      if let retryAt = entry.retryAt, retryAt.seconds > Clock.now.seconds {
        outbox.letGo(entry.id)
        outcome.findings.append(self.waiting(entry, entry.reply ?? ""))
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
      try outbox.end(entry.id, end, at: Clock.now, retry: project.delivery.mail?.retry ?? DeliveryRetry())
      outcome.tried += 1
      switch end {
      case .sent: outcome.sent += 1
      case .refused(let reason): outcome.findings.append(refused(entry, reason))
      case .unknown(let reason): outcome.findings.append(unknown(entry, reason))
      case .later(let reason): outcome.findings.append(self.waiting(entry, reason))
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
    guard let webhook = project.delivery.rules.first(where: { $0.name == entry.key.rule })?.webhook else {
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

  /// As the configuration has it today: who was taken out of it gets nothing that still waits.
  private func recipient(of entry: OutboxEntry) -> MailAddress? {
    if entry.key.rule == Self.byHand { return MailAddress(entry.key.recipient) }
    if entry.key.rule == OperatorNotice.rule {
      return project.delivery.operators.first { $0.isMailbox(entry.key.recipient) }
    }
    let rule = project.delivery.rules.first { $0.name == entry.key.rule }
    return rule?.recipients.first { $0.isMailbox(entry.key.recipient) }
  }

  // MARK: Findings

  private func subject(_ entry: OutboxEntry) -> String {
    "\(entry.key.report) of \(entry.key.period) for \(entry.key.recipient)"
  }

  private func waiting(_ entry: OutboxEntry, _ reason: String) -> Finding {
    Finding(
      .error, "not-delivered", "\(subject(entry)) was not sent: \(reason)",
      consequence: "it waits in the outbox as number \(entry.id)",
      remedy: "a later run tries again; `perennial outbox send` does so as soon as it is due")
  }

  private func refused(_ entry: OutboxEntry, _ reason: String) -> Finding {
    Finding(
      .error, "delivery-refused", "\(subject(entry)) was not sent: \(reason)",
      consequence: "it is not tried again",
      remedy: "mend what the server says, then `perennial outbox resend \(entry.id)`")
  }

  private func unknown(_ entry: OutboxEntry, _ reason: String) -> Finding {
    Finding(
      .error, "delivery-unknown", "\(subject(entry)) may have been sent: \(reason)",
      consequence: "it is not sent again by itself",
      remedy:
        "ask the recipient, or look for \(entry.messageID) in the relay's log; if it did not arrive, `perennial outbox resend \(entry.id)`"
    )
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
