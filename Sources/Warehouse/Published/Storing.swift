import GRDB
import Model

extension RunTransaction {
  /// Puts a roll-up in place of the published one, behind the public views. To be called after ``book(_:)``, which gives the names.
  ///
  /// Throws when a bridge row does not add up: the schema refuses it, and the run publishes nothing.
  public func store(_ result: RollupResult, catalogue: [Metric], terms: PublicationTerms) throws {
    try terms.store(database)
    let metrics = try storeCatalogue(catalogue)
    try dropStalePeriods(result, database)
    var codes = try Codes(database)
    try replace(FigureRows(result.figures, metrics, &codes))
    try replace(BridgeRows(result.bridge, &codes))
    try replace(CohortRows(result.cohorts, &codes))
    try replace(AppliedRateRows(result.ratesUsed))
    try replace(PlannedRows(result.budgets, metrics, &codes))
    try replace(AdjustmentRows(result.adjustments, metrics))
    try replace(ForecastRows(result.forecasts))
    try storeCustomers(result, &codes)
    if let lastBook { try carry(result.sums, lastBook) }
  }

  /// Puts these figures in place of those ``store(_:catalogue:terms:)`` stored.
  public func store(figures: [Figure], catalogue: [Metric]) throws {
    let metrics = try storeCatalogue(catalogue)
    var codes = try Codes(database)
    try replace(FigureRows(figures, metrics, &codes))
  }

  /// The rows of single customers: all of them, or those of the customers that changed.
  private func storeCustomers(_ result: RollupResult, _ codes: inout Codes) throws {
    let accounts = AccountRows(accounts: lastBook?.accounts ?? [])
    let movements = try MovementRows(result.movements)
    let levels = CustomerMRRRows(result.customerMRR)
    let memberships = try MembershipRows(result.memberships, &codes)
    let charges = try ChargeRows(result.charges, &codes)
    let churnParts = try ChurnRows(result.churnParts, &codes)
    guard let replaced = result.replaced else {
      try replace(accounts)
      try replace(movements)
      try replace(levels)
      try replace(memberships)
      try replace(churnParts)
      return try replace(charges)
    }
    try replace(AccountRows(accounts: lastBook?.replaced ?? []), by: accounts)
    try replace(MovementRows(replaced.movements), by: movements)
    try replace(CustomerMRRRows(replaced.customerMRR), by: levels)
    try replace(MembershipRows(replaced.memberships, &codes), by: memberships)
    try replace(ChurnRows(replaced.churnParts, &codes), by: churnParts)
    try replace(ChargeRows(replaced.charges, &codes), by: charges)
  }

  /// The catalogue's keys by id. Metrics that are gone are taken out with the figures that name them.
  private func storeCatalogue(_ catalogue: [Metric]) throws -> [String: Int64] {
    let gone = try String.fetchAll(database, sql: "select id from metric_declaration").filter { id in
      !catalogue.contains { $0.id == id }
    }
    for id in gone {
      for table in ["figure", "planned_figure", "adjustment_entry"] {
        try database.execute(
          sql: "delete from \(table) where metric = (select metric from metric_declaration where id = ?)",
          arguments: [id])
        try database.execute(sql: "delete from stored_digest where name = ?", arguments: [table])
      }
      try database.execute(sql: "delete from metric_declaration where id = ?", arguments: [id])
    }
    for metric in catalogue {
      let values: StatementArguments = [
        metric.id, metric.title, metric.group.rawValue, metric.unit.rawValue, metric.formula,
        metric.definition,
        metric.needs.map(\.rawValue).joined(separator: ", "), metric.good.rawValue,
      ]
      try database.execute(
        sql: """
          insert into metric_declaration (id, title, metric_group, unit, formula, definition, needs, good)
          values (?, ?, ?, ?, ?, ?, ?, ?)
          on conflict (id) do update set title = excluded.title, metric_group = excluded.metric_group,
            unit = excluded.unit, formula = excluded.formula, definition = excluded.definition, needs = excluded.needs,
            good = excluded.good
          where (title, metric_group, unit, formula, definition, needs, good) <> (excluded.title,
            excluded.metric_group, excluded.unit, excluded.formula, excluded.definition, excluded.needs, excluded.good)
          """, arguments: values)
    }
    var keys: [String: Int64] = [:]
    for row in try Row.fetchAll(database, sql: "select id, metric from metric_declaration") {
      keys[row[0]] = row[1]
    }
    return keys
  }
}
