import ArgumentParser
import Deliver
import Extract
import Model
import Project
import Render
import Warehouse

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a pipeline: exports in, figures and reports out.",
    discussion: """
      A run publishes whole or not at all. Running the same exports again changes nothing but the run log.

      EXAMPLE
        perennial run nightly --project books --as-of 2024-02-01
      """)

  @Argument(help: "The pipeline: the name of a file in Pipelines/ without its extension.")
  var pipeline: String
  @OptionGroup var options: ProjectOptions
  @Option(
    help:
      "The instant or day the exports are of, where they do not say: 2024-01-31 or 2024-02-01T00:00:00Z. Now, by default."
  )
  var asOf: Moment?
  @Option(help: "The month to report on; the last whole one by default.")
  var month: Month?
  @Flag(
    help:
      "Read every API whole, and take every figure from the facts again, also those that no change concerns.")
  var fullRefresh = false
  @Flag(help: "Reach for nothing over the network: read again what the last fetch of each source has landed.")
  var offline = false
  @Flag(help: "Do everything but publish, log or deliver.")
  var dryRun = false
  @Flag(help: "One JSON object a stage on stdout.")
  var json = false
  @Flag(
    help:
      "Say nothing where all went well: for cron, which mails what is said. Of warnings only what keeps reports from going out is said."
  )
  var quiet = false

  func validate() throws {
    if let asOf, !(0...7_258_118_400).contains(asOf.seconds) {
      throw ValidationError("--as-of must lie between 1970 and 2200")
    }
  }

  func run() throws {
    let project = try options.load()
    try project.refuseUnfedPolicy()
    let chosen: ProjectConfiguration.Pipeline
    switch project.pipeline(named: pipeline) {
    case .success(let found): chosen = found
    case .failure(let unknown): throw Stop(.wrongUse, [unknown.finding])
    }
    let started = Clock.now
    let run = PipelineRun(
      project: project, pipeline: chosen, asOf: asOf ?? started, month: month, isDryRun: dryRun,
      rollsUpAnew: fullRefresh, isOffline: offline, log: StageLog(json: json, isQuiet: quiet))
    let request = RunRequest(
      pipeline: chosen.name, started: started, asOf: asOf,
      program: "perennial \(Perennial.configuration.version)",
      policy: ([project.policy.name] + project.policy.overriddenLines).joined(separator: "; "),
      configuration: KeptConfiguration.text(of: project.files))
    let watch = Monitoring(project: project, pipeline: chosen)
    let isWatched = !dryRun && !offline
    let begun = Clock.seconds
    if isWatched { watch.ping(.start) }
    var status = ExitStatus.done
    defer {
      if !dryRun { watch.end(status, started: started, seconds: Clock.seconds - begun, pings: isWatched) }
    }
    do {
      let outcome: PipelineRun.Outcome
      do {
        outcome = try WorldFaults.told { try run.carryOut(request) }
      } catch let stop as Stop {
        run.tellOperator(of: stop)
        throw stop
      }
      try report(outcome, run)
    } catch let stop as Stop {
      status = stop.status
      throw stop
    }
  }

  private func report(_ outcome: PipelineRun.Outcome, _ run: PipelineRun) throws {
    if quiet, outcome.record.status == .published, outcome.undelivered.isEmpty {
      return Console.print(outcome.findings.filter(\.keepsReportsBack))
    }
    Console.print(outcome.findings)
    if let figures = outcome.figures, !json { Console.write("\n" + summaryTable(figures)) }
    if outcome.isDryRun, outcome.holds.isEmpty, !outcome.findings.hasError {
      Console.write("dry run: nothing was published")
      return
    }
    switch outcome.record.status {
    case .published:
      Console.write(
        outcome.figures == nil
          ? "published as run \(outcome.record.id), without figures and reports"
          : "published as run \(outcome.record.id); reports in \(run.deliveryFolder)")
      if !outcome.undelivered.isEmpty { throw Stop(.unreachable, outcome.undelivered) }
    case .held:
      throw Stop(.refused, outcome.holds.map(\.finding))
    case .failed, .running:
      Console.write("nothing was published: \(Console.masked(outcome.record.reason ?? "the run failed"))")
      throw Stop(outcome.findings.exitStatus)
    }
  }
}

extension Hold {
  var finding: Finding {
    Finding(
      .error, "run-held", "source \(source): \(reason)", consequence: "nothing is published",
      remedy: "if that is right, say `perennial accept \(source)` and run again; else mend the export")
  }
}

extension [Finding] {
  /// What a run ends with that was refused for these.
  var exitStatus: ExitStatus {
    let names = filter { $0.severity == .error }.compactMap { ExtractFinding(rawValue: $0.name) }
    if names.contains(where: \.isWrongUse) { return .wrongUse }
    // Asked for with --month.
    if contains(where: { $0.severity == .error && $0.name == "month-not-published" }) { return .wrongUse }
    return names.contains(where: \.isUnreachable) ? .unreachable : .refused
  }
}
