import Model

/// The identities whose versions a run wrote or ended, by entity.
final class ChangedIdentities {
  private(set) var byEntity: [EntityKind: Set<Int64>] = [:]
  private var last: (entity: EntityKind, identity: Int64)?

  func add(_ identity: Int64, of entity: EntityKind) {
    guard last?.entity != entity || last?.identity != identity else { return }
    last = (entity, identity)
    byEntity[entity, default: []].insert(identity)
  }

  func of(_ entity: EntityKind) -> Set<Int64> { byEntity[entity] ?? [] }
}
