import GRDB
import Model

/// The customers of a book: linked identities as one, with merged attributes, over dense indices.
struct CustomerFacts {
  private struct Account {
    var name: String?
    var country: String?
    var employees: Int64?
    var parent: Int64?
    var attributes: String?
    /// Position among the discounts read, -1 without one: few accounts have any.
    var discount: Int32 = -1
  }

  /// What one source says of an account's discounts.
  private struct StatedDiscounts {
    var identity: Int64
    var priority: Int
    var states: [Book.DiscountState]
  }

  /// One identity's states in one source, by the source's priority.
  private struct Track {
    var shared: Int64
    var identity: Int64
    var priority: Int
    var states: [StatedRow<Account>]

    func state(at moment: Moment?, _ order: MomentOrder) -> Account? {
      guard let moment else { return states.first?.value }
      return
        (states.last { state in state.from.map { !order.precedes(moment, $0) } ?? true } ?? states.first)?
        .value
    }
  }

  private let links: CustomerLinks
  private let order: MomentOrder
  private let part: BookPart?
  /// By the id their customer's accounts share, then by priority.
  private var tracks: [Track] = []
  private struct Mark: OptionSet {
    let rawValue: Int32
    /// A customer row is of it.
    static let described = Mark(rawValue: 1)
    /// A canonical id that facts refer to.
    static let referred = Mark(rawValue: 2)
    /// Other rows name it, though no customer row does.
    static let named = Mark(rawValue: 4)
  }

  /// Of identities.
  private var marks = KeyMarks<Mark>()
  /// By identity of the accounts that ever had a discount: position in ``accountDiscounts``.
  private(set) var accounts: [Int64: Int32] = [:]
  private(set) var accountDiscounts: [[Book.DiscountState]] = []

  init(
    _ sources: ConfiguredSources, _ links: CustomerLinks, _ order: MomentOrder, _ part: BookPart?,
    _ database: Database
  ) throws {
    self.order = order
    self.links = links
    self.part = part
    let reader = VersionReader(
      entity: .customer, sources: sources, database: database, only: part?.versions(of: .customer))
    let (name, country, employees) = (
      reader.column("name"), reader.column("country"), reader.column("employees")
    )
    let (parent, attributes) = (reader.column("parent"), reader.column("attributes"))
    var tracks: [Track] = []
    var marks = KeyMarks<Mark>()
    let links = links
    var texts = RepeatedText()
    let discountColumns = DiscountColumns(reader)
    var discounts: [Book.Discount] = []
    var stated: [StatedDiscounts] = []
    var snapshots: KnownSnapshots?
    try reader.forEach(
      { statement in
        var account = Account(
          name: statement.optionalText(name), country: texts.optionalText(statement, country),
          employees: statement.optionalInteger(employees), parent: statement.optionalInteger(parent),
          attributes: texts.optionalText(statement, attributes))
        if let discount = discountColumns.read(statement) {
          account.discount = Int32(discounts.count)
          discounts.append(discount)
        }
        return account
      },
      body: { identity, statements in
        marks.insert(.described, identity)
        for statement in statements {
          let states = statement.rows
          if states.contains(where: { $0.value.discount >= 0 }) {
            let known = try snapshots ?? KnownSnapshots(.customer, database)
            snapshots = known
            stated.append(
              StatedDiscounts(
                identity: identity, priority: statement.source.priority,
                states: states.map { state in
                  let place = Int(state.value.discount)
                  return Book.DiscountState(
                    from: state.from, to: state.to,
                    before: state.from.flatMap {
                      known.lastInformative(before: $0, source: statement.source.key, identity: identity)
                    }, discount: place < 0 ? nil : discounts[place])
                }))
          }
          tracks.append(
            Track(
              shared: links.canonical(identity), identity: identity, priority: statement.source.priority,
              states: statement.rows))
        }
      })
    self.tracks = tracks.inOrder {
      ($0.shared, $0.priority, $0.identity) < ($1.shared, $1.priority, $1.identity)
    }
    self.marks = marks
    placeDiscounts(stated)
    for track in self.tracks { if let parent = track.states.last?.value.parent { _ = refer(to: parent) } }
  }

  /// Of several sources of one account the strongest that tells of any discount.
  private mutating func placeDiscounts(_ stated: [StatedDiscounts]) {
    for said in stated.sorted(by: { ($0.identity, $0.priority) < ($1.identity, $1.priority) })
    where accounts[said.identity] == nil {
      accounts[said.identity] = Int32(accountDiscounts.count)
      accountDiscounts.append(said.states)
    }
  }

  /// Whether the customer is one of those the book is made of.
  func isWanted(_ identity: Int64) -> Bool { part?.contains(customer: identity) ?? true }

