import ArgumentParser
import Model
import Project
import Rollup
import Warehouse

/// Which run's knowledge is asked for.
enum KnownAt: ExpressibleByArgument {
  case run(Int64)
  /// Of the last run that had published by then.
  case by(Moment)

  init?(argument: String) {
    if let run = Int64(argument), run > 0 {
      self = .run(run)
    } else if let moment = Moment(iso: argument) {
      self = .by(moment)
    } else {
      return nil
    }
  }
}

/// What every command asks for that can look at what an earlier run knew.
struct KnownAtOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "As an earlier run knew it: its number in `perennial status`, or the day (2024-02-05) or instant (2024-02-05T03:00:00Z) by which it had published.",
      valueName: "run"))
  var knownAt: KnownAt?

  /// Hands over a project whose warehouse is as the asked run left it: the given one where none is asked for.
  ///
  /// Another warehouse is made for it beside the project's, or where this account may not write there in the system's temporary folder,
  /// and is gone afterwards.
  func with<Result>(
    _ project: ProjectConfiguration, _ options: ProjectOptions,
    _ body: (ProjectConfiguration) throws -> Result
  ) throws -> Result {
    guard let knownAt else { return try body(project) }
    let reader = try WarehouseReader(reading: project.warehousePath)
    let known = try run(knownAt, project, reader)
    var then = try configuration(of: known, options)
    let place = try EarlierPlace(besides: project.warehousePath)
    defer { place.remove() }
    try reader.copy(asKnownTo: known.record.id, to: place.warehouse)
    then.company.warehouse = place.warehouse
    try publishAgain(known, then, reader)
    return try body(then)
  }

  private func run(
    _ asked: KnownAt, _ project: ProjectConfiguration, _ reader: WarehouseReader
  ) throws -> KnownRun {
    switch asked {
    case .run(let number):
      if let known = try reader.knownRun(number) { return known }
      let last = try reader.lastPublishedRun()
      throw Stop(
        .wrongUse, "run-not-published", "no run \(number) has published",
        remedy: last.map { "the last one that has is run \($0); `perennial status` lists the latest" }
          ?? "nothing is published yet: run a pipeline first")
    case .by(let moment):
      // A day is over when the next one begins.
      let end =
        moment.plainDay.map { Moment(instant: project.company.zone.firstInstant(of: $0 + 1) - 1) } ?? moment
      if let number = try reader.lastPublishedRun(by: end), let known = try reader.knownRun(number) {
        return known
      }
      throw Stop(
        .wrongUse, "run-not-published", "no run had published by \(moment)",
        remedy: "`perennial status` lists the runs")
    }
  }

  /// The project as it was configured then.
  private func configuration(of known: KnownRun, _ options: ProjectOptions) throws -> ProjectConfiguration {
    let loaded = options.read(of: KeptConfiguration.files(in: known.configuration))
    if let project = loaded.project { return project }
    throw Stop(
      .wrongUse,
      loaded.findings + [
        Finding(
          .error, "known-configuration",
          "what run \(known.record.id) was configured by is none that this version can work with",
          remedy: "use the version that made the run: \(known.record.program)")
      ])
  }

  private func publishAgain(
    _ known: KnownRun, _ then: ProjectConfiguration, _ reader: WarehouseReader
  ) throws {
    let copy = try WarehouseReader(reading: then.warehousePath)
    let reads = try known.sources.compactMap { name in
      try then.source(named: name).flatMap { source in
        try copy.dataThrough(of: name).map { (source: source, dataThrough: $0) }
      }
    }
    let dataThrough = DataThrough(
      reads, zone: then.company.zone, deciding: decidingEntities(of: then.policy))
    let program = "perennial \(Perennial.configuration.version)"
    let published = try known.publishAgain(in: then.warehousePath, program: program) { transaction in
      try transaction.register(reads.map(\.source))
      let settings = try then.settings(dataThrough, transaction)
      var (book, _, result) = try then.rolledUp(transaction, settings, anew: true)
      let told = try then.publish(&result, book, sources: known.sources, settings, transaction)
      let errors = (result.findings + told).filter { $0.severity == .error }
      if !errors.isEmpty { throw Stop(.refused, errors) }
    }
    Console.print(try reservations(known, published, program, reader))
    Console.write(
      "as run \(known.record.id) knew it, published \(known.record.ended ?? known.record.started)")
  }

  /// What keeps the figures from being those that were published.
  private func reservations(
    _ known: KnownRun, _ published: PublishedDigest?, _ program: String, _ reader: WarehouseReader
  ) throws -> [Finding] {
    let run = known.record.id
    var findings: [Finding] = []
    if let then = known.published, then != published {
      let parts = [
        (then.figures != published?.figures, "figures"), (then.bridge != published?.bridge, "bridge"),
        (then.cohorts != published?.cohorts, "cohorts"),
      ].filter(\.0).map(\.1)
      let by = known.record.program == program ? "" : ", which was made by \(known.record.program)"
      findings.append(
        Finding(
          .warning, "known-otherwise",
          "the \(parts.joined(separator: ", ")) are not all those that run \(run) published\(by)",
          consequence:
            "what is shown is what this version makes of the rows and the configuration known then",
          remedy: "hold it beside what was delivered then; `perennial explain` shows what a figure is made of"
        ))
    }
    if known.published == nil {
      findings.append(
        Finding(
          .note, "known-unchecked",
          "whether these are the figures that run \(run) published cannot be told: it was made before that was kept",
          consequence: "what is shown is what this version makes of the rows and the configuration known then"
        ))
    }
    let reopened = try reader.reopened(since: run)
    if let first = reopened.first, let last = reopened.last {
      findings.append(
        Finding(
          .warning, "known-reopened",
          "\(first == last ? "\(first) was" : "months from \(first) to \(last) were") closed then and opened again since",
          consequence:
            "the figures shown of \(first == last ? "it" : "them") are as closed; single customers' MRR, movements, segments and restatements, forecasts and rates are not"
        ))
    }
    return findings
  }
}
