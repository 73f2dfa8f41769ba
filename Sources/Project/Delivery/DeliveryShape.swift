import Model

/// The shape of `Config/delivery.yml`.
enum DeliveryShape {
  static let file = Shape.mapping(
    noun: .key,
    [
      ShapeKey("mail", mail, "How mail leaves this machine."),
      ShapeKey(
        "operator", .list(.scalar(.mailAddress), single: true),
        "Who is told, once for each trouble, that a run failed, that data is stale, or that a report was not sent."
      ),
      ShapeKey(
        "stale_after", .scalar(.duration),
        "How far the data may be behind the run; with older data no rule delivers.", standard: "40 days"),
      ShapeKey("rules", .named(.name, rule), "Who gets which report, by a name of your choice."),
    ])

  private static let mail = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "from", .scalar(.mailAddress), "Who the mail is from.",
        required: "from: Reports <reports@example.com>"),
      ShapeKey("reply_to", .scalar(.mailAddress), "Where answers go.", standard: "`from`"),
      ShapeKey(
        "relays", .list(relay, single: false),
        "The SMTP servers that take mail from this machine, asked in turn until one takes the message.",
        required: "relays: [{host: smtp.example.com}]"),
      ShapeKey(
        "retry",
        .mapping(
          noun: .key,
          [
            ShapeKey(
              "attempts", .scalar(.whole(1...100)),
              "Tries of a delivery, each in a run or by `perennial outbox send`.",
              standard: "12"),
            ShapeKey(
              "wait", .scalar(.duration), "The wait behind the first try; it doubles with each.",
              standard: "5 min"),
            ShapeKey("longest_wait", .scalar(.duration), "What the wait doubles up to.", standard: "12 h"),
          ]), "How often a delivery is tried that may go better."),
    ])

  private static let relay = Shape.mapping(
    noun: .key,
    [
      ShapeKey("host", .scalar(.hostName), "The server's name.", required: "host: smtp.example.com"),
      ShapeKey(
        "port", .scalar(.whole(1...65535)), "Its port.",
        standard: "587 with `starttls`, 465 with `tls`, 25 with `none`"),
      ShapeKey(
        "encryption", .scalar(.oneOf(Relay.Encryption.allCases.map(\.rawValue))),
        "`starttls`: refused where the server offers none; `tls`: from the first byte; `none`.",
        standard: "starttls"),
      ShapeKey("user", .scalar(.headerValue), "The name to log in with."),
      ShapeKey("password", .scalar(.secret), "The password."),
      ShapeKey(
        "authorities", .scalar(.text), "A file of certificates (PEM) to trust for TLS.",
        standard: "the system's"),
      ShapeKey(
        "timeouts",
        .mapping(
          noun: .key,
          [
            ShapeKey("connect", .scalar(.duration), "Until the connection stands.", standard: "30 s"),
            ShapeKey(
              "total", .scalar(.duration),
              "For one message, over all steps and all relays: each has its share of what is left.",
              standard: "2 min"),
          ]), "When a try is given up."),
    ])

  private static let rule = Shape.mapping(
    noun: .key,
    [
      ShapeKey("report", .scalar(.text), "The report's name.", required: "report: executive_summary"),
      ShapeKey(
        "to", .list(.scalar(.mailAddress), single: true),
        "Who gets it by mail; each gets a message of his own."),
      ShapeKey(
        "webhook",
        .mapping(
          noun: .key,
          [
            ShapeKey(
              "url", .scalar(.secretAddress), "Where to post.", required: "url: \"${env:WEBHOOK_URL}\""),
            ShapeKey(
              "form", .scalar(.oneOf(Webhook.Form.allCases.map(\.rawValue))),
              "What is posted: the key figures as a message of Slack or Teams, or as plain JSON.",
              standard: "json"),
            ShapeKey(
              "key", .scalar(.secret),
              "What the body is signed with (HMAC of SHA-256), so that the receiver knows who posts."),
          ]), "A URL that is told the key figures, instead of `to`."),
      ShapeKey(
        "subject", .scalar(.text),
        "The subject; \(SubjectText.Placeholder.allCases.map { "`{\($0.rawValue)}`" }.joined(separator: ", ")) are put in.",
        standard: "`{company}: {title}, {month}`"),
      ShapeKey(
        "attach", .list(.scalar(.oneOf(ReportDefinition.Format.allCases.map(\.rawValue))), single: true),
        "Formats to send along as files.", standard: "none"),
      ShapeKey(
        "max_size", .scalar(.size),
        "Bytes the files may have together, as they are; one that does not fit any more is left out, and the message says so.",
        standard: "5 MB"),
      ShapeKey("when", conditions, "What must be so for a run to deliver."),
      ShapeKey(
        "on_change", .scalar(.flag),
        "Whether a month that was delivered is delivered again once its figures have changed.",
        standard: "false"),
    ])

  private static let conditions = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "whole_month", .scalar(.flag), "Only a month that is not provisional any more.", standard: "false"),
      ShapeKey(
        "notice", .scalar(.flag), "Only when the run had a finding of severity warning or worse.",
        standard: "false"),
      ShapeKey(
        "fresh", .scalar(.duration), "Only when the data is behind the run by no more than that.",
        standard: "`stale_after`"),
    ])
}
