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
  }

  /// One identity's states in one source, by the source's priority.
  private struct Track {
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
  private var tracks: [Int64: [Track]] = [:]
  /// Canonical ids that facts refer to.
  private var referred: Set<Int64> = []
  /// Identities that other rows name, though no customer row does.
  private var named: Set<Int64> = []
  private var describedIdentities: Set<Int64> = []

  init(_ sources: ConfiguredSources, _ order: MomentOrder, _ database: Database) throws {
    self.order = order
    links = try CustomerLinks(sources, database)
    let reader = VersionReader(entity: .customer, sources: sources, database: database)
    let (name, country, employees) = (
      reader.column("name"), reader.column("country"), reader.column("employees")
    )
    let (parent, attributes) = (reader.column("parent"), reader.column("attributes"))
    var tracks: [Int64: [Track]] = [:]
    var described: Set<Int64> = []
    let links = links
    try reader.forEach(
      { statement in
        Account(
          name: statement.optionalText(name), country: statement.optionalText(country),
          employees: statement.optionalInteger(employees), parent: statement.optionalInteger(parent),
          attributes: statement.optionalText(attributes))
      },
      body: { identity, statements in
        described.insert(identity)
        for statement in statements {
          tracks[links.canonical[identity] ?? identity, default: []].append(
            Track(identity: identity, priority: statement.source.priority, states: statement.rows))
        }
      })
    self.tracks = tracks
    describedIdentities = described
    for parent in tracks.values.flatMap({ $0.compactMap(\.states.last?.value.parent) }) {
      _ = refer(to: parent)
    }
  }

  /// Notes that a fact names this customer; returns the id all its accounts share.
  mutating func refer(to identity: Int64) -> Int64 {
    let shared = links.canonical[identity] ?? identity
    referred.insert(shared)
    if !describedIdentities.contains(identity) { named.insert(identity) }
    return shared
  }

  /// All customers that are described or referred to, by id; the index of each.
  func customers(names: (Int64) -> String) -> (customers: [Book.Customer], index: [Int64: Int32]) {
    let ids = Set(tracks.keys).union(referred).sorted()
    var index: [Int64: Int32] = [:]
    for (position, id) in ids.enumerated() { index[id] = Int32(position) }
    var parents = [Int32?](repeating: nil, count: ids.count)
    var customers: [Book.Customer] = []
    customers.reserveCapacity(ids.count)
    for (position, id) in ids.enumerated() {
      let tracks = strongestFirst(tracks[id] ?? [], names)
      let latest = tracks.compactMap(\.states.last?.value)
      let parent = latest.lazy.compactMap(\.parent).first.flatMap { index[links.canonical[$0] ?? $0] }
      parents[position] = parent == Int32(position) ? nil : parent
      let name = latest.lazy.compactMap(\.name).first
      customers.append(
        Book.Customer(
          id: id, name: name ?? names(tracks.first?.identity ?? id), states: states(of: tracks)))
    }
    for position in customers.indices where !isInCycle(position, parents) {
      customers[position].parent = parents[position]
    }
    return (customers, index)
  }

  /// By priority of the source, within one by natural id: the order in which ids were first read must not decide.
  private func strongestFirst(_ tracks: [Track], _ names: (Int64) -> String) -> [Track] {
    guard tracks.count > 1 else { return tracks }
    return tracks.map { (track: $0, name: names($0.identity)) }
      .sorted { ($0.track.priority, $0.name) < ($1.track.priority, $1.name) }
      .map(\.track)
  }

  /// Identities that other rows refer to and no customer row describes.
  var undescribed: Set<Int64> { named }

  /// Identities that a customer row describes, or another row refers to, with the id their accounts share.
  func forEachAccount(_ body: (_ identity: Int64, _ shared: Int64) -> Void) {
    for identity in describedIdentities.union(named) { body(identity, links.canonical[identity] ?? identity) }
  }

  /// Companies that are each other's parents stand alone.
  private func isInCycle(_ position: Int, _ parents: [Int32?]) -> Bool {
    var next = parents[position]
    for _ in 0..<64 {
      guard let parent = next else { return false }
      if Int(parent) == position { return true }
      next = parents[Int(parent)]
    }
    return true
  }

  private func states(of tracks: [Track]) -> [Book.CustomerState] {
    guard !tracks.isEmpty else { return [] }
    var breaks: [Moment?] = [nil]
    for moment in Set(tracks.flatMap { $0.states.dropFirst().compactMap(\.from) })
      .sorted(by: order.precedes)
    {
      breaks.append(moment)
    }
    var states: [Book.CustomerState] = []
    for moment in breaks {
      let accounts = tracks.compactMap { $0.state(at: moment, order) }
      var attributes: [String: String] = [:]
      for text in accounts.lazy.compactMap(\.attributes) where text != "{}" {
        attributes.merge(readAttributes(text)) { first, _ in first }
      }
      let state = Book.CustomerState(
        from: moment, country: accounts.lazy.compactMap(\.country).first,
        employees: accounts.lazy.compactMap(\.employees).first, attributes: attributes)
      if let last = states.last, last.country == state.country, last.employees == state.employees,
        last.attributes == state.attributes
      {
        continue
      }
      states.append(state)
    }
    return states
  }
}
