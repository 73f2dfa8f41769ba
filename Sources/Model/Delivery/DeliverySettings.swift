/// Who gets which report, and by what: `Config/delivery.yml`.
public struct DeliverySettings: Sendable, Hashable {
  /// nil where no mail is sent.
  public var mail: MailSettings?
  /// By name.
  public var rules: [DeliveryRule]
  /// Who is told that a run failed, that data is stale, or that a report was not sent.
  public var operators: [MailAddress]
  /// Milliseconds the data may be behind the run before nothing is delivered any more.
  public var staleAfter: Int64

  public init(
    mail: MailSettings? = nil, rules: [DeliveryRule] = [], operators: [MailAddress] = [],
    staleAfter: Int64 = 40 * 86_400_000
  ) {
    self.mail = mail
    self.rules = rules
    self.operators = operators
    self.staleAfter = staleAfter
  }

  /// Every secret that delivering needs.
  public var references: [SecretReference] {
    (mail?.relays ?? []).flatMap { [$0.user, $0.password].compactMap { $0 } }.flatMap(\.references)
      + rules.flatMap { $0.webhook?.references ?? [] }
  }
}

/// How mail leaves this machine.
public struct MailSettings: Sendable, Hashable {
  public var from: MailAddress
  public var replyTo: MailAddress?
  /// Asked in turn until one takes the message.
  public var relays: [Relay]
  public var retry: DeliveryRetry
  public init(from: MailAddress, replyTo: MailAddress?, relays: [Relay], retry: DeliveryRetry) {
    self.from = from
    self.replyTo = replyTo
    self.relays = relays
    self.retry = retry
  }
}

/// How often a delivery is tried, by the runs that come.
public struct DeliveryRetry: Sendable, Hashable {
  /// Tries in all.
  public var attempts = 12
  /// Milliseconds behind the first try; they double with each.
  public var wait: Int64 = 5 * 60_000
  public var longestWait: Int64 = 12 * 3_600_000
  public init() {}

  /// Milliseconds to wait after so many tries; nil when it was the last one.
  public func wait(after attempts: Int) -> Int64? {
    guard attempts < self.attempts else { return nil }
    var wait = self.wait
    for _ in 1..<max(1, min(attempts, 40)) where wait < longestWait { wait *= 2 }
    return min(wait, longestWait)
  }
}

/// One SMTP server that takes mail for others.
public struct Relay: Sendable, Hashable {
  public enum Encryption: String, Sendable, CaseIterable {
    /// Begins in the clear and is refused where the server offers no STARTTLS.
    case starttls
    /// TLS from the first byte.
    case tls
    case none

    /// The port such servers listen on.
    public var port: Int {
      switch self {
      case .starttls: 587
      case .tls: 465
      case .none: 25
      }
    }
  }

  public var host: String
  public var port: Int
  public var encryption: Encryption
  public var user: SecretText?
  public var password: SecretText?
  /// A file of certificates (PEM) instead of the system's.
  public var authorities: String?
  /// Milliseconds until the connection stands, and for a whole message.
  public var connect: Int64
  public var total: Int64

  public init(
    host: String, port: Int? = nil, encryption: Encryption = .starttls, user: SecretText? = nil,
    password: SecretText? = nil, authorities: String? = nil, connect: Int64 = 30_000, total: Int64 = 120_000
  ) {
    self.host = host
    self.port = port ?? encryption.port
    self.encryption = encryption
    self.user = user
    self.password = password
    self.authorities = authorities
    self.connect = connect
    self.total = total
  }
}
