/// By what a delivery is known, together with its revision: nothing of one key and revision is sent twice.
public struct DeliveryKey: Sendable, Hashable {
  public enum Channel: String, Sendable, CaseIterable { case mail, webhook }

  public var channel: Channel
  public var rule: String
  public var report: String
  /// The month reported on, `2024-02`; of an operator's notice, when the trouble began.
  public var period: String
  /// A mail address; of a webhook its rule's name, since its URL may be a secret.
  public var recipient: String
  public init(
    channel: Channel = .mail, rule: String, report: String, period: String, recipient: String
  ) {
    self.channel = channel
    self.rule = rule
    self.report = report
    self.period = period
    self.recipient = recipient
  }
}

/// When something that was delivered before is delivered again.
public enum DeliveryRepeat: Sendable, Hashable {
  case never
  /// When ``Delivery/figures`` differ from those of the last revision.
  case onChange
  /// A person asked for it.
  case always
}

/// What is to be delivered, before the outbox has it.
public struct Delivery: Sendable, Hashable {
  public var key: DeliveryKey
  /// Digest of what the content says, without what differs from run to run.
  public var figures: String
  /// The message's parts, or the body of a request; equal ones are stored once.
  public var content: String
  /// By which equal contents are known.
  public var digest: String
  public var repeats: DeliveryRepeat
  public init(
    key: DeliveryKey, figures: String, content: String, digest: String, repeats: DeliveryRepeat = .never
  ) {
    self.key = key
    self.figures = figures
    self.content = content
    self.digest = digest
    self.repeats = repeats
  }
}

public enum DeliveryState: String, Sendable, CaseIterable {
  /// To be tried, for the first time or again.
  case queued
  /// The server is taking it.
  case sending
  case sent
  /// Given up: refused for good, or tried as often as is allowed.
  case failed
  /// It was handed over, and no answer came: it may have arrived.
  case unknown
}

/// One delivery as the outbox has it.
public struct OutboxEntry: Sendable, Hashable {
  public var id: Int64
  public var key: DeliveryKey
  /// 1 for the first.
  public var revision: Int
  public var state: DeliveryState
  /// `<...@...>`; of a webhook, by which its receiver knows a repetition.
  public var messageID: String
  public var queued: Moment
  public var changed: Moment
  public var attempts: Int
  /// Not before then is it tried again.
  public var retryAt: Moment?
  /// What the server said last, or why it was not reached.
  public var reply: String?
  public init(
    id: Int64, key: DeliveryKey, revision: Int, state: DeliveryState, messageID: String, queued: Moment,
    changed: Moment, attempts: Int, retryAt: Moment?, reply: String?
  ) {
    self.id = id
    self.key = key
    self.revision = revision
    self.state = state
    self.messageID = messageID
    self.queued = queued
    self.changed = changed
    self.attempts = attempts
    self.retryAt = retryAt
    self.reply = reply
  }
}

/// What a try of a delivery came to.
public enum DeliveryEnd: Sendable, Hashable {
  /// With what the server said.
  case sent(String)
  /// Surely not delivered; it may go better later.
  case later(String)
  /// Surely not delivered, and trying again would not help.
  case refused(String)
  /// Handed over, and no answer came.
  case unknown(String)
}
