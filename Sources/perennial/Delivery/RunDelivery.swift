import Model
import Warehouse

extension PipelineRun {
  /// Puts into the outbox what the pipeline's rules deliver of the month, as part of the run.
  ///
  /// A run that a person asks for another month of delivers nothing: `send` does.
  func queueMail(
    _ data: ReportData, _ dataThrough: DataThrough, _ findings: [Finding], _ transaction: RunTransaction
  ) throws -> [Finding] {
    guard month == nil, !pipeline.rules.isEmpty || !project.delivery.operators.isEmpty else { return [] }
    let conditions = DeliveryConditions(asOf: asOf, dataThrough: dataThrough.earliest, findings: findings)
    if conditions.age > project.delivery.staleAfter {
      return [
        Finding(
          .warning, "stale-data",
          "the data reaches to \(dataThrough.earliest), \(conditions.age / 86_400_000) days before the run",
          consequence: "nothing is delivered but the pipeline's folder",
          remedy:
            "look why no newer export has come; how old it may be is `stale_after` in Config/delivery.yml")
      ]
    }
    let dispatch = Dispatch(project: project)
    var told: [Finding] = []
    for name in pipeline.rules {
      guard let rule = project.delivery.rules.first(where: { $0.name == name }), conditions.areMet(rule, data)
      else { continue }
      let (deliveries, faults) = dispatch.deliveries(
        rule, data, repeats: rule.sendsChanges ? .onChange : .never)
      told += faults
      _ = try transaction.queue(deliveries, at: Clock.now, named: dispatch.name)
    }
    return told
  }

  /// Tells the operator once what keeps figures or reports from getting where they belong.
  func tellOperator(_ outcome: Outcome) throws {
    guard !isDryRun, project.delivery.mail != nil, !project.delivery.operators.isEmpty else { return }
    let stale = outcome.findings.filter { $0.name == "stale-data" }
    let trouble: (OperatorNotice.Kind, [Finding], Moment)? =
      switch outcome.record.status {
      case .held: (.held, outcome.holds.map(\.finding), try failingSince(outcome.record))
      case .failed, .running: (.failed, outcome.findings, try failingSince(outcome.record))
      case .published where !stale.isEmpty: (.stale, stale, outcome.dataThrough ?? outcome.record.started)
      case .published: nil
      }
    if let (kind, findings, since) = trouble {
      try OperatorNotice(
        project: project, pipeline: pipeline.name, kind: kind, findings: findings, since: since
      ).send(isOffline: isOffline)
    }
    if isOffline { return }
    let outbox = try Outbox(opening: project.warehousePath, at: Clock.now)
    try MissingReports(project: project).tellOperator(outbox, pipeline: pipeline.name)
  }

  /// The same for a fault that ended the run before it could say how it went; one more fault here is not worth hiding the first for.
  func tellOperator(of stop: Stop) {
    guard !isDryRun, [.refused, .unreachable, .internalError].contains(stop.status) else { return }
    let since = (try? WarehouseReader(reading: project.warehousePath).failingSince(pipeline.name)) ?? asOf
    try? OperatorNotice(
      project: project, pipeline: pipeline.name, kind: .failed, findings: stop.findings, since: since
    ).send(isOffline: isOffline)
  }

  /// The first of the runs of this pipeline, this one included, of which none has published.
  private func failingSince(_ record: RunRecord) throws -> Moment {
    try WarehouseReader(reading: project.warehousePath).failingSince(pipeline.name) ?? record.started
  }

  /// Sends what the outbox has; what was not sent is told, and so is what earlier runs have given up.
  func sendMail() throws -> [Finding] {
    log.begin("send")
    let outbox = try Outbox(opening: project.warehousePath, at: Clock.now)
    let outcome = try OutboxDelivery(project: project).carryOut(outbox)
    _ = log.end("send", rows: outcome.sent, detail: outcome.tried == 0 ? "nothing to send" : nil)
    return try outcome.findings
      + MissingReports(project: project).standing(outbox, besides: outcome.ended)
  }
}
