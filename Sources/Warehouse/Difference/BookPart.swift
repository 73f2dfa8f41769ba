import GRDB
import Model

/// The identities a part of the book is made of: whatever one of them refers to, or is referred to by, is among them.
struct BookPart {
  /// A current version after the change.
  struct Version {
    var row: Int64
    var identity: Int64
    var source: Int64
    /// `valid_from`; empty where it says nothing of that.
    var from: String
  }

  private var identities: [EntityKind: KeySet] = [:]
  private var found: [EntityKind: [Version]] = [:]
  private(set) var count = 0
  /// Where the versions were found.
  private let database: Database
  private let changed: ChangedIdentities
  private var isBefore = false

  init(_ database: Database, _ changed: ChangedIdentities) {
    self.database = database
    self.changed = changed
  }

  func of(_ entity: EntityKind) -> [Int64] { identities[entity]?.sorted ?? [] }

  func contains(customer identity: Int64) -> Bool { identities[.customer]?.contains(identity) ?? false }

  /// False for one that is among them already.
  mutating func insert(_ identity: Int64, _ entity: EntityKind) -> Bool {
    guard identities[entity, default: KeySet()].insert(identity) else { return false }
    count += 1
    return true
  }

  mutating func add(_ version: Version, of entity: EntityKind) { found[entity, default: []].append(version) }

  /// The same part before the change. Versions of identities that did not change are the same, so that they are read where they were
  /// found: nothing else has to be looked up in the state before.
  func before() -> BookPart {
    var part = self
    part.isBefore = true
    return part
  }

  /// What there is to read of an entity.
  func versions(of entity: EntityKind) -> WantedVersions {
    let changed = changed.of(entity)
    let known = (found[entity] ?? []).filter { !isBefore || !changed.contains($0.identity) }.sorted {
      ($0.identity, $0.source, $0.from) < ($1.identity, $1.source, $1.from)
    }
    return WantedVersions(
      found: (known.map(\.row), database), identities: isBefore ? changed.sorted() : [])
  }
}
