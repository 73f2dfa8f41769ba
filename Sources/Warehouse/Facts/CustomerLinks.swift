import GRDB
import Model

/// Which identities of customers are one customer: the sets that links between systems join.
struct CustomerLinks {
  /// From each customer identity to the one that all linked ones share: the one known longest.
  private(set) var canonical: [Int64: Int64] = [:]

  /// Follows the links that current customer rows state, and writes down what changed.
  init(_ sources: ConfiguredSources, _ database: Database) throws {
    let known = try RawStatement(
      database,
      """
      select i.identity, i.customer_id from identity i join identity_scope s on s.scope = i.scope
      where s.entity = 'customer'
      """)
    var stored: [Int64: Int64] = [:]
    while try known.step() {
      stored[known.integer(0)] = known.integer(1)
      canonical[known.integer(0)] = known.integer(0)
    }
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
    let update = try RawStatement(database, "update identity set customer_id = ?2 where identity = ?1")
    for identity in stored.keys.sorted() {
      let shared = find(identity)
      canonical[identity] = shared
      guard stored[identity] != shared else { continue }
      update.bind(1, identity)
      update.bind(2, shared)
      try update.run()
    }
  }

  private func find(_ identity: Int64) -> Int64 {
    var root = identity
    while let next = canonical[root], next != root { root = next }
    return root
  }

  private mutating func join(_ left: Int64, _ right: Int64) {
    let (first, second) = (find(left), find(right))
    canonical[max(first, second)] = min(first, second)
    canonical[left] = min(first, second)
    canonical[right] = min(first, second)
  }
}
