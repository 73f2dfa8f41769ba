import GRDB
import Model

/// The subscriptions of a book with their states. Customers are shared ids until ``Book`` gives them indices.
struct SubscriptionFacts {
  /// What its own rows say of a subscription.
  private struct Description {
    /// The account that it names.
    var account: Int64?
    var states: [Book.SubscriptionState]
    var discounts: [Book.DiscountState]
  }

  /// Identities by index: first those with a ``Description``, then those that only other rows name, which may be millions.
  private var identities: [Int64] = []
  /// The ids their customers' accounts share, by index; 0 until a charge says it.
  private var owners: [Int64] = []
  private var descriptions: [Description] = []
  /// How many have no customer yet.
  private var unowned = 0
  private(set) var index = KeyMap()

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
        let account = said.rows.last?.value.customer
        append(identity, owner: account.map { customers.refer(to: $0) })
        descriptions.append(Description(account: account, states: states, discounts: discounts))
      })
  }

  /// Makes room for so many that only other rows name; what is not needed is never touched.
  mutating func reserve(_ count: Int) {
    identities.reserveCapacity(identities.count + count)
    owners.reserveCapacity(owners.count + count)
  }

  private mutating func append(_ identity: Int64, owner: Int64?) {
    index.set(identity, to: Int32(identities.count))
    identities.append(identity)
    owners.append(owner ?? 0)
    if owner == nil { unowned += 1 }
  }

  var count: Int { identities.count }

  /// Those that other rows name and no row describes.
  var undescribed: [Int64] { Array(identities[descriptions.count...]) }

  /// The id its customer's accounts share; nil until a charge says it.
  func owner(_ subscription: Int32) -> Int64? {
    let owner = owners[Int(subscription)]
    return owner == 0 ? nil : owner
  }

  /// The account that the subscription itself names.
  func account(_ subscription: Int32) -> Int64? {
    Int(subscription) < descriptions.count ? descriptions[Int(subscription)].account : nil
  }

  func states(_ subscription: Int32) -> [Book.SubscriptionState] {
    Int(subscription) < descriptions.count ? descriptions[Int(subscription)].states : []
  }

  /// All of them, `customer` being where the owner of each stands in the book.
  ///
  /// One without a customer has no charge that counts either, so that nothing points at its place.
  func subscriptions(customer: (Int64) -> Int32?) -> [Book.Subscription] {
    identities.indices.map { position in
      let owner = owner(Int32(position))
      let said = owner != nil && position < descriptions.count ? descriptions[position] : nil
      var subscription = Book.Subscription(
        id: identities[position], customer: owner.flatMap(customer) ?? 0, states: said?.states ?? [])
      if let said { subscription.discounts = said.discounts }
      return subscription
    }
  }

  /// The index of one whose customer is known: there is nothing left to say of it.
  @inline(__always) func settled(_ identity: Int64) -> Int32? {
    guard let known = index[identity], unowned == 0 || owners[Int(known)] != 0 else { return nil }
    return known
  }

  /// The subscription's index; one that only charges refer to has no states and takes their customer.
  mutating func refer(to identity: Int64, customer: Int64?) -> Int32 {
    if let known = index[identity] {
      if let customer, owners[Int(known)] == 0 {
        owners[Int(known)] = customer
        unowned -= 1
      }
      return known
    }
    append(identity, owner: customer)
    return Int32(count - 1)
  }

  /// When the subscription says it started: in the state of `moment`, else in the last one that says so.
  func started(_ subscription: Int32, at moment: Moment?, _ order: MomentOrder) -> Moment? {
    let states = states(subscription)
    if let moment,
      let state = states.last(where: { $0.from.map { !order.precedes(moment, $0) } ?? true }),
      let started = state.started
    {
      return started
    }
    return states.last { $0.started != nil }?.started
  }
}
