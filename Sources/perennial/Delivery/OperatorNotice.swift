import Deliver
import Model
import Project
import Warehouse

/// Tells the operator once that something broke: what, since when, and what to do.
///
/// A trouble is known by what is wrong and since when, so that a night that fails like the one before sends nothing; something else that breaks
/// in the meantime is told again.
struct OperatorNotice {
  /// The rule's name of such messages; no rule of a project can have it.
  static let rule = "to the operator"

  enum Kind: String {
    case held, failed, stale
    case undelivered = "not delivered"

    fileprivate func headline(_ pipeline: String) -> String {
      switch self {
      case .held: "\(pipeline) is held: nothing new is published"
      case .failed: "\(pipeline) failed: nothing new is published"
      case .stale: "\(pipeline): the data is stale, no report went out"
      case .undelivered: "\(pipeline): a report did not go out"
      }
    }
  }

  let project: ProjectConfiguration
  let pipeline: String
  let kind: Kind
  let findings: [Finding]
  /// When it began.
  let since: Moment

  /// Puts it into the outbox for each operator, and tries to send it.
  func send(isOffline: Bool) throws {
    guard let mail = project.delivery.mail, !project.delivery.operators.isEmpty else { return }
    let outbox = try Outbox(opening: project.warehousePath, at: Clock.now)
    let message = MailMessage(
      from: mail.from, replyTo: mail.replyTo, subject: "\(project.company.name): \(kind.headline(pipeline))",
      text: text)
    let parts = message.parts
    let dispatch = Dispatch(project: project)
    for address in project.delivery.operators {
      let delivery = Delivery(
        key: DeliveryKey(
          rule: Self.rule, report: "\(pipeline): \(kind.rawValue)", period: "\(since)",
          recipient: address.mailbox),
        figures: cause, content: parts, digest: contentDigest(parts), repeats: .onChange)
      _ = try outbox.add(delivery, at: Clock.now, named: dispatch.name)
    }
    if isOffline { return }
    let outcome = try OutboxDelivery(project: project).carryOut(outbox) { $0.key.rule == Self.rule }
    Console.print(outcome.findings)
  }

  /// What is wrong, without the numbers that change from night to night.
  private var cause: String {
    contentDigest(Set(findings.map { "\($0.name) \($0.place?.file ?? "")" }).sorted().joined(separator: "\n"))
  }

  private var text: String {
    let errors = findings.filter { $0.severity == .error }
    let told = (errors.isEmpty ? findings : errors).prefix(5)
    var lines = ["\(kind.headline(pipeline)).", "", "Since: \(since)", "", "What:"]
    lines += told.map { "  " + $0.text(masked: true).replacing("\n", with: "\n  ") }
    if errors.count > told.count { lines.append("  and \(errors.count - told.count) more") }
    lines += ["", "What to do:"]
    switch kind {
    case .held:
      lines.append(
        "  Look at what is told above. Where the data is right as it is, accept the source, then run again.")
    case .failed, .stale, .undelivered: lines.append("  Follow what is told above, then run again.")
    }
    lines += [
      "  perennial status --findings --project \(project.absoluteFolder)",
      "  perennial run \(pipeline) --project \(project.absoluteFolder)",
      "",
      "Until then reports and figures are those of the last run that published. The same trouble is not told again.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}
