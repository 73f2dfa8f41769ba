import Deliver
import Extract
import Model
import Normalize
import Project
import Render
import Rollup
import Warehouse

/// One run of a pipeline: extract, normalize, warehouse, roll up, render as one transaction, then deliver.
struct PipelineRun {
  let project: ProjectConfiguration
  let pipeline: ProjectConfiguration.Pipeline
  let asOf: Moment
  /// The month reported on; the last whole one when nil.
  let month: Month?
  let isDryRun: Bool
  /// Whether to take every figure from the facts again, also where nothing changed.
  let rollsUpAnew: Bool
  /// Whether to read what has landed, and to reach for nothing.
  let isOffline: Bool
  let log: StageLog

  /// What a run ended with.
  struct Outcome {
    var record: RunRecord
    var findings: [Finding]
    var delivered: [FolderDelivery] = []
    /// Of the reports' month; nil where there was nothing to report on.
    var figures: FigureTable?
    var holds: [Hold] = []
    var isDryRun = false
    /// Deliveries that were not sent, or may not have been.
    var undelivered: [Finding] = []
    /// Up to when the data is complete.
    var dataThrough: Moment?
  }

  func carryOut(_ request: RunRequest) throws -> Outcome {
    // What is not to be kept makes no warehouse where there is none.
    let trial = isDryRun ? TrialWarehouse(besides: project.warehousePath) : nil
    defer { trial?.remove() }
    let path = trial?.path ?? project.warehousePath
    let lock = try Warehouse.lock(path)
    let warehouse = try Warehouse(opening: path)
    // It reads nearly all of the file anyway.
    if rollsUpAnew { try warehouse.checkPages() }
    Memory.giveBackLargePieces()
    let published = try WarehouseReader(reading: path).publishedMRR()
    var findings: [Finding] = []
    var holds: [Hold] = []
    var figures: FigureTable?
    var through: Moment?
    var documents: [Document] = []
    let now = { Clock.now }
    let finder = project.fileFinder(isOffline: isOffline)
    let record = try warehouse.run(request, holding: lock, now: now) { transaction in
      var reads: [SourceRead] = []
      for name in pipeline.sources {
        guard let source = project.source(named: name) else { continue }
        let read = try self.take(
          source, from: finder, transaction, isRefused: findings.hasError)
        findings += read.findings
        reads.append(read)
      }
      if findings.hasError { return .fail(reason: findings.firstError) }
      holds = try heldForRows(reads, transaction) + heldForColumns(reads, transaction)

      log.begin("rollup")
      let dataThrough = DataThrough(
        reads.map { ($0.source, $0.dataThrough) }, zone: project.company.zone,
        deciding: decidingEntities(of: project.policy))
      let settings = try project.settings(dataThrough, transaction)
      if let refused = contradiction(of: settings, closedMetrics: try transaction.closedOwnMetrics()) {
        findings.append(refused)
        transaction.record([refused])
        return .fail(reason: refused.problem)
      }
      var (book, charges, result) = try project.rolledUp(transaction, settings, anew: rollsUpAnew)
      let changed = result.replaced == nil ? "" : ", \(book.customers.count) customers changed"
      findings += result.findings
      transaction.record(
        log.end(
          "rollup", rows: charges,
          detail: "\(result.figures.count) figures to \(settings.lastMonth)\(changed)"))
      transaction.record(result.findings)
      if findings.hasError { return .fail(reason: findings.firstError) }
      holds += try heldForMRR(since: published, result, reads, transaction)
      holds = Self.joined(holds)
      if !holds.isEmpty { return .hold(holds) }
      if let changed = changedMonths(since: published, result, in: settings.currency) {
        findings.append(changed)
        transaction.record([changed])
      }

      log.begin("store")
      let stored = try project.publish(
        &result, book, sources: reads.map(\.source.name), settings, transaction)
      findings += stored
      transaction.record(stored)
      if findings.hasError { return .fail(reason: findings.firstError) }
      transaction.record(log.end("store", rows: result.figures.count + result.bridge.count))

      log.begin("render")
      guard
        let reportData = try ReportData(
          project, book, result, reads, transaction, month: month, listsCustomers: listsCustomers)
      else {
        if let month {
          findings.append(
            Finding(
              .error, "month-not-published",
              "there are no figures for \(month): the data reaches to \(settings.lastMonth)",
              consequence: "nothing is published", remedy: "choose another --month, or leave it away"))
        } else if published != nil, !pipeline.reports.isEmpty {
          let told = Finding(
            .warning, "no-figures", "there is nothing to report on: the sources have no charge in force",
            consequence: "reports that an earlier run left in \(deliveryFolder) stay, and are out of date",
            remedy: "remove them, or run again once the exports have charges")
          findings.append(told)
          transaction.record([told])
        }
        transaction.record(log.end("render"))
        return findings.hasError ? .fail(reason: findings.firstError) : isDryRun ? .discard : .publish
      }
      let table = FigureTable(reportData)
      let rendered = renderAll(table)
      documents = rendered.documents
      findings += rendered.findings
      transaction.record(rendered.findings)
      transaction.record(log.end("render", rows: documents.count))
      if findings.hasError { return .fail(reason: findings.firstError) }
      let told = try queueMail(reportData, dataThrough, findings, transaction)
      findings += told
      transaction.record(told)
      if findings.hasError { return .fail(reason: findings.firstError) }
      figures = table
      through = dataThrough.earliest
      return isDryRun ? .discard : .publish
    }
    finder.landing.clearUp(keeping: project.company.landingRuns, of: project.sources.map(\.name))
    var outcome = Outcome(
      record: record, findings: findings, figures: figures, holds: holds, isDryRun: isDryRun)
    outcome.dataThrough = through
    if record.status == .published {
      log.begin("deliver")
      outcome.delivered = [
        try pipeline.isDated
          ? writeDated(documents, to: deliveryFolder, day: runDay.description)
          : writeDocuments(documents, to: deliveryFolder)
      ]
      let outdated =
        pipeline.isDated || documents.isEmpty
        ? []
        : removeOutdated(
          of: Set(pipeline.reports), among: Set(project.reports.map(\.name)), besides: documents,
          in: deliveryFolder)
      let removed = outdated.isEmpty ? "" : "; of earlier runs, removed: \(outdated.joined(separator: ", "))"
      _ = log.end(
        "deliver", rows: documents.count, detail: documents.isEmpty ? nil : deliveryFolder + removed)
    }
    // A server that hangs keeps no other run waiting.
    lock.release()
    if record.status == .published, !pipeline.rules.isEmpty, !isOffline {
      outcome.undelivered = try sendMail()
    }
    try tellOperator(outcome)
    return outcome
  }

