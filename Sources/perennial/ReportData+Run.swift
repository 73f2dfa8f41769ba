import Model
import Project
import Rollup
import Warehouse

extension ReportData {
  /// What reports are made from, from a run's results once they are stored; `render` reads the same from the warehouse.
  ///
  /// nil when the month, or any month, has no figures.
  ///
  /// - Parameter listsCustomers: Whether a report shows customers that stand in no movement.
  init?(
    _ project: ProjectConfiguration, _ book: Book, _ result: RollupResult, _ reads: [SourceRead],
    _ transaction: RunTransaction, month: Month?, listsCustomers: Bool
  ) throws {
    let months = result.bridge.filter {
      $0.period.grain == .month && $0.segment == .all && $0.valuation == .asReported
    }
    let whole = months.last { $0.state != .provisional } ?? months.last
    guard let month = month ?? whole?.period.last, months.contains(where: { $0.period.last == month }) else {
      return nil
    }
    let moved = try transaction.movements(of: month)
    // In whatever order a pipeline reads them.
    let reads = reads.sorted { $0.source.name < $1.source.name }
    self.init(
      project, month: month, figures: result.figures.filter { $0.period.last <= month },
      bridge: result.bridge.filter { $0.period.last <= month },
      cohorts: result.cohorts.filter {
        $0.period.last + $0.age * ($0.period.grain == .month ? 1 : 3) <= month
      },
      movements: moved.movements,
      customerNames: moved.names,
      ratesUsed: result.ratesUsed.filter { $0.month <= month },
      sources: try reads.map {
        SourceLine(
          name: $0.source.name, dataThrough: $0.dataThrough, rows: $0.records, quarantined: $0.badRecords,
          proof: try transaction.proof(of: $0), isDelta: $0.source.extent == .delta)
      },
      unlinkedAccounts: book.unlinkedAccounts, unlinkedCustomers: book.unlinkedCustomers)
    state(try transaction.closedMethod(of: month))
    customerKeys = moved.keys
    notes = try transaction.notes(
      on: month, listsCustomers: listsCustomers,
      reconciliation: project.reports.contains(where: \.reconciles)
        ? ReconciliationNeed(zone: project.company.zone, policy: project.policy) : nil)
    notes.quarantine = reads.flatMap(QuarantineCount.counts)
  }

  /// Fills in what the project says.
  init(
    _ project: ProjectConfiguration, month: Month, figures: [Figure], bridge: [BridgeRow],
    cohorts: [CohortCell],
    movements: [CustomerMovement], customerNames: [Int64: String], ratesUsed: [RateUsed],
    sources: [SourceLine],
    unlinkedAccounts: Int, unlinkedCustomers: Int
  ) {
    self.init(
      company: project.company.name, month: month, currency: project.company.currency,
      zoneName: project.company.zone.name, policyName: project.policy.name,
      policyOverrides: project.policy.overriddenLines, fiscalYearStart: project.company.fiscalYearStart,
      headlineNDR: project.policy.headlineNDR.rawValue, figures: figures, bridge: bridge, cohorts: cohorts,
      movements: movements, customerNames: customerNames, ratesUsed: ratesUsed, sources: sources,
      metrics: catalogue(with: project.ownMetrics),
      provisionalMonths: bridge.filter {
        $0.period.grain == .month && $0.segment == .all && $0.valuation == .asReported
          && $0.state == .provisional
      }.map(\.period.last),
      unlinkedAccounts: unlinkedAccounts, unlinkedCustomers: unlinkedCustomers,
      basis: project.policy.basis, decimalMark: project.company.csvDecimalMark)
    style = project.company.style
    policyAssumptions = project.policy.assumptions.map(\.rawValue)
  }
}
