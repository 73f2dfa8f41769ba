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
      let isNew = try outbox.add(delivery, at: Clock.now, named: dispatch.name) != nil
      // Of what the operator has not heard since that mail was given up, it is the mail to send again.
      if !isNew, kind == .undelivered, let known = try outbox.latest(delivery.key), known.state == .failed {
        _ = try outbox.resend(known.id, at: Clock.now)
      }
    }
    if isOffline { return }
    let outcome = try OutboxDelivery(project: project).carryOut(outbox) { $0.key.rule == Self.rule }
    Console.print(outcome.findings)
  }

  /// What is wrong, without the numbers that change from night to night; of deliveries, which ones.
  private var cause: String {
    let causes = findings.map {
      "\($0.name) \(kind == .undelivered ? $0.problem : $0.place?.file ?? "")"
    }
    return contentDigest(Set(causes).sorted().joined(separator: "\n"))
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
    case .failed, .stale: lines.append("  Follow what is told above, then run again.")
    case .undelivered: lines.append("  Follow what is told above.")
    }
    let folder = project.absoluteFolder
    lines +=
      kind == .undelivered
      ? ["  perennial outbox list --open --project \(folder)"]
      : [
        "  perennial status --findings --project \(folder)",
        "  perennial run \(pipeline) --project \(folder)",
      ]
    lines += ["", "\(meanwhile) The same trouble is not told again."]
    return lines.joined(separator: "\n") + "\n"
  }

  /// What holds until it is mended.
  private var meanwhile: String {
    switch kind {
    case .held, .failed: "Until then reports and figures are those of the last run that published."
    case .stale:
      "Figures and the pipeline's folder of reports are this run's; mail and webhooks wait for newer data."
    case .undelivered: "Figures and the pipeline's folder of reports do not depend on it."
    }
  }
}
