import Model

/// The identities a part of the book is made of: whatever one of them refers to, or is referred to by, is among them.
struct BookPart {
  private var identities: [EntityKind: Set<Int64>] = [:]
  private(set) var count = 0

  func of(_ entity: EntityKind) -> Set<Int64> { identities[entity] ?? [] }

  var customers: Set<Int64> { of(.customer) }
  var subscriptions: Set<Int64> { of(.subscription) }
  var charges: Set<Int64> { of(.recurringCharge) }

  /// False for one that is among them already.
  @discardableResult
  mutating func insert(_ identity: Int64, _ entity: EntityKind) -> Bool {
    guard identities[entity, default: []].insert(identity).inserted else { return false }
    count += 1
    return true
  }
}
