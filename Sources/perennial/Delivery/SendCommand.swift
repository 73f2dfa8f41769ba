import ArgumentParser
import Deliver
import Model
import Project
import Warehouse

struct SendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Send a report by mail or webhook, from the warehouse and without a run.",
    discussion: """
      By the rules of Config/delivery.yml that name the report, whatever their conditions; with --to, to somebody else instead. What
      somebody has of a month is not sent twice unless --again says so.

      EXAMPLE
        perennial send executive_summary --dry-run
        perennial send mrr_bridge --to "Ada Larch <ada@example.com>" --month 2024-01
      """)

  @Argument(help: "The report: the name of a file in Reports/ without its extension.")
  var report: String
  @OptionGroup var options: ProjectOptions
  @Option(help: ArgumentHelp("Only this rule.", valueName: "name"))
  var rule: String?
  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "To this address instead of the rule's; may be said several times.", valueName: "address")
  )
  var recipients: [String] = []
  @Option(help: "The month to report on; the last whole one by default.")
  var month: Month?
  @Flag(
    help:
      "Write the messages as .eml files below the output folder, print what a webhook would get, and send nothing."
  )
  var dryRun = false
  @Flag(help: "Send what was sent before once more, as a new revision.")
  var again = false

  func run() throws {
    let project = try options.load()
    let rules = try chosenRules(project)
    try WorldFaults.told {
      let data = try project.reportData(for: project.reports.first { $0.name == report }, month: month)
      let dispatch = Dispatch(project: project)
      if dryRun { return try write(rules, data, dispatch) }
      let outbox = try project.outboxBesideNoRun()
      var ids: Set<Int64> = []
      for rule in rules {
        let (deliveries, findings) = dispatch.deliveries(rule, data, repeats: again ? .always : .never)
        Console.print(findings)
        if findings.hasError { throw Stop(.refused) }
        for delivery in deliveries {
          // Whom a person names may have it by a rule; whom a rule names gets it by that rule.
          if !again, !recipients.isEmpty, let known = try outbox.got(delivery.key) {
            ids.formUnion(known.state == .queued ? [known.id] : [])
            if known.state != .queued { Console.write(told(known)) }
          } else if let id = try outbox.add(delivery, at: Clock.now, named: dispatch.name) {
            ids.insert(id)
          } else if let known = try outbox.latest(delivery.key) {
            ids.formUnion(known.state == .queued ? [known.id] : [])
            if known.state != .queued { Console.write(told(known)) }
          }
        }
      }
      let outcome = try OutboxDelivery(project: project).carryOut(outbox) { ids.contains($0.id) }
      Console.write("\(outcome.sent) sent")
      if outcome.elsewhere > 0 {
        Console.write(
          "\(outcome.elsewhere) left to another process that is sending; `perennial outbox` lists what became of it"
        )
      }
      if !outcome.findings.isEmpty { throw Stop(.unreachable, outcome.findings) }
    }
  }

  private func told(_ entry: OutboxEntry) -> String {
    let isByHand = entry.key.rule == OutboxDelivery.byHand
    let way = isByHand ? entry.key.rule : "by the rule \(entry.key.rule)"
    return switch entry.state {
    case .sent:
      "\(entry.key.recipient) has it since \(entry.changed), sent \(way); --again sends it once more"
    default:
      "\(entry.key.recipient): \(entry.state.rawValue) since \(entry.changed); `perennial outbox resend \(entry.id)` sends it once more"
    }
  }

  private func chosenRules(_ project: ProjectConfiguration) throws -> [DeliveryRule] {
    guard project.reports.contains(where: { $0.name == report }) else {
      let hint = nearest(to: report, among: project.reports.map(\.name)).map { "did you mean `\($0)`?" }
      throw Stop(.wrongUse, "unknown-report", "no report is named `\(report)`", remedy: hint)
    }
    let isPosted =
      recipients.isEmpty && project.delivery.rules.allSatisfy { $0.report != report || $0.webhook != nil }
    guard project.delivery.mail != nil || isPosted else {
      throw Stop(
        .wrongUse, "no-mail-settings", "Config/delivery.yml has no `mail`",
        remedy: "add `mail: {from: reports@example.com, relays: [{host: smtp.example.com}]}`")
    }
    let named = project.delivery.rules.filter { $0.report == report }
    if let rule, !named.contains(where: { $0.name == rule }) {
      let hint = nearest(to: rule, among: named.map(\.name)).map { "did you mean `\($0)`?" }
      throw Stop(.wrongUse, "unknown-rule", "no rule for \(report) is named `\(rule)`", remedy: hint)
    }
    var rules = named.filter { rule == nil || $0.name == rule }
    guard !recipients.isEmpty else {
      if rules.isEmpty {
        throw Stop(
          .wrongUse, "unknown-rule", "no rule of Config/delivery.yml delivers `\(report)`",
          remedy: "add one, or say --to")
      }
      return rules
    }
    let addresses = try recipients.map { text in
      guard let address = MailAddress(text) else {
        throw Stop(
          .wrongUse, "bad-address", "`\(text)` is no mail address",
          remedy: "write `ada@example.com` or, as one argument, `Ada Larch <ada@example.com>`")
      }
      return address
    }
    // What stands in the rule holds for others, too; without one it is a message of no rule.
    var byHand =
      rule.flatMap { name in rules.first { $0.name == name } }
      ?? DeliveryRule(name: OutboxDelivery.byHand, report: report, place: Place(file: "--to"))
    byHand.name = OutboxDelivery.byHand
    byHand.recipients = addresses
    byHand.webhook = nil
    rules = [byHand]
    return rules
  }

  private func write(_ rules: [DeliveryRule], _ data: ReportData, _ dispatch: Dispatch) throws {
    for rule in rules {
      if rule.webhook != nil {
        let (deliveries, findings) = dispatch.deliveries(rule, data, repeats: .never)
        Console.print(findings)
        for delivery in deliveries { print(delivery.content) }
        continue
      }
      let (prepared, findings) = dispatch.prepare(rule, data)
      Console.print(findings)
      guard let prepared else { throw Stop(.refused) }
      for recipient in rule.recipients {
        let key = DeliveryKey(
          rule: rule.name, report: rule.report, period: data.month.description, recipient: recipient.mailbox)
        let text = MailMessage.text(
          parts: prepared.message.parts, to: recipient, messageID: dispatch.name(key, revision: 1),
          queued: Clock.now)
        let name = [rule.report, data.month.description, recipient.mailbox].joined(separator: "-")
        let path = dispatch.project.path(dispatch.project.company.output + "/mail/\(fileName(name)).eml")
        guard TextFile.write(text, to: path) else {
          throw Stop(.unreachable, "system-refused", "\(path) cannot be written")
        }
        Console.write(path)
      }
    }
  }

  private func fileName(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "@.-_+".contains($0)) ? $0 : "_" })
  }
}
