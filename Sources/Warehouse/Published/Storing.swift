import GRDB
import Model

extension RunTransaction {
  /// Puts a roll-up in place of the published one, behind the public views. To be called after ``book(_:)``, which gives the names.
  ///
  /// Throws when a bridge row does not add up: the schema refuses it, and the run publishes nothing.
  public func store(_ result: RollupResult, catalogue: [Metric], terms: PublicationTerms) throws {
    try terms.store(database)
    try storeAccounts()
    let metrics = try storeCatalogue(catalogue)
    try dropStalePeriods(result, database)
    var codes = try Codes(database)
    try storeFigures(result.figures, metrics, &codes)
    try storeBridge(result.bridge, &codes)
    try storeCohorts(result.cohorts, &codes)
    try storeCustomers(result, &codes)
    try storeCharges(result.charges, &codes)
    try storeRates(result.ratesUsed)
  }

  private func storeAccounts() throws {
    let accounts = accounts
    try replace("customer_account", count: accounts.count, database) { position, row in
      let account = accounts[position]
      let latest = account.states.last
      row.append(.integer(account.id))
      row.append(.text(account.name))
      row.append(StoredValue(latest?.country))
      row.append(StoredValue(latest?.employees))
      row.append(StoredValue(account.parent.map { accounts[Int($0)].id }))
      row.append(.text(latest.map { writeAttributes($0.attributes) } ?? "{}"))
      row.append(.integer(account.states.isEmpty ? 0 : 1))
    }
  }

  /// The catalogue's keys by id. Metrics that are gone are taken out with the figures that name them.
  private func storeCatalogue(_ catalogue: [Metric]) throws -> [String: Int64] {
    let gone = try String.fetchAll(database, sql: "select id from metric_declaration").filter { id in
      !catalogue.contains { $0.id == id }
    }
    for id in gone {
      try database.execute(
        sql: "delete from figure where metric = (select metric from metric_declaration where id = ?)",
        arguments: [id])
      try database.execute(sql: "delete from metric_declaration where id = ?", arguments: [id])
      try database.execute(sql: "delete from stored_digest where name = 'figure'")
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

  private func storeRates(_ rates: [RateUsed]) throws {
    let rates = Set(rates).sorted {
      ($0.month, $0.from, $0.to, $0.day?.number ?? .min) < ($1.month, $1.from, $1.to, $1.day?.number ?? .min)
    }
    try replace("applied_rate", count: rates.count, database) { position, row in
      let rate = rates[position]
      row.append(StoredValue(rate.month.number))
      row.append(.text(rate.from.code))
      row.append(.text(rate.to.code))
      row.append(.integer(rate.rate.numerator))
      row.append(.integer(rate.rate.denominator))
      row.append(StoredValue(rate.day.map { Int64($0.number) }))
    }
  }
}
