import GRDB
import Model

/// Charges over dense indices of their own.
struct FoundCharges {
  /// `customer` holds an index into ``customerIDs``, `currency` one into ``currencies``, `product` a slot of ``products``.
  var charges: [Book.Charge] = []
  var customerIDs: [Int64] = []
  var currencies: [Currency] = []
  let products = IdentityIndex()
  var uncounted = UncountedCharges()
}

/// The charges of a book: stated rows made whole by their plan and subscription.
struct ChargeFacts {
  private var found = FoundCharges()
  private var customerIndex = KeyMap()
  /// The same by each account's own identity.
  private var accountIndex = KeyMap()
  private var plans: PlanFacts
  private var subscriptions: SubscriptionFacts
  private var customers: CustomerFacts
  private let order: MomentOrder
  private let names: (Int64) -> String
  private let part: BookPart?

  init(
    plans: PlanFacts, subscriptions: SubscriptionFacts, customers: CustomerFacts, order: MomentOrder,
    part: BookPart?, names: @escaping (Int64) -> String
  ) {
    self.part = part
    self.plans = plans
    self.subscriptions = subscriptions
    self.customers = customers
    self.order = order
    self.names = names
  }

  /// The charges, and bills that go on with what they referred to.
  func parts(_ naturalIDs: NaturalIDs) -> (charges: FoundCharges, bills: BillingFacts) {
    (found, BillingFacts((plans, subscriptions, customers), products: found.products, naturalIDs))
  }

  /// - Parameter streamed: All charges, where they were just written: each a period, and stated once.
  mutating func read(_ sources: ConfiguredSources, streamed: StreamedRows?, _ database: Database) throws {
    let reader = VersionReader(
      entity: .recurringCharge, sources: sources, database: database,
      only: part?.versions(of: .recurringCharge))
    let columns = ChargeColumns(reader)
    try found.charges.reserveCapacity(reader.atMost())
    if let streamed {
      var known: [Int32] = []
      return try streamed.forEachBlock(of: reader.columns) { rows in
        known.removeAll(keepingCapacity: true)
        for row in rows { known.append(accountIndex[row.integer(columns.customer)] ?? -1) }
        for index in rows.indices {
          add(columns.read(rows[index], products: found.products), customer: known[index])
        }
      }
    }
    let winners = try winningSources(.recurringCharge, sources, part, database)
    try reader.forEachRow(.undated) { statement in
      if !winners.isEmpty, winners[statement.integer(1)].map({ $0 != statement.integer(2) }) ?? false {
        return
      }
      add(columns.read(statement, products: found.products))
    }
    try readStates(reader, columns, sources, database)
  }

  /// A charge that says itself from when to when it is.
  ///
  /// - Parameter customer: Index of the customer it names where an earlier row named it, else -1.
  private mutating func add(_ row: ChargeRow, customer: Int32 = -1) {
    add(
      row, RefinedSpan(from: row.start ?? Moment(packed: .min), to: row.end), hasStart: row.start != nil,
      customer)
  }

  /// Charges read from snapshots, state after state.
  private mutating func readStates(
    _ reader: VersionReader, _ columns: ChargeColumns, _ sources: ConfiguredSources, _ database: Database
  ) throws {
    let snapshots = try KnownSnapshots(.recurringCharge, database)
    guard !snapshots.snapshots.isEmpty else { return }
    let products = found.products
    var facts = self
    try reader.forEach(
      { columns.read($0, products: products) },
      body: { identity, statements in
        guard let said = statements.winning(), said.rows.first?.from != nil else { return }
        let spans = refine(
          said.rows.compactMap { stated in
            stated.from.map { seen in
              var start = facts.start(of: stated.value, at: seen)
              if facts.joined(
                stated.value, start, seen: seen,
                absent: snapshots.lastAbsence(
                  before: seen, source: said.source.key, identity: identity))
              {
                start = nil
              }
              return StateSpan(from: seen, to: stated.to, start: start, end: stated.value.end)
            }
          }, order
        ) { snapshots.lastInformative(before: $0, source: said.source.key, identity: identity) }
        for (stated, span) in zip(said.rows, spans) { facts.add(stated.value, span, hasStart: true) }
      })
    self = facts
  }

  private func start(of row: ChargeRow, at moment: Moment?) -> Moment? {
    if let start = row.start { return start }
    guard let subscription = row.subscription.flatMap({ subscriptions.index[$0] }) else { return nil }
    return subscriptions.started(subscription, at: moment, order)
  }

  /// Whether a charge joined a subscription that had been seen without it, and has no other start than the subscription's: that
  /// one says nothing of the charge, which would else count in the past beside what it took the place of.
  ///
  /// - Parameter absent: Since when it is known that the charge was not there before it was seen.
  private func joined(
    _ row: ChargeRow, _ start: Moment?, seen: Moment, absent: @autoclosure () -> KnownSnapshots.Absence
  )
    -> Bool
  {
    guard let start, let subscription = row.subscription.flatMap({ subscriptions.index[$0] }),
      let began = subscriptions.started(subscription, at: seen, order),
      let first = subscriptions.states(subscription).first?.from
    else { return false }
    guard order.zone.day(of: start) <= order.zone.day(of: began) else { return false }
    return switch absent() {
    case .unknown: false
    case .at(let snapshot): first.packed <= snapshot.packed
    case .wheneverOwnerWasSeen: first.packed < seen.packed
    }
  }

  /// The account a charge is billed to, which may be one of several of its customer.
  private func account(of row: ChargeRow, _ owner: Int64) -> Int64? {
    if let customer = row.customer { return customer }
    return row.subscription.flatMap { subscriptions.index[$0] }.flatMap(subscriptions.account) ?? owner
  }

