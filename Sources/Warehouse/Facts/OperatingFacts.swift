import GRDB
import Model

/// Uses, cash balances, entries made by hand and budgets of a book.
struct OperatingFacts {
  /// Uses of the customers the book is made of, with the id all accounts of the customer share.
  private(set) var usage: [(use: Book.Usage, customer: Int64)] = []
  private(set) var cash: [Book.CashBalance] = []
  private(set) var adjustments: [Book.Adjustment] = []
  private(set) var budgets: [Book.Budget] = []

  init(
    _ sources: ConfiguredSources, _ customers: inout CustomerFacts, _ part: BookPart?, _ database: Database
  ) throws {
    let fed = sources.fed
    if fed.contains(.usageEvent) { try readUsage(sources, &customers, part, database) }
    if fed.contains(.cashBalance) { try readCash(sources, database) }
    if fed.contains(.adjustment) { try readAdjustments(sources, &customers, database) }
    if fed.contains(.budget) { try readBudgets(sources, database) }
  }

  /// Currencies of its amounts.
  var currencies: [Currency] {
    cash.map(\.currency) + adjustments.map(\.currency) + budgets.compactMap(\.currency)
  }

  private mutating func readUsage(
    _ sources: ConfiguredSources, _ customers: inout CustomerFacts, _ part: BookPart?, _ database: Database
  ) throws {
    var reader = VersionReader(entity: .usageEvent, sources: sources, database: database)
    if let part {
      let identities = try Int64.fetchSet(
        database,
        sql: """
          select identity from usage_event_version
          where customer in \(sqlList(part.of(.customer))) and seen_to is null
          """)
      reader.only = WantedVersions(identities: identities.sorted())
    }
    let (customer, user, at) = (reader.column("customer"), reader.column("user"), reader.column("at"))
    let count = reader.column("count")
    var users: [String: Int32] = [:]
    var found: [(Book.Usage, Int64)] = []
    try reader.forEach(
      { statement -> (use: Book.Usage, customer: Int64)? in
        guard let owner = statement.optionalInteger(customer), let at = statement.moment(at) else {
          return nil
        }
        var number: Int32 = -1
        if let name = statement.optionalText(user) {
          number = users[name] ?? Int32(users.count)
          users[name] = number
        }
        return (
          Book.Usage(
            customer: 0, user: number, at: at, count: statement.optionalInteger(count) ?? 1_000_000),
          owner
        )
      },
      body: { _, statements in
        // What was used stays used, also when later snapshots leave it out.
        guard let said = statements.winning()?.rows.last?.value, customers.isWanted(said.customer) else {
          return
        }
        found.append((said.use, customers.refer(to: said.customer)))
      })
    usage = found
  }

  private mutating func readCash(_ sources: ConfiguredSources, _ database: Database) throws {
    let reader = VersionReader(entity: .cashBalance, sources: sources, database: database)
    let (day, account) = (reader.column("day"), reader.column("account"))
    let (amount, currency) = (reader.column("amount"), reader.column("currency"))
    var found: [Book.CashBalance] = []
    try reader.forEach(
      { statement -> Book.CashBalance? in
        guard let day = statement.moment(day), let currency = Currency(ascii: statement.bytes(currency))
        else {
          return nil
        }
        return Book.CashBalance(
          day: day, account: statement.optionalText(account), amount: statement.integer(amount),
          currency: currency)
      },
      body: { _, statements in
        if let balance = statements.winning()?.rows.last?.value { found.append(balance) }
      })
    cash = found
  }

  private mutating func readAdjustments(
    _ sources: ConfiguredSources, _ customers: inout CustomerFacts, _ database: Database
  ) throws {
    let reader = VersionReader(entity: .adjustment, sources: sources, database: database)
    let (day, customer, metric) = (reader.column("day"), reader.column("customer"), reader.column("metric"))
    let (amount, currency) = (reader.column("amount"), reader.column("currency"))
    let (author, reason) = (reader.column("author"), reader.column("reason"))
    var found: [Book.Adjustment] = []
    try reader.forEach(
      { statement -> Book.Adjustment? in
        guard let day = statement.moment(day), let currency = Currency(ascii: statement.bytes(currency))
        else {
          return nil
        }
        return Book.Adjustment(
          day: day, customer: statement.optionalInteger(customer), metric: statement.text(metric),
          amount: statement.integer(amount), currency: currency, author: statement.text(author),
          reason: statement.text(reason))
      },
      body: { _, statements in
        guard var entry = statements.winning()?.rows.last?.value else { return }
        if let account = entry.customer {
          entry.customer =
            customers.isWanted(account) ? customers.refer(to: account) : customers.shared(account)
        }
        found.append(entry)
      })
    adjustments = found
  }

  private mutating func readBudgets(_ sources: ConfiguredSources, _ database: Database) throws {
    let reader = VersionReader(entity: .budget, sources: sources, database: database)
    let (day, metric) = (reader.column("day"), reader.column("metric"))
    let (dimension, segment) = (reader.column("dimension"), reader.column("segment"))
    let (amount, currency, value) = (
      reader.column("amount"), reader.column("currency"), reader.column("value")
    )
    var found: [Book.Budget] = []
    try reader.forEach(
      { statement -> Book.Budget? in
        guard let day = statement.moment(day) else { return nil }
        return Book.Budget(
          day: day, metric: statement.text(metric),
          segment: SegmentKey(
            statement.optionalText(dimension) ?? SegmentKey.all.dimension,
            statement.optionalText(segment) ?? SegmentKey.all.segment),
          amount: statement.optionalInteger(amount), currency: Currency(ascii: statement.bytes(currency)),
          value: statement.optionalInteger(value))
      },
      body: { _, statements in
        if let budget = statements.winning()?.rows.last?.value { found.append(budget) }
      })
    budgets = found
  }
}