  /// The day of the run, where the project is.
  private var runDay: Day { asOf.plainDay ?? project.company.zone.day(of: asOf) }

  var deliveryFolder: String { project.path(project.company.output + "/" + pipeline.folder) }

  // MARK: Stages

  /// Reads one source and compares it with the warehouse; its rows are let go of before the next one is read.
  ///
  /// Once anything is refused the rest is only logged, so that every fault of the night is told at once.
  private func take(
    _ source: SourceConfiguration, from finder: FileFinder, _ transaction: RunTransaction, isRefused: Bool
  ) throws -> SourceRead {
    let found = try find(source, with: finder, transaction)
    let source = source.asRead(found.streamRead)
    let known = rollsUpAnew ? nil : try transaction.knownRecords(of: source)
    var read = try self.read(source, found, known, transaction)
    if try transaction.contradictsKnown(read) {
      read = try self.read(source, found, nil, transaction)
    }
    read.findings = quarantineExcerpts(read.quarantined, first: 3) + read.findings
    if let stream = found.streamRead { try tell(&read, stream, found, transaction) }
    if isRefused || read.findings.hasError {
      try transaction.record(read)
    } else {
      read.findings += try apply(read, transaction)
    }
    read.parts = []
    read.trail = nil
    return read
  }

  /// The source's files on this machine, fetched where they are elsewhere.
  private func find(
    _ source: SourceConfiguration, with finder: FileFinder, _ transaction: RunTransaction
  ) throws -> FoundFiles {
    let isElsewhere = source.stream != nil || source.files.contains { RemoteAddress($0) != nil }
    if isElsewhere { log.begin("fetch", source.name) }
    let found =
      source.stream == nil ? finder.files(of: source) : try ask(source, with: finder, transaction)
    if isElsewhere {
      transaction.record(
        log.end(
          "fetch", source.name, rows: found.streamRead?.received ?? 0,
          bytes: Int(found.fetching?.bytes ?? 0),
          detail: found.streamRead?.summary(source.stream?.stream) ?? found.fetching?.summary))
    }
    return found
  }

  private func read(
    _ source: SourceConfiguration, _ found: FoundFiles, _ known: KnownRecords?, _ transaction: RunTransaction
  ) throws -> SourceRead {
    log.begin("extract", source.name)
    let read = try readSource(source, found, asOf: asOf, known: known, shelf: transaction.shelf()) {
      log.progress(rows: $0, bytes: $1)
    }
    let bad = Set(read.quarantined.map(\.place)).count
    transaction.record(
      log.end(
        "extract", source.name, rows: read.records, bytes: read.files.reduce(0) { $0 + $1.bytes },
        detail: bad == 0 ? nil : "\(bad) rows in quarantine"))
    return read
  }

  private func apply(_ read: SourceRead, _ transaction: RunTransaction) throws -> [Finding] {
    log.begin("warehouse", read.source.name)
    let summary = try transaction.apply(read)
    let counts = summary.entities.values
    let detail =
      summary.isUnchanged
      ? "unchanged"
      : "\(counts.reduce(0) { $0 + $1.new }) new, \(counts.reduce(0) { $0 + $1.changed }) changed, \(counts.reduce(0) { $0 + $1.vanished }) vanished"
    transaction.record(log.end("warehouse", read.source.name, rows: read.records, detail: detail))
    return summary.findings
  }

  /// Whether this run shows a list of customers somewhere: the rows of CSV are figures and movements.
  private var listsCustomers: Bool {
    let rules = Set(pipeline.rules)
    let sent = Set(project.delivery.rules.filter { rules.contains($0.name) }.map(\.report))
    return project.reports.contains { report in
      report.listsCustomers
        && (sent.contains(report.name)
          || pipeline.reports.contains(report.name) && report.formats.contains { $0 != .csv })
    }
  }

  private func renderAll(_ figures: FigureTable) -> (documents: [Document], findings: [Finding]) {
    var documents: [Document] = []
    var findings: [Finding] = []
    for name in pipeline.reports {
      guard let definition = project.reports.first(where: { $0.name == name }) else { continue }
      let rendered = project.documents(definition, figures)
      documents += rendered.documents
      findings += rendered.findings
    }
    return (documents, findings)
  }
}

extension [Finding] {
  var hasError: Bool { contains { $0.severity == .error } }
  var firstError: String { first { $0.severity == .error }?.problem ?? "" }
}
