import GRDB
import Model

/// The plans of a book with their prices over time.
struct PlanFacts {
  struct Price: Hashable {
    var amount: Int64?
    var currency: Currency?
    var intervalUnit: UInt8?
    var intervalCount: Int64?
    var isMetered: Bool
  }

  /// A price from one moment on (nil: from the beginning) until the next.
  struct PriceState {
    var from: Moment?
    var price: Price
  }

  private(set) var plans: [Book.Plan] = []
  private(set) var index = KeyMap()
  private(set) var prices: [[PriceState]] = []
  /// From when on the first price is proven; nil: always.
  private(set) var provenFrom: [Moment?] = []
  /// Plans that no row describes, and how often charges refer to each.
  private(set) var undescribed: [Int64: Int64] = [:]

  init(_ sources: ConfiguredSources, _ database: Database, names: (Int64) -> String) throws {
    let reader = VersionReader(entity: .plan, sources: sources, database: database)
    let snapshots = try KnownSnapshots(.plan, database)
    let (name, product, amount) = (reader.column("name"), reader.column("product"), reader.column("amount"))
    let (currency, unit) = (reader.column("currency"), reader.column("interval_unit"))
    let (count, usage) = (reader.column("interval_count"), reader.column("usage_type"))
    try reader.forEach(
      { statement in
        (
          name: statement.optionalText(name), product: statement.optionalText(product),
          price: Price(
            amount: statement.optionalInteger(amount), currency: Currency(ascii: statement.bytes(currency)),
            intervalUnit: statement.choice(unit, EntityColumn.intervalUnits),
            intervalCount: statement.optionalInteger(count),
            isMetered: statement.choice(usage, EntityColumn.usageTypes) == 1)
        )
      },
      body: { identity, statements in
        guard let said = statements.winning(), let latest = said.rows.last else { return }
        var states: [PriceState] = []
        for row in said.rows where states.last?.price != row.value.price {
          states.append(PriceState(from: states.isEmpty ? nil : row.from, price: row.value.price))
        }
        let first = said.rows.first?.from
        // A price that an earlier snapshot did not have yet is proven since then: it was its first.
        let proven = first.flatMap {
          snapshots.lastInformative(before: $0, source: said.source.key, identity: identity) ?? $0
        }
        var plan = Book.Plan(
          id: identity, name: latest.value.name ?? names(identity), product: latest.value.product)
        plan.intervalUnit = latest.value.price.intervalUnit
        plan.intervalCount = Int32(clamping: max(1, latest.value.price.intervalCount ?? 1))
        plan.isMetered = latest.value.price.isMetered
        append(plan, states, proven)
      })
  }

  private mutating func append(_ plan: Book.Plan, _ states: [PriceState], _ proven: Moment?) {
    index.set(plan.id, to: Int32(plans.count))
    plans.append(plan)
    prices.append(states)
    provenFrom.append(proven)
  }

  /// The plan's index; a plan that only charges refer to stands for itself, without a price.
  mutating func refer(to identity: Int64, names: (Int64) -> String) -> Int32 {
    if let known = index[identity] {
      if !undescribed.isEmpty, let count = undescribed[identity] { undescribed[identity] = count + 1 }
      return known
    }
    undescribed[identity] = 1
    append(Book.Plan(id: identity, name: names(identity)), [], nil)
    return Int32(plans.count - 1)
  }
}
