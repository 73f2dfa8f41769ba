import GRDB
import Model

/// The subscriptions of a book with their states. Customers are shared ids until ``Book`` gives them indices.
struct SubscriptionFacts {
  struct Entry {
    var identity: Int64
    /// The id its customer's accounts share; nil until a charge says it.
    var customer: Int64?
    /// The account that the subscription itself names.
    var account: Int64?
    var states: [Book.SubscriptionState]
    var discounts: [Book.DiscountState] = []
  }

  private(set) var entries: [Entry] = []
  private(set) var index = KeyMap()
  private(set) var undescribed: [Int64] = []

  init(
    _ sources: ConfiguredSources, _ customers: inout CustomerFacts, _ order: MomentOrder, _ part: BookPart?,
    _ database: Database
  ) throws {
    let reader = VersionReader(
      entity: .subscription, sources: sources, database: database, only: part?.versions(of: .subscription))
    let snapshots = try KnownSnapshots(.subscription, database)
    let (customer, status, started) = (
      reader.column("customer"), reader.column("status"), reader.column("started")
    )
    let (trialEnd, requested) = (reader.column("trial_end"), reader.column("cancel_requested"))
    let (effective, reason) = (reader.column("cancel_effective"), reader.column("cancel_reason"))
    let (ended, pauseStart) = (reader.column("ended"), reader.column("pause_start"))
    let pauseEnd = reader.column("pause_end")
    let discount = DiscountColumns(reader)
    try reader.forEach(
      { statement in
        var state = Book.SubscriptionState()
        state.status = statement.choice(status, EntityColumn.subscriptionStatuses)
        state.started = statement.moment(started)
        state.trialEnd = statement.moment(trialEnd)
        state.cancelRequested = statement.moment(requested)
        state.cancelEffective = statement.moment(effective)
        state.cancelReason = statement.optionalText(reason)
        state.ended = statement.moment(ended)
        state.pauseStart = statement.moment(pauseStart)
        state.pauseEnd = statement.moment(pauseEnd)
        return (
          customer: statement.optionalInteger(customer), state: state, discount: discount.read(statement)
        )
      },
      body: { identity, statements in
        guard let said = statements.winning() else { return }
        let spans = refine(
          said.rows.compactMap { row in
            row.from.map { StateSpan(from: $0, to: row.to, start: row.value.state.started) }
          }, order
        ) { snapshots.lastInformative(before: $0, source: said.source.key, identity: identity) }
        let states = said.rows.enumerated().map { position, row in
          var state = row.value.state
          guard row.from != nil else { return state }
          // A start says when the subscription came, not since when it has been in the state first seen.
          state.from = position == 0 ? row.from : spans[position].from
          state.to = spans[position].to
          return state
        }
        let hasDiscount = said.rows.contains { $0.value.discount != nil }
        let discounts =
          hasDiscount
          ? zip(states, said.rows).map { state, row in
            Book.DiscountState(
              from: row.from, to: state.to,
              before: row.from.flatMap {
                snapshots.lastInformative(before: $0, source: said.source.key, identity: identity)
              }, discount: row.value.discount)
          } : []
        index.set(identity, to: Int32(entries.count))
        entries.append(
          Entry(
            identity: identity, customer: said.rows.last?.value.customer.map { customers.refer(to: $0) },
            account: said.rows.last?.value.customer, states: states,
            discounts: discounts))
      })
  }

  /// The index of one whose customer is known: there is nothing left to say of it.
  @inline(__always) func settled(_ identity: Int64) -> Int32? {
    guard let known = index[identity], entries[Int(known)].customer != nil else { return nil }
    return known
  }

  /// The subscription's index; one that only charges refer to has no states and takes their customer.
  mutating func refer(to identity: Int64, customer: Int64?) -> Int32 {
    if let known = index[identity] {
      if entries[Int(known)].customer == nil { entries[Int(known)].customer = customer }
      return known
    }
    undescribed.append(identity)
    index.set(identity, to: Int32(entries.count))
    entries.append(Entry(identity: identity, customer: customer, account: nil, states: []))
    return Int32(entries.count - 1)
  }

  /// When the subscription says it started: in the state of `moment`, else in the last one that says so.
  func started(_ subscription: Int32, at moment: Moment?, _ order: MomentOrder) -> Moment? {
    let states = entries[Int(subscription)].states
    if let moment,
      let state = states.last(where: { $0.from.map { !order.precedes(moment, $0) } ?? true }),
      let started = state.started
    {
      return started
    }
    return states.last { $0.started != nil }?.started
  }
}