  private mutating func add(_ row: ChargeRow, _ span: RefinedSpan, hasStart: Bool, _ known: Int32 = -1) {
    let isRecurring = row.kind == nil || row.kind == 0
    let owner =
      row.customer
      ?? row.subscription.flatMap { subscriptions.index[$0] }.flatMap(subscriptions.owner)
    var span = span
    if !hasStart {
      guard let start = start(of: row, at: nil) else {
        return found.uncounted.add(row.row, .start, isRecurring)
      }
      span.from = start
    }
    if let to = span.to, !order.precedes(span.from, to) { return }
    guard let owner else { return found.uncounted.add(row.row, .customer, isRecurring) }
    let customer = known < 0 ? customer(owner) : known
    var charge = Book.Charge()
    charge.row = row.row
    if !customers.accounts.isEmpty, let account = account(of: row, owner) {
      charge.account = customers.accounts[account] ?? -1
    }
    charge.customer = customer
    if let subscription = row.subscription {
      charge.subscription =
        subscriptions.settled(subscription)
        ?? subscriptions.refer(to: subscription, customer: found.customerIDs[Int(customer)])
    }
    if let plan = row.plan { charge.plan = plans.refer(to: plan, names: names) }
    charge.product = row.product ?? -1
    if charge.product < 0, charge.plan >= 0, let product = plans.plans[Int(charge.plan)].product {
      charge.product = found.products.slot(adding: product)
    }
    charge.quantity = row.quantity ?? 1_000_000
    charge.discountAmount = row.discountAmount ?? 0
    charge.discountPercent = row.discountPercent ?? 0
    charge.discountDuration = row.discountDuration ?? 0
    charge.discountEnd = row.discountEnd
    charge.trial = row.trial
    charge.status = row.status ?? 255
    charge.start = span.from
    charge.end = span.to
    charge.endIsStated = row.end != nil
    charge.provenFrom = span.provenFrom
    price(row, charge)
  }

  /// Fills in what the row leaves to its plan; where the plan's price changed meanwhile, one charge for each price.
  private mutating func price(_ row: ChargeRow, _ charge: Book.Charge) {
    let own = PlanFacts.Price(
      amount: row.amount, currency: row.currency, intervalUnit: row.intervalUnit,
      intervalCount: row.intervalCount,
      isMetered: false)
    let needsPlan = own.amount == nil || own.currency == nil || own.intervalUnit == nil || row.kind == nil
    guard charge.plan >= 0, needsPlan, !plans.prices[Int(charge.plan)].isEmpty else {
      return append(charge, row, own)
    }
    let states = plans.prices[Int(charge.plan)]
    let rests = own.amount == nil || own.currency == nil || own.intervalUnit == nil
    var filled: (price: PlanFacts.Price, charge: Book.Charge)?
    for (position, state) in states.enumerated() {
      let next = states.dropFirst(position + 1).first?.from
      var piece = charge
      if let from = state.from, order.precedes(piece.start, from) { piece.start = from }
      piece.end = order.earlier(piece.end, next)
      if let end = piece.end, !order.precedes(piece.start, end) { continue }
      if rests, position == 0 {
        piece.provenFrom = order.later(piece.provenFrom, plans.provenFrom[Int(charge.plan)])
      }
      if let proven = piece.provenFrom, !order.precedes(piece.start, proven) { piece.provenFrom = nil }
      let price = fill(own, from: state.price)
      if let last = filled, last.price == price, last.charge.provenFrom == piece.provenFrom {
        filled?.charge.end = piece.end
        continue
      }
      if let last = filled { append(last.charge, row, last.price) }
      filled = (price, piece)
    }
    if let last = filled { append(last.charge, row, last.price) }
  }

  private func fill(_ own: PlanFacts.Price, from plan: PlanFacts.Price) -> PlanFacts.Price {
    PlanFacts.Price(
      amount: own.amount ?? plan.amount, currency: own.currency ?? plan.currency,
      intervalUnit: own.intervalUnit ?? plan.intervalUnit,
      intervalCount: own.intervalCount ?? (own.intervalUnit == nil ? plan.intervalCount : nil),
      isMetered: plan.isMetered)
  }

  private mutating func append(_ charge: Book.Charge, _ row: ChargeRow, _ price: PlanFacts.Price) {
    var charge = charge
    charge.kind = row.kind ?? (price.isMetered ? 2 : 0)
    let isRecurring = charge.kind == 0
    guard let amount = price.amount else { return found.uncounted.add(row.row, .amount, isRecurring) }
    guard let currency = price.currency else { return found.uncounted.add(row.row, .currency, isRecurring) }
    let count = price.intervalCount ?? 1
    if let unit = price.intervalUnit, count > 0 {
      charge.intervalUnit = unit
      charge.intervalCount = Int32(clamping: count)
    } else if isRecurring {
      return found.uncounted.add(row.row, .interval, isRecurring)
    }
    charge.amount = amount
    charge.currency = index(of: currency)
    found.charges.append(charge)
  }

  /// Index of a customer one of whose accounts a charge names.
  private mutating func customer(_ identity: Int64) -> Int32 {
    if let known = accountIndex[identity] { return known }
    let shared = customers.refer(to: identity)
    let known = customerIndex[shared] ?? Int32(found.customerIDs.count)
    if Int(known) == found.customerIDs.count {
      customerIndex.set(shared, to: known)
      found.customerIDs.append(shared)
    }
    accountIndex.set(identity, to: known)
    return known
  }

  private mutating func index(of currency: Currency) -> Int32 {
    if let known = found.currencies.firstIndex(of: currency) { return Int32(known) }
    found.currencies.append(currency)
    return Int32(found.currencies.count - 1)
  }
}
