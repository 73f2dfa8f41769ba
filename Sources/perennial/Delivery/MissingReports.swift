import Model
import Project
import Warehouse

/// What somebody still has to get and no run tries any more.
struct MissingReports {
  let project: ProjectConfiguration

  /// Reports that were given up and that their rules would still deliver: told by each run until somebody sends them again, a later
  /// one has arrived, or the recipient is taken out of the rule.
  func standing(_ outbox: Outbox, besides told: Set<Int64>) throws -> [Finding] {
    let delivery = OutboxDelivery(project: project)
    return try outbox.undelivered().filter {
      $0.state == .failed && !told.contains($0.id) && isOfARule($0) && delivery.isNamed($0)
    }.map { $0.givenUp($0.reply ?? "") }
  }

  /// Tells the operator, in one mail, of what was given up or came into doubt since the last such mail that was not given up itself.
  func tellOperator(_ outbox: Outbox, pipeline: String?) throws {
    let delivery = OutboxDelivery(project: project)
    let kind = OperatorNotice.Kind.undelivered
    let told = try outbox.lastQueued(rule: OperatorNotice.rule, reportsEndingIn: ": \(kind.rawValue)")
    let news = try outbox.undelivered().filter { entry in
      (isOfARule(entry) || entry.key.rule == OutboxDelivery.byHand) && delivery.isNamed(entry)
        && told.map { entry.changed.seconds > $0.seconds } ?? true
    }
    guard let first = news.min(by: { $0.changed.seconds < $1.changed.seconds }) else { return }
    let name = pipeline ?? project.pipelines.first { $0.rules.contains(first.key.rule) }?.name
    try OperatorNotice(
      project: project, pipeline: name ?? project.pipelines.first?.name ?? "perennial", kind: kind,
      findings: news.map { $0.state == .failed ? $0.givenUp($0.reply ?? "") : $0.unknown($0.reply ?? "") },
      since: first.changed
    ).send(isOffline: false)
  }

  private func isOfARule(_ entry: OutboxEntry) -> Bool {
    ![OperatorNotice.rule, OutboxDelivery.byHand].contains(entry.key.rule)
  }
}
