import Model
import Warehouse

extension PipelineRun {
  /// Puts into the outbox what the pipeline's rules deliver of the month, as part of the run.
  ///
  /// A run that a person asks for another month of delivers nothing: `send` does.
  func queueMail(
    _ data: ReportData, _ dataThrough: DataThrough, _ findings: [Finding], _ transaction: RunTransaction
  ) throws -> [Finding] {
    guard month == nil, !pipeline.rules.isEmpty else { return [] }
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

  /// Sends what the outbox has; what was not sent is told.
  func sendMail(holding lock: WarehouseLock) throws -> [Finding] {
    log.begin("send")
    let outbox = try Outbox(opening: project.warehousePath, holding: lock, at: Clock.now)
    let outcome = try OutboxDelivery(project: project).carryOut(outbox)
    _ = log.end("send", rows: outcome.sent, detail: outcome.tried == 0 ? "nothing to send" : nil)
    return outcome.findings
  }
}
