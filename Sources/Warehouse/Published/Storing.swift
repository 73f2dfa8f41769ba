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
    try storeForecasts(result)
    try storeCustomers(result, &codes)
    if let lastBook { try carry(result.sums, lastBook) }
    try keepDigest(PublishedDigest(result.figures, result.bridge, result.cohorts))
  }

  /// Puts these figures in place of those ``store(_:catalogue:terms:)`` stored.
  public func store(figures: [Figure], catalogue: [Metric]) throws {
    let metrics = try storeCatalogue(catalogue)
    var codes = try Codes(database)
    try replace(FigureRows(figures, metrics, &codes))
    if var digest = published {
      digest.figures = PublishedDigest(figures, [], []).figures
      try keepDigest(digest)
    }
  }

  private func keepDigest(_ digest: PublishedDigest) throws {
    published = digest
    try digest.store(of: run, database)
  }

  /// The rows of single customers: all of them, or those of the customers that changed. Closed months keep theirs.
  private func storeCustomers(_ result: RollupResult, _ codes: inout Codes) throws {
    let accounts = AccountRows(accounts: lastBook?.accounts ?? [])
    guard let replaced = result.replaced else {
      try replace(accounts)
      guard let closed = result.closed?.through else {
        return try replaceAll(result.customerRows, &codes)
      }
      try restateCustomers(result.customerMRR, through: closed)
      return try replaceOpen(result.customerRows, after: closed, &codes)
    }
    try replace(AccountRows(accounts: lastBook?.replaced ?? []), by: accounts)
    var (before, after) = (replaced, result.customerRows)
    if let closed = result.closed?.through {
      let changed = Set((before.customerMRR + after.customerMRR).map(\.customer))
      try restateCustomers(after.customerMRR, through: closed, of: changed)
      (before, after) = (before.open(after: closed), after.open(after: closed))
    }
    try replace(MovementRows(before.movements), by: MovementRows(after.movements))
    try replace(CustomerMRRRows(before.customerMRR), by: CustomerMRRRows(after.customerMRR))
    try replace(
      MembershipRows(before.memberships, &codes), by: MembershipRows(after.memberships, &codes))
    try replace(ChurnRows(before.churnParts, &codes), by: ChurnRows(after.churnParts, &codes))
    try replace(ChargeRows(before.charges, &codes), by: ChargeRows(after.charges, &codes))
  }

  /// What a closed month let expect stays.
  private func storeForecasts(_ result: RollupResult) throws {
    guard let closed = result.closed?.through else { return try replace(ForecastRows(result.forecasts)) }
    try replace(
      ForecastRows(result.forecasts.filter { $0.made > closed }), where: "made > \(closed.number)")
  }

  private func replaceAll(_ rows: RollupResult.CustomerRows, _ codes: inout Codes) throws {
    try replace(MovementRows(rows.movements))
    try replace(CustomerMRRRows(rows.customerMRR))
    try replace(MembershipRows(rows.memberships, &codes))
    try replace(ChurnRows(rows.churnParts, &codes))
    try replace(ChargeRows(rows.charges, &codes))
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
