import GRDB
import Model

/// Opportunities, expenses and rates of a book.
struct OtherFacts {
  private(set) var opportunities: [(deal: Book.Opportunity, customer: Int64?)] = []
  private(set) var expenses: [Book.Expense] = []
  private(set) var rates: [Book.Rate] = []
  private(set) var findings: [Finding] = []

  init(
    _ sources: ConfiguredSources, _ customers: inout CustomerFacts, _ order: MomentOrder, _ database: Database
  ) throws {
    try readOpportunities(sources, &customers, database)
    try readExpenses(sources, database)
    try readRates(sources, order.zone, database)
  }

  private mutating func readOpportunities(
    _ sources: ConfiguredSources, _ customers: inout CustomerFacts, _ database: Database
  ) throws {
    let reader = VersionReader(entity: .opportunity, sources: sources, database: database)
    let (customer, status, amount) = (
      reader.column("customer"), reader.column("status"), reader.column("amount")
    )
    let (currency, created, closed) = (
      reader.column("currency"), reader.column("created"), reader.column("closed")
    )
    var deals: [(Book.Opportunity, Int64?)] = []
    try reader.forEach(
      { statement in
        var deal = Book.Opportunity(
          id: 0, customer: nil, status: statement.choice(status, EntityColumn.opportunityStatuses) ?? 0)
        deal.amount = statement.optionalInteger(amount)
        deal.currency = Currency(ascii: statement.bytes(currency))
        deal.created = statement.moment(created)
        deal.closed = statement.moment(closed)
        return (deal: deal, customer: statement.optionalInteger(customer))
      },
      body: { identity, statements in
        for row in statements.winning()?.rows ?? [] {
          var deal = row.value.deal
          deal.id = identity
          deal.from = row.from
          deal.to = row.to
          let customer = row.value.customer.flatMap { customers.isWanted($0) ? $0 : nil }
          deals.append((deal, customer.map { customers.refer(to: $0) }))
        }
      })
    opportunities = deals
  }

  /// What was spent stays spent: of an expense read from snapshots its last state counts, also when later ones leave it out.
  private mutating func readExpenses(_ sources: ConfiguredSources, _ database: Database) throws {
    let reader = VersionReader(entity: .expense, sources: sources, database: database)
    let (day, category) = (reader.column("day"), reader.column("category"))
    let (amount, currency) = (reader.column("amount"), reader.column("currency"))
    var found: [Book.Expense] = []
    try reader.forEach(
      { statement -> Book.Expense? in
        guard let day = statement.moment(day), let currency = Currency(ascii: statement.bytes(currency)),
          let category = statement.choice(category, EntityColumn.expenseCategories)
        else { return nil }
        return Book.Expense(
          day: day, category: category, amount: statement.integer(amount), currency: currency)
      },
      body: { _, statements in
        if let expense = statements.winning()?.rows.last?.value { found.append(expense) }
      })
    expenses = found
  }

  private mutating func readRates(_ sources: ConfiguredSources, _ zone: ReportingZone, _ database: Database)
    throws
  {
    struct Pair: Hashable {
      var day: Day
      var from: Currency
      var to: Currency
    }
    let reader = VersionReader(entity: .fxRate, sources: sources, database: database)
    let (day, from) = (reader.column("day"), reader.column("from"))
    let (to, rate) = (reader.column("to"), reader.column("rate"))
    var found: [Pair: (rate: ExactRate, rank: Int)] = [:]
    var unreadable = 0
    var differing = 0
    try reader.forEach(
      { statement -> Book.Rate? in
        guard let moment = statement.moment(day), let from = Currency(ascii: statement.bytes(from)),
          let to = Currency(ascii: statement.bytes(to)), let rate = ExactRate(decimal: statement.text(rate))
        else { return nil }
        return Book.Rate(day: zone.day(of: moment), from: from, to: to, rate: rate)
      },
      body: { _, statements in
        guard let said = statements.winning(), let stated = said.rows.last else { return }
        guard let rate = stated.value else {
          unreadable += 1
          return
        }
        let pair = Pair(day: rate.day, from: rate.from, to: rate.to)
        if let other = found[pair] {
          if other.rate != rate.rate { differing += 1 }
          // Rows of one source that differ: the smaller rate, so that their order plays no part.
          let isSmaller =
            Int128(rate.rate.numerator) * Int128(other.rate.denominator)
            < Int128(other.rate.numerator) * Int128(rate.rate.denominator)
          if (other.rank, isSmaller ? 1 : 0) < (said.source.rank, 1) { return }
        }
        found[pair] = (rate.rate, said.source.rank)
      })
    rates = found.map { Book.Rate(day: $0.day, from: $0.from, to: $0.to, rate: $1.rate) }.sorted {
      ($0.from, $0.to, $0.day) < ($1.from, $1.to, $1.day)
    }
    if unreadable > 0 {
      findings.append(
        Finding(
          .error, "unreadable-rate",
          "\(unreadable) exchange rates are no positive decimal of at most 18 digits",
          consequence: "money in that currency cannot be converted"))
    }
    if differing > 0 {
      findings.append(
        Finding(
          .warning, "differing-rates", "\(differing) exchange rates are stated twice with different values",
          consequence: "that of the source read furthest is used, within one source the smaller"))
    }
  }
}
