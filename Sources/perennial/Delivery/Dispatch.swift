import Convert
import Deliver
import Model
import Project
import Render

/// Makes of a rule and a month's figures what goes into the outbox.
struct Dispatch {
  let project: ProjectConfiguration

  /// A message and what it was made from.
  struct Prepared {
    var message: MailMessage
    var brief: ReportBrief
    /// Digest of the report's figures: what the rest says about them may differ from night to night.
    var figures: String
  }

  /// Everything one rule delivers of the month; nothing with a finding of severity error.
  func deliveries(_ rule: DeliveryRule, _ data: ReportData, repeats: DeliveryRepeat) -> (
    deliveries: [Delivery], findings: [Finding]
  ) {
    if let webhook = rule.webhook { return post(rule, webhook, data, repeats) }
    let (prepared, findings) = prepare(rule, data)
    guard let prepared else { return ([], findings) }
    let parts = prepared.message.parts
    let digest = contentDigest(parts)
    let deliveries = rule.recipients.map { recipient in
      Delivery(
        key: DeliveryKey(
          rule: rule.name, report: rule.report, period: data.month.description, recipient: recipient.mailbox),
        figures: prepared.figures, content: parts, digest: digest, repeats: repeats)
    }
    return (deliveries, findings)
  }

  private func post(
    _ rule: DeliveryRule, _ webhook: Webhook, _ data: ReportData, _ repeats: DeliveryRepeat
  ) -> (deliveries: [Delivery], findings: [Finding]) {
    guard var definition = project.reports.first(where: { $0.name == rule.report }) else { return ([], []) }
    definition.formats = [.csv]
    let (documents, findings) = render(definition, data, templates: project.templates)
    if findings.hasError { return ([], findings) }
    let (brief, faults) = brief(definition, data, templates: project.templates)
    guard let brief else { return ([], faults) }
    // The URL may be a secret, which the warehouse must not hold.
    let key = DeliveryKey(
      channel: .webhook, rule: rule.name, report: rule.report, period: data.month.description,
      recipient: "webhook")
    let body = webhookBody(brief, form: webhook.form, key: key)
    return (
      [
        Delivery(
          key: key, figures: figures(documents, brief), content: body, digest: contentDigest(body),
          repeats: repeats)
      ], []
    )
  }

  private func figures(_ documents: [Document], _ brief: ReportBrief) -> String {
    contentDigest(
      contentDigest(documents.filter { $0.format == .csv }),
      brief.isProvisional ? "provisional" : "whole")
  }

  func prepare(_ rule: DeliveryRule, _ data: ReportData) -> (prepared: Prepared?, findings: [Finding]) {
    guard let mail = project.delivery.mail,
      var definition = project.reports.first(where: { $0.name == rule.report })
    else { return (nil, []) }
    let kept = definition.formats
    definition.formats = [.csv] + rule.attachments.filter { $0 != .csv }
    let (documents, findings) = project.documents(definition, FigureTable(data))
    if findings.hasError { return (nil, findings) }
    let (pictures, bare) = pictures(definition, data)
    var attachments: [MailMessage.Attachment] = []
    var remarks: [String] = []
    var size: Int64 = 0
    for format in rule.attachments {
      for document in documents where document.format == format {
        let name = project.fileName(document, of: rule.report, data.month)
        let bytes = Int64(document.bytes.count)
        if size + bytes > rule.maximumSize {
          remarks.append(
            "\(name), \(bytes) bytes, is not attached: files may have \(rule.maximumSize) bytes together.")
        } else {
          size += bytes
          attachments.append(.init(name: name, bytes: document.bytes))
        }
      }
    }
    let (brief, faults) = brief(
      definition, data, templates: project.templates, remarks: remarks, pictures: pictures.map(\.0),
      whereabouts: Self.whereabouts(rule.report, kept, attachments.map(\.name)))
    guard let brief else { return (nil, faults) }
    let message = MailMessage(
      from: mail.from, replyTo: mail.replyTo, subject: brief.subject(rule.subject), text: brief.text,
      html: brief.html, pictures: pictures.map(\.1), attachments: attachments)
    return (Prepared(message: message, brief: brief, figures: figures(documents, brief)), bare)
  }

  /// Where whoever reads the mail finds the whole report; empty where no format has it.
  private static func whereabouts(
    _ report: String, _ formats: [ReportDefinition.Format], _ attached: [String]
  ) -> String {
    let whole: [ReportDefinition.Format] = [.pdf, .html, .xlsx, .markdown]
    let names = attached.filter { name in whole.contains { name.hasSuffix(".\($0.fileExtension)") } }
    if !names.isEmpty { return "The whole report is attached: \(names.joined(separator: ", "))." }
    guard let format = whole.first(where: formats.contains) else { return "" }
    return
      "The whole report is not attached: it is \(report).\(format.fileExtension) in the folder of reports of the"
      + " project that sends this."
  }

  /// The report's first charts as pictures; a note, and none, where they cannot be made: the message goes out all the same.
  private func pictures(_ definition: ReportDefinition, _ data: ReportData) -> (
    [(MailPicture, MailMessage.Picture)], findings: [Finding]
  ) {
    let converter = Converter()
    var made: [(MailPicture, MailMessage.Picture)] = []
    do throws(Converter.Failure) {
      for picture in mailPictures(definition, data, templates: project.templates) {
        made.append(
          (picture, MailMessage.Picture(id: picture.id, bytes: try converter.picture(picture.drawing))))
      }
      return (made, [])
    } catch {
      let note = Finding(
        .note, "mail-without-pictures", "the mail of `\(definition.name)` has no charts: \(error.reason)",
        consequence: "it is sent without them", remedy: "apt-get install librsvg2-bin")
      return ([], [note])
    }
  }

  /// The same in every run, so that a server on the way knows a repetition.
  func name(_ key: DeliveryKey, revision: Int) -> String {
    messageID(
      key, revision: revision, company: project.company.name,
      domain: project.delivery.mail?.from.domain ?? "localhost")
  }
}

extension ProjectConfiguration {
  /// `retention-2024-02.cohorts.csv`: what a file is called that leaves the project.
  fileprivate func fileName(_ document: Document, of report: String, _ month: Month) -> String {
    "\(report)-\(month)\(document.name.dropFirst(report.count))"
  }
}
