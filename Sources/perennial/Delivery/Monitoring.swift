import Deliver
import Model
import Project
import Warehouse

/// What machines that watch over a pipeline are told: pings at its start and end, and figures for Prometheus.
struct Monitoring {
  let project: ProjectConfiguration
  let pipeline: ProjectConfiguration.Pipeline

  enum Event: String {
    case start, success, failure
  }

  /// Tells how a run ended.
  func end(_ status: ExitStatus, started: Moment, seconds: Double, pings: Bool) {
    if pings { ping(status == .done ? .success : .failure) }
    do {
      try writeGauges(status: status, started: started, seconds: seconds)
    } catch {
      Console.print([
        Finding(
          .warning, "metrics-not-written", "\(error)",
          remedy: "look at `metrics_file` of the pipeline \(pipeline.name)")
      ])
    }
  }

  /// A service that does not answer is told on stderr and changes nothing: whoever waits for the ping notices.
  func ping(_ event: Event) {
    guard let written = pipeline.ping else { return }
    guard let url = written.resolved({ $0.resolve(projectFolder: project.folder) }) else {
      return warn(
        "a secret of its URL is not there", "set the variable, or write the file, where the program runs")
    }
    var base = url.text
    while base.last == "/" { base.removeLast() }
    let suffix =
      switch event {
      case .start: "/start"
      case .success: ""
      case .failure: "/fail"
      }
    let parts = base.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let address = parts[0] + suffix + (parts.count > 1 ? "?" + parts[1] : "")
    for attempt in 1...2 {
      switch WebRequest(url: Secret(String(address)), total: 10_000).perform() {
      case .sent: return
      case .later(let reason), .refused(let reason), .unknown(let reason):
        if attempt == 2 {
          warn("\(event.rawValue): \(reason)", "look at the service, and at `ping` of the pipeline")
        }
      }
    }
  }

  private func warn(_ problem: String, _ remedy: String) {
    Console.print([
      Finding(.warning, "ping-failed", "the ping of \(pipeline.name) failed: \(problem)", remedy: remedy)
    ])
  }

  /// Writes what the warehouse knows now; nothing where the pipeline names no file.
  ///
  /// - Parameters:
  ///   - status: What the run ended with.
  ///   - seconds: How long it took.
  private func writeGauges(status: ExitStatus, started: Moment, seconds: Double) throws {
    guard let file = pipeline.metricsFile else { return }
    var gauges = GaugeText()
    let labels = [("pipeline", pipeline.name)]
    gauges.add(
      "perennial_last_run_timestamp_seconds", "When the last run began.", [(labels, String(started.seconds))])
    gauges.add(
      "perennial_last_run_exit_status", "The exit code the last run ended with.",
      [(labels, String(status.rawValue))])
    gauges.add(
      "perennial_last_run_duration_seconds", "How long the last run took.", [(labels, fixed(seconds))])
    if let reader = try? WarehouseReader(reading: project.warehousePath) {
      if let run = try reader.publishedRun(), let ended = run.ended {
        gauges.add(
          "perennial_last_success_timestamp_seconds", "When figures were published last.",
          [(labels, String(ended.seconds))])
      }
      let counts = try reader.outboxCounts()
      gauges.add(
        "perennial_deliveries", "Deliveries of the outbox by state.",
        DeliveryState.allCases.map { ([("state", $0.rawValue)], String(counts[$0] ?? 0)) })
      if let data = try reader.reportData(
        ReportNeed(months: 1, dimensions: [], metrics: ["mrr", "customers"], movements: false))
      {
        gauges.add(
          "perennial_source_data_through_timestamp_seconds", "Up to when a source's data is complete.",
          data.sources.map { ([("source", $0.name)], String($0.dataThrough.seconds)) })
        gauges.add(
          "perennial_source_rows", "Records of a source's last read.",
          data.sources.map { ([("source", $0.name)], String($0.rows)) })
        gauges.add(
          "perennial_source_quarantined_rows", "Rows of it in quarantine.",
          data.sources.map { ([("source", $0.name)], String($0.quarantined)) })
        gauges.add(
          "perennial_published_month_end_timestamp_seconds", "The end of the last month with figures.",
          [([], String(Moment(day: data.month.lastDay + 1).seconds))])
      }
    }
    try gauges.write(to: project.path(file))
  }
}
