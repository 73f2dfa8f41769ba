import Model
import Project
import Rollup
import Warehouse

/// What makes figures of the facts in a warehouse and stores them: in a run, and when an earlier one is looked at again.
extension ProjectConfiguration {
  func settings(_ dataThrough: DataThrough, _ transaction: RunTransaction) throws -> RollupSettings {
    var settings = rollupSettings(lastMonth: dataThrough.lastMonth, dataThrough: dataThrough.earliest)
    settings.closed = try transaction.closedMonths()
    return settings
  }

  /// Rolls up what changed since the last published run, or everything; the result's findings are those on the book, too.
  ///
  /// - Parameter anew: Whether everything is, also where nothing changed.
  func rolledUp(
    _ transaction: RunTransaction, _ settings: RollupSettings, anew: Bool
  ) throws -> (book: Book, charges: Int, result: RollupResult) {
    let request = BookRequest(
      sources: sources.map(\.name), attributeSources: company.attributeSources,
      zone: company.zone, billing: billingEntities(of: policy),
      documents: revenueEntities, joinsParents: policy.customerIs == .parent)
    if !anew, let change = try transaction.difference(request),
      var result = rollUp(replacing: change.before, with: change.after, in: change.sums, settings)
    {
      result.findings = try transaction.placed(change.findings + result.findings)
      return (change.after, change.after.charges.count, result)
    }
    let (book, findings) = try transaction.book(request)
    Memory.giveBack()
    // The charges and lines are the most of it, and not looked at any more.
    var rest = book
    rest.charges = []
    rest.billing = Book.Billing()
    let charges = book.charges.count
    var result = rollUp(consume book, settings)
    result.findings = try transaction.placed(findings + result.findings)
    return (rest, charges, result)
  }

  /// Stores what was rolled up, with the figures that own metrics ask the warehouse for.
  ///
  /// - Parameter sources: Those the figures rest on, by name.
  /// - Returns: What is to be told; with an error nothing may be published.
  func publish(
    _ result: inout RollupResult, _ book: Book, sources: [String], _ settings: RollupSettings,
    _ transaction: RunTransaction
  ) throws -> [Finding] {
    let catalogue = catalogue(with: ownMetrics)
    try transaction.store(
      result, catalogue: catalogue, terms: terms(settings, sources, book, result.findings))
    let asked = try transaction.ask(ownMetrics, beside: result)
    if asked.findings.hasError { return asked.findings }
    let computed = result.figures.count
    result.add(asked: asked.figures, settings)
    if result.figures.count > computed {
      try transaction.store(figures: result.figures, catalogue: catalogue)
    }
    let restated = restatedMonths(try transaction.store(result.closed), in: settings.currency)
    return asked.findings + (restated.map { [$0] } ?? [])
  }

  private func terms(
    _ settings: RollupSettings, _ sources: [String], _ book: Book, _ findings: [Finding]
  ) -> PublicationTerms {
    var terms = PublicationTerms(
      company: company.name, month: settings.lastMonth, currency: settings.currency,
      basis: policy.basis.rawValue, zoneName: company.zone.name, policyName: policy.name,
      policyOverrides: policy.overriddenLines, fiscalYearStart: company.fiscalYearStart,
      headlineNDR: policy.headlineNDR.rawValue, sources: sources,
      unlinkedAccounts: book.unlinkedAccounts, unlinkedCustomers: book.unlinkedCustomers,
      policyAssumptions: policy.assumptions.map(\.rawValue))
    terms.findings = FindingCount.counts(of: findings)
    return terms
  }
}
