/// One rule of `Config/delivery.yml`: a report, and who gets it.
public struct DeliveryRule: Sendable, Hashable {
  public var name: String
  /// A report's name.
  public var report: String
  /// Mailboxes, each of which gets a message of its own.
  public var recipients: [MailAddress]
  /// Set where the rule posts to a URL instead.
  public var webhook: Webhook?
  /// The subject with its placeholders; nil for the usual one.
  public var subject: SubjectText?
  /// Formats sent along as files.
  public var attachments: [ReportDefinition.Format]
  /// Bytes that attachments may have together.
  public var maximumSize: Int64
  public var conditions: Conditions
  /// Whether a month that was delivered is delivered again when its figures have changed.
  public var sendsChanges: Bool
  public var place: Place

  /// What must be so for a run to deliver.
  public struct Conditions: Sendable, Hashable {
    /// Only a month that is not provisional any more.
    public var isWhole: Bool
    /// Only when the run had findings of severity warning or worse.
    public var hasNotice: Bool
    /// Milliseconds that the data may be behind the run.
    public var freshness: Int64?
    public init(isWhole: Bool = false, hasNotice: Bool = false, freshness: Int64? = nil) {
      self.isWhole = isWhole
      self.hasNotice = hasNotice
      self.freshness = freshness
    }
  }

  public init(
    name: String, report: String, recipients: [MailAddress] = [], webhook: Webhook? = nil,
    subject: SubjectText? = nil, attachments: [ReportDefinition.Format] = [], maximumSize: Int64 = 5_000_000,
    conditions: Conditions = Conditions(), sendsChanges: Bool = false, place: Place
  ) {
    self.name = name
    self.report = report
    self.recipients = recipients
    self.webhook = webhook
    self.subject = subject
    self.attachments = attachments
    self.maximumSize = maximumSize
    self.conditions = conditions
    self.sendsChanges = sendsChanges
    self.place = place
  }
}

/// A URL that is told of a report, and in what form.
public struct Webhook: Sendable, Hashable {
  public enum Form: String, Sendable, CaseIterable { case slack, teams, json }

  public var url: SecretText
  public var form: Form
  /// The key by which the receiver knows who posts.
  public var key: SecretText?
  public init(url: SecretText, form: Form, key: SecretText? = nil) {
    self.url = url
    self.form = form
    self.key = key
  }

  public var references: [SecretReference] { url.references + (key?.references ?? []) }
}

/// A subject with what is put in: `{company}: {title}, {month}`.
public struct SubjectText: Sendable, Hashable {
  /// What may stand in braces.
  public enum Placeholder: String, Sendable, CaseIterable {
    case company, title, month, period, mrr, arr, customers
    case netNew = "net_new"
  }

  public enum Piece: Sendable, Hashable {
    case text(String)
    case placeholder(Placeholder)
  }

  public let pieces: [Piece]

  /// Fails with the name in braces that is no placeholder; empty where a brace has no partner.
  public static func read(_ text: String) -> Result<SubjectText, Unknown> {
    var pieces: [Piece] = []
    var rest = text[...]
    while !rest.isEmpty {
      let plain = rest.prefix { $0 != "{" && $0 != "}" }
      if !plain.isEmpty { pieces.append(.text(String(plain))) }
      rest = rest.dropFirst(plain.count)
      guard !rest.isEmpty else { break }
      guard rest.first == "{", let end = rest.firstIndex(of: "}") else {
        return .failure(Unknown(name: ""))
      }
      let name = String(rest[rest.index(after: rest.startIndex)..<end])
      guard let placeholder = Placeholder(rawValue: name) else { return .failure(Unknown(name: name)) }
      pieces.append(.placeholder(placeholder))
      rest = rest[rest.index(after: end)...]
    }
    return .success(SubjectText(pieces: pieces))
  }

  public struct Unknown: Error, Sendable, Hashable { public var name: String }

  /// The usual subject.
  public static let usual = SubjectText(pieces: [
    .placeholder(.company), .text(": "), .placeholder(.title), .text(", "), .placeholder(.month),
  ])

  public func filled(_ value: (Placeholder) -> String) -> String {
    pieces.map {
      switch $0 {
      case .text(let text): text
      case .placeholder(let placeholder): value(placeholder)
      }
    }.joined()
  }
}
