import ArgumentParser
import Model
import Project
import Render
import Warehouse

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Tell what the last runs did, and how far the data reaches.",
    discussion: """
      Of a source that is read from an API also how it was read last, and what shows that nothing is missing: that as many records
      came as the API counts, or its word alone that there are no more.

      EXAMPLE
        perennial status --project books
        perennial status --summary
      """)

  @OptionGroup var options: ProjectOptions
  @Flag(help: "The last reported month's figures as a table, and where the reports lie.")
  var summary = false
  @Flag(help: "All findings of the last run.")
  var findings = false
  @Option(help: "How many runs to show.")
  var runs = 5
  @Flag(help: "One JSON object a run and a source.")
  var json = false

  func validate() throws {
    if json, summary || findings {
      throw ValidationError("--json goes with neither --summary nor --findings")
    }
  }

  func run() throws {
    let project = try options.load()
    try WorldFaults.told {
      let reader = try WarehouseReader(reading: project.warehousePath)
      if summary {
        try showSummary(reader)
        for pipeline in project.pipelines {
          print("reports in \(project.path(project.company.output + "/" + pipeline.folder))")
        }
        return
      }
      if json { return try showObjects(reader, project) }
      guard let latest = try reader.latestRuns(1).first else {
        print("no run yet")
        return
      }
      if findings {
        for finding in try reader.findings(of: latest.id) { print(finding.text(masked: !Console.isTerminal)) }
        return
      }
      try showRuns(reader, project)
      for finding in try reader.findings(of: latest.id) where finding.keepsReportsBack {
        print(finding.text(masked: !Console.isTerminal))
      }
      try showSources(reader, project)
      try showOutbox(reader)
    }
  }

  /// A run that stands as running while nobody holds the lock was killed, which the next one will write down.
  private func latest(_ reader: WarehouseReader, _ project: ProjectConfiguration) throws -> [RunRecord] {
    let isUnderWay = WarehouseLock.isHeld(warehouse: project.warehousePath)
    return try reader.latestRuns(runs).map { run in
      var run = run
      if run.status == .running, !isUnderWay {
        run.status = .failed
        run.reason = "ended without a result: killed or crashed"
      }
      return run
    }
  }

  private func showRuns(_ reader: WarehouseReader, _ project: ProjectConfiguration) throws {
    for run in try latest(reader, project) {
      let reason = run.reason.map { ": \(Console.masked($0))" } ?? ""
      print("run \(run.id)  \(run.pipeline)  \(run.started)  \(run.status.rawValue)\(reason)")
    }
  }

  private func showSources(_ reader: WarehouseReader, _ project: ProjectConfiguration) throws {
    guard let data = try published(reader) else { return }
    print(
      "\npublished to \(data.month)\(data.basis == .subscriptions ? "" : ", MRR by \(data.basis.rawValue)")\(data.provisionalMonths.isEmpty ? "" : ", provisional: \(data.provisionalMonths.map(\.description).joined(separator: ", "))")"
    )
    if let closed = try reader.closings().last(where: { $0.action == .close }),
      let through = try reader.closedThrough()
    {
      print("closed to \(through)\(closed.month == through ? ", by \(closed.person) at \(closed.at)" : "")")
    }
    let streams = try reader.streamReads()
    for source in data.sources {
      print(
        "source \(source.name)  data through \(source.dataThrough)  \(source.rows) rows, \(source.quarantined) in quarantine"
      )
      if let read = streams.first(where: { $0.source == source.name }) {
        print("  " + read.summary(project.source(named: source.name)?.stream?.stream))
      }
    }
  }

  /// What was delivered is told in a number, what was not one by one.
  private func showOutbox(_ reader: WarehouseReader) throws {
    let counts = try reader.outboxCounts()
    guard !counts.isEmpty else { return }
    let told = DeliveryState.allCases.compactMap { state in counts[state].map { "\($0) \(state.rawValue)" } }
    print("\ndeliveries: \(told.joined(separator: ", "))")
    for entry in try reader.outbox(open: true, limit: 20) { print("  " + entry.line) }
  }

  private func published(_ reader: WarehouseReader) throws -> ReportData? {
    try reader.reportData(ReportNeed(months: 1, dimensions: [], metrics: ["mrr"], movements: false))
  }

  private func showObjects(_ reader: WarehouseReader, _ project: ProjectConfiguration) throws {
    for run in try latest(reader, project) {
      print(
        JSONLine([
          ("run", .integer(run.id)), ("pipeline", .text(run.pipeline)), ("started", .text("\(run.started)")),
          ("status", .text(run.status.rawValue)), ("reason", .init(run.reason.map(Console.masked))),
        ]))
    }
    guard let data = try published(reader) else { return }
    let streams = try reader.streamReads()
    for source in data.sources {
      let read = streams.first { $0.source == source.name }
      print(
        JSONLine(
          [
            ("source", .text(source.name)), ("data_through", .text("\(source.dataThrough)")),
            ("rows", .integer(Int64(source.rows))), ("quarantined", .integer(Int64(source.quarantined))),
            ("published_to", .text("\(data.month)")),
          ] + (read?.members ?? [])))
    }
  }

  private func showSummary(_ reader: WarehouseReader) throws {
    guard let last = try reader.lastWholeMonth(), let data = try reader.reportData(ReportNeed(month: last))
    else {
      print("nothing is published yet")
      return
    }
    print(summaryTable(data))
  }
}

extension WarehouseReader {
  /// The last published month that is not provisional; the last one where all are.
  func lastWholeMonth() throws -> Month? {
    var need = ReportNeed(months: 1, dimensions: [], metrics: ["mrr"], movements: false)
    guard let data = try reportData(need) else { return nil }
    var month = data.month
    while data.provisionalMonths.contains(month) { month = month - 1 }
    guard month != data.month else { return month }
    need.month = month
    return try reportData(need)?.figures.isEmpty == false ? month : data.month
  }
}
