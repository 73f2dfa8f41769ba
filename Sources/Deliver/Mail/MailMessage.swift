import Model

/// A mail as a value: what it says, and what goes with it.
public struct MailMessage: Sendable, Hashable {
  public struct Attachment: Sendable, Hashable {
    public var name: String
    public var bytes: [UInt8]
    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// A picture that the HTML shows by `cid:` and its id.
  public struct Picture: Sendable, Hashable {
    public var id: String
    public var bytes: [UInt8]
    public init(id: String, bytes: [UInt8]) {
      self.id = id
      self.bytes = bytes
    }
  }

  public var from: MailAddress
  public var replyTo: MailAddress?
  public var subject: String
  /// What those read whose programs show no HTML; says the same.
  public var text: String
  /// nil for a message of text alone.
  public var html: String?
  /// PNGs that belong to the HTML.
  public var pictures: [Picture]
  public var attachments: [Attachment]
  public init(
    from: MailAddress, replyTo: MailAddress? = nil, subject: String, text: String, html: String? = nil,
    pictures: [Picture] = [], attachments: [Attachment] = []
  ) {
    self.from = from
    self.replyTo = replyTo
    self.subject = subject
    self.text = text
    self.html = html
    self.pictures = pictures
    self.attachments = attachments
  }

  /// The message but for what differs from recipient to recipient, in ASCII with CRLF: equal messages are equal texts.
  public var parts: String {
    var headers = [HeaderText.field("From", from)]
    if let replyTo { headers.append(HeaderText.field("Reply-To", replyTo)) }
    headers += [
      HeaderText.field("Subject", subject), "MIME-Version: 1.0",
      // Answers of machines that nobody reads, such as notes of absence, are not asked for.
      "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All",
    ]
    let body = attachments.isEmpty ? alternatives : mixed
    return headers.map { $0 + "\r\n" }.joined() + body
  }

  /// The whole message to one recipient.
  public static func text(
    parts: String, to recipient: MailAddress, messageID: String, queued: Moment
  ) -> String {
    [
      HeaderText.field("To", recipient), "Date: \(dateText(queued))", "Message-ID: \(messageID)",
    ].map { $0 + "\r\n" }.joined() + parts
  }

  private var alternatives: String {
    let plain = Self.part("text/plain; charset=utf-8", text)
    guard let html else { return plain }
    let page = Self.part("text/html; charset=utf-8", html)
    return multipart(
      "alternative",
      [plain, pictures.isEmpty ? page : multipart("related", [page] + pictures.map(Self.part))])
  }

  private var mixed: String {
    multipart("mixed", [alternatives] + attachments.map(Self.part))
  }

  private static func part(_ type: String, _ text: String) -> String {
    "Content-Type: \(type)\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
      + QuotedPrintable.text(text)
  }

  private static func part(_ picture: Picture) -> String {
    """
    Content-Type: image/png\r
    Content-ID: <\(picture.id)>\r
    Content-Disposition: inline;\r
     \(HeaderText.parameter("filename", picture.id.prefix { $0 != "@" } + ".png"))\r
    Content-Transfer-Encoding: base64\r
    \r\n
    """ + Base64.lines(picture.bytes)
  }

  private static func part(_ attachment: Attachment) -> String {
    let type =
      switch attachment.name.split(separator: ".").last {
      case "html": "text/html; charset=utf-8"
      case "csv": "text/csv; charset=utf-8"
      case "md": "text/markdown; charset=utf-8"
      case "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
      case "pdf": "application/pdf"
      case "json": "application/json"
      case "png": "image/png"
      default: "application/octet-stream"
      }
    return """
      Content-Type: \(type)\r
      Content-Disposition: attachment;\r
       \(HeaderText.parameter("filename", attachment.name))\r
      Content-Transfer-Encoding: base64\r
      \r\n
      """ + Base64.lines(attachment.bytes)
  }

  /// The boundary is a digest of what it parts, which cannot hold it.
  private func multipart(_ kind: String, _ parts: [String]) -> String {
    let boundary = "=_" + Digest.sha256([kind] + parts).prefix(40)
    return "Content-Type: multipart/\(kind);\r\n boundary=\"\(boundary)\"\r\n\r\n"
      + parts.map { "--\(boundary)\r\n\($0)\r\n" }.joined() + "--\(boundary)--\r\n"
  }

  /// `Thu, 29 Feb 2024 23:30:00 +0000`.
  static func dateText(_ moment: Moment) -> String {
    let text = moment.isInstant ? moment.description : "\(moment)T00:00:00Z"
    let number = moment.seconds >= 0 ? moment.seconds / 86_400 : (moment.seconds - 86_399) / 86_400
    let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let civil = Day(number: Int32(truncatingIfNeeded: number)).civil
    let weekday = names[Int((number % 7 + 7) % 7)]
    return
      "\(weekday), \(civil.day) \(months[civil.month - 1]) \(civil.year) \(text.dropFirst(11).dropLast()) +0000"
  }
}

/// By what a revision of a delivery is known to every server on its way, the same in every run.
///
/// - Parameter company: Tells projects apart that have rules and reports of the same names.
public func messageID(
  _ key: DeliveryKey, revision: Int, company: String, domain: String
) -> String {
  let digest = Digest.sha256([
    company, key.channel.rawValue, key.rule, key.report, key.period, key.recipient, String(revision),
  ])
  return "<\(digest.prefix(40))@\(domain)>"
}

/// By which equal contents are known.
public func contentDigest(_ texts: String...) -> String { Digest.sha256(texts) }

/// By which equal documents are known.
public func contentDigest(_ documents: [Document]) -> String {
  Digest.sha256(documents.flatMap { [$0.name, Digest.sha256($0.bytes)] })
}
