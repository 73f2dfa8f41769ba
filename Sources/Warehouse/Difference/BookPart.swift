import GRDB
import Model

/// The identities a part of the book is made of: whatever one of them refers to, or is referred to by, is among them.
struct BookPart {
  private var identities: [EntityKind: KeySet] = [:]
  private(set) var count = 0
  /// The current versions after the change.
  private var kept: [EntityKind: (versions: KeptVersions, numbers: [Int32])] = [:]
  private let changed: ChangedIdentities
  private var isBefore = false

  init(_ changed: ChangedIdentities) { self.changed = changed }

  func of(_ entity: EntityKind) -> [Int64] { identities[entity]?.sorted ?? [] }

  func contains(customer identity: Int64) -> Bool { identities[.customer]?.contains(identity) ?? false }

  /// False for one that is among them already.
  mutating func insert(_ identity: Int64, _ entity: EntityKind) -> Bool {
    guard identities[entity, default: KeySet()].insert(identity) else { return false }
    count += 1
    return true
  }

  mutating func keep(_ versions: [EntityKind: KeptVersions]) {
    kept = versions.mapValues { ($0, $0.inOrder()) }
  }

  /// The same part before the change. The versions of identities that did not change are the same then: only those of others have to be
  /// looked up.
  func before() -> BookPart {
    var part = self
    part.isBefore = true
    return part
  }

  /// What there is to read of an entity.
  func versions(of entity: EntityKind) -> WantedVersions {
    let kept = kept[entity]
    guard isBefore else { return WantedVersions(kept: kept) }
    let changed = changed.of(entity)
    return WantedVersions(
      kept: kept.map { kept in
        (kept.versions, kept.numbers.filter { !changed.contains(kept.versions.identity(of: $0)) })
      }, identities: changed.sorted())
  }
}