  /// The id all accounts of the customer share.
  func shared(_ identity: Int64) -> Int64 { links.canonical(identity) }

  /// Notes that a fact names this customer; returns the id all its accounts share.
  mutating func refer(to identity: Int64) -> Int64 {
    let shared = links.canonical(identity)
    marks.insert(.referred, shared)
    if !marks.contains(.described, identity) { marks.insert(.named, identity) }
    return shared
  }

  /// All customers that are described or referred to, by id; the index of each; and, by id, those whose parents lead into a circle.
  func customers(
    names: (Int64) -> String
  ) -> (customers: [Book.Customer], index: KeyMap, circular: [Int64: CircularParents]) {
    let mentioned = marks.sorted(.referred)
    var index = KeyMap()
    var customers: [Book.Customer] = []
    customers.reserveCapacity(max(tracks.count, mentioned.count))
    var parents: [Int64?] = []
    var attributes = AttributeReader()
    var (track, mention) = (0, 0)
    while track < tracks.count || mention < mentioned.count {
      let id = min(
        track < tracks.count ? tracks[track].shared : .max,
        mention < mentioned.count ? mentioned[mention] : .max)
      if mention < mentioned.count, mentioned[mention] == id { mention += 1 }
      let first = track
      while track < tracks.count, tracks[track].shared == id { track += 1 }
      let own = strongestFirst(tracks[first..<track], names)
      index.set(id, to: Int32(customers.count))
      let name = own.lazy.compactMap { $0.states.last?.value.name }.first
      parents.append(own.lazy.compactMap { $0.states.last?.value.parent }.first.map(links.canonical))
      customers.append(
        Book.Customer(
          id: id, name: name ?? names(own.first?.identity ?? id), states: states(of: own, &attributes)))
    }
    let positions = parents.indices.map { position -> Int32? in
      let parent = parents[position].flatMap { index[$0] }
      return parent == Int32(position) ? nil : parent
    }
    let circular = CircularParents.found(positions)
    for position in customers.indices where positions[position] != nil && circular[position] == nil {
      customers[position].parent = positions[position]
    }
    return (
      customers, index,
      Dictionary(uniqueKeysWithValues: circular.map { (customers[$0].id, $1) })
    )
  }

  /// By priority of the source, within one by natural id: the order in which ids were first read must not decide.
  private func strongestFirst(_ tracks: ArraySlice<Track>, _ names: (Int64) -> String) -> ArraySlice<Track> {
    guard tracks.count > 1 else { return tracks }
    return tracks.map { (track: $0, name: names($0.identity)) }
      .sorted { ($0.track.priority, $0.name) < ($1.track.priority, $1.name) }
      .map(\.track)[...]
  }

  /// Identities that other rows refer to and no customer row describes.
  var undescribed: [Int64] { marks.sorted(.named) }

  /// Identities that a customer row describes, or another row refers to, with the id their accounts share.
  func forEachAccount(_ body: (_ identity: Int64, _ shared: Int64) -> Void) {
    for identity in marks.sorted(.described) { body(identity, links.canonical(identity)) }
    for identity in marks.sorted(.named) { body(identity, links.canonical(identity)) }
  }

  private func states(
    of tracks: ArraySlice<Track>, _ attributes: inout AttributeReader
  ) -> [Book.CustomerState] {
    guard let only = tracks.first else { return [] }
    if tracks.count == 1, only.states.count == 1 {
      return [state(of: [only.states[0].value], from: nil, &attributes)]
    }
    var breaks: [Moment?] = [nil]
    for moment in Set(tracks.flatMap { $0.states.dropFirst().compactMap(\.from) })
      .sorted(by: order.precedes)
    {
      breaks.append(moment)
    }
    var states: [Book.CustomerState] = []
    for moment in breaks {
      let state = state(of: tracks.compactMap { $0.state(at: moment, order) }, from: moment, &attributes)
      if let last = states.last, last.country == state.country, last.employees == state.employees,
        last.attributes == state.attributes
      {
        continue
      }
      states.append(state)
    }
    return states
  }

  /// What accounts, in the order of their priority, say together.
  private func state(
    of accounts: [Account], from moment: Moment?, _ reader: inout AttributeReader
  ) -> Book.CustomerState {
    var attributes: [String: String] = [:]
    for text in accounts.lazy.compactMap(\.attributes) where text != "{}" {
      if attributes.isEmpty {
        attributes = reader.attributes(text)
      } else {
        attributes.merge(reader.attributes(text)) { first, _ in first }
      }
    }
    return Book.CustomerState(
      from: moment, country: accounts.lazy.compactMap(\.country).first,
      employees: accounts.lazy.compactMap(\.employees).first, attributes: attributes)
  }
}
