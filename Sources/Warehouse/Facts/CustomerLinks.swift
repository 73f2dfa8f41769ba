import GRDB
import Model

/// Which identities of customers are one customer: the sets that links between systems join.
struct CustomerLinks {
  /// From a linked customer identity to the one that all linked ones share: the one known longest. Who is not in it stands for itself.
  private var shared: [Int64: Int64] = [:]
  private var changed: [(identity: Int64, root: Int64)] = []

  /// Follows the links that current customer rows state.
  init(_ sources: ConfiguredSources, _ database: Database) throws {
    var stored: [Int64: Int64] = [:]
    let known = try RawStatement(
      database, "select identity, customer_id from identity where customer_id <> identity")
    while try known.step() { stored[known.integer(0)] = known.integer(1) }
    // Of a key's states only the last one links: a link that was corrected joins nobody any more.
    let links = try RawStatement(
      database,
      """
      select v.identity, t.identity from customer_version v
      join identity_scope s on s.system = v.link_system and s.entity = 'customer'
      join identity t on t.scope = s.scope and t.natural_id = v.link_id
      where v.seen_to is null and v.link_id is not null and v.source in \(sources.list)
        and not exists (
          select 1 from customer_version l where l.identity = v.identity and l.source = v.source
            and l.seen_to is null and l.valid_from > v.valid_from)
      """)
    while try links.step() { join(links.integer(0), links.integer(1)) }
    for identity in Set(stored.keys).union(shared.keys) {
      let root = find(identity)
      shared[identity] = root
      if stored[identity] ?? identity != root { changed.append((identity, root)) }
    }
  }

  /// Writes down what is not as it was written down before.
  func save(_ database: Database) throws {
    let update = try RawStatement(database, "update identity set customer_id = ?2 where identity = ?1")
    for (identity, root) in changed.sorted(by: { $0.identity < $1.identity }) {
      update.bind(1, identity)
      update.bind(2, root)
      try update.run()
    }
  }

  /// All identities of a customer that is linked, by the one they share.
  var groups: [Int64: [Int64]] {
    var groups: [Int64: [Int64]] = [:]
    for (identity, root) in shared { groups[root, default: [root]].append(identity) }
    return groups
  }

  /// Identities that share another one here than there.
  func differing(from other: CustomerLinks) -> Set<Int64> {
    Set(shared.keys).union(other.shared.keys).filter { canonical($0) != other.canonical($0) }
  }

  var isEmpty: Bool { shared.isEmpty }

  /// The identity all accounts of a customer share.
  @inline(__always) func canonical(_ identity: Int64) -> Int64 {
    shared.isEmpty ? identity : shared[identity] ?? identity
  }

  private func find(_ identity: Int64) -> Int64 {
    var root = identity
    while let next = shared[root], next != root { root = next }
    return root
  }

  private mutating func join(_ left: Int64, _ right: Int64) {
    let (first, second) = (find(left), find(right))
    shared[max(first, second)] = min(first, second)
    shared[left] = min(first, second)
    shared[right] = min(first, second)
  }
}
