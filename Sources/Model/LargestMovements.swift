extension CustomerMovement {
  /// How many customers a sentence names of one kind of movement.
  public static let namedInSentences = 3

  /// Larger amounts first; equal ones by their customers' keys and in their order, so that the order is always the same.
  public static func isLarger(
    _ left: CustomerMovement, _ right: CustomerMovement, _ keys: [Int64: CustomerKey]
  ) -> Bool {
    guard left.amount.magnitude == right.amount.magnitude else {
      return left.amount.magnitude > right.amount.magnitude
    }
    return left.customer == right.customer
      ? left.sequence < right.sequence : keys.precedes(left.customer, right.customer)
  }

  /// As ``isLarger(_:_:_:)`` orders them. Of hundreds of thousands, of which many are of one price, each is looked up once and nearly all are
  /// told apart by what is kept beside them.
  public static func largestFirst(
    _ movements: [CustomerMovement], _ keys: [Int64: CustomerKey]
  ) -> [CustomerMovement] {
    var system: String?
    var order: [(magnitude: UInt64, id: UInt64, place: Int)] = []
    order.reserveCapacity(movements.count)
    for (place, movement) in movements.enumerated() {
      // Ids tell apart where all are of one system; else all are left to the whole comparison.
      guard let key = keys[movement.customer], key.system == system ?? key.system else {
        return movements.sorted { isLarger($0, $1, keys) }
      }
      system = key.system
      order.append((movement.amount.magnitude, key.beginning, place))
    }
    order.sort { left, right in
      if left.magnitude != right.magnitude { return left.magnitude > right.magnitude }
      if left.id != right.id { return left.id < right.id }
      return isLarger(movements[left.place], movements[right.place], keys)
    }
    return order.map { movements[$0.place] }
  }

  /// The customers one kind of movement moved: how many, and the largest of them in order, each with all its movements of the kind
  /// as one (under the event bridge it can have several in a month).
  ///
  /// - Parameter movements: Of one month, in order by customer.
  public static func largest(
    _ count: Int, of kind: Movement, in movements: [CustomerMovement], _ keys: [Int64: CustomerKey]
  ) -> (customers: Int, largest: [CustomerMovement]) {
    var customers = 0
    var largest: [CustomerMovement] = []
    var current: CustomerMovement?
    func settle(_ whole: CustomerMovement?, _ largest: inout [CustomerMovement]) {
      guard let whole else { return }
      customers += 1
      if largest.count == count, let last = largest.last, !isLarger(whole, last, keys) { return }
      largest.insert(whole, at: largest.firstIndex { isLarger(whole, $0, keys) } ?? largest.count)
      if largest.count > count { largest.removeLast() }
    }
    for movement in movements where movement.movement == kind {
      if current?.customer == movement.customer {
        current?.amount += movement.amount
        current?.after = movement.after
      } else {
        settle(current, &largest)
        current = movement
      }
    }
    settle(current, &largest)
    return (customers, largest)
  }
}
