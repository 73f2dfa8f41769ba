import Model

/// What a customer that stays and pays more pays more for.
enum ExpansionClass: Int, CaseIterable {
  /// More units of a plan it had.
  case quantity
  /// A plan it had, in the same number, costs more.
  case priceIncrease
  /// A plan it had not, of a product it had.
  case upsell
  /// A product it had not.
  case crossSell
}

/// One of a customer's charges at one end of an expansion.
struct ExpansionItem {
  /// Shifted by one, 0 being "none".
  var plan: Int32
  var product: Int32
  /// Millionths.
  var quantity: Int64
  /// Micro-units at the month's rate.
  var mrr: Int64
}

/// Shares an expansion out over its classes, in proportion to what rose in each, by largest remainder; the parts add up to it.
///
/// Charges of one plan are taken together. A plan at both ends rises by quantity where its units changed, else by price; plans
/// that came rise by what they cost more than the plans that went, product by product.
func expansionParts(of amount: Int64, from before: [ExpansionItem], to after: [ExpansionItem]) -> [Int64] {
  if before.count == 1, after.count == 1 { return expansionParts(of: amount, from: before[0], to: after[0]) }
  struct Plan: Hashable {
    var plan: Int32
    var product: Int32
  }
  struct Ends {
    var before: (quantity: Int64, mrr: Int64)?
    var after: (quantity: Int64, mrr: Int64)?
  }
  var plans: [Plan: Ends] = [:]
  for item in before {
    let known = plans[Plan(plan: item.plan, product: item.product)]?.before ?? (0, 0)
    plans[Plan(plan: item.plan, product: item.product), default: Ends()].before =
      (known.quantity + item.quantity, known.mrr + item.mrr)
  }
  for item in after {
    let known = plans[Plan(plan: item.plan, product: item.product)]?.after ?? (0, 0)
    plans[Plan(plan: item.plan, product: item.product), default: Ends()].after =
      (known.quantity + item.quantity, known.mrr + item.mrr)
  }
  var rises = ExpansionClass.allCases.map { _ in Int64(0) }
  var swapped: [Int32: Int64] = [:]
  for (plan, ends) in plans {
    switch (ends.before, ends.after) {
    case (let before?, let after?):
      let kind: ExpansionClass = before.quantity != after.quantity ? .quantity : .priceIncrease
      rises[kind.rawValue] += max(0, after.mrr - before.mrr)
    case (nil, let after?): swapped[plan.product, default: 0] += after.mrr
    case (let before?, nil): swapped[plan.product, default: 0] -= before.mrr
    case (nil, nil): break
    }
  }
  let products = Set(before.map(\.product))
  for (product, rise) in swapped {
    let kind: ExpansionClass = products.contains(product) ? .upsell : .crossSell
    rises[kind.rawValue] += max(0, rise)
  }
  return sharesByLargestRemainder(of: amount, weights: rises)
}

/// One charge in the place of another, as mostly: one class takes it all.
private func expansionParts(of amount: Int64, from before: ExpansionItem, to after: ExpansionItem) -> [Int64]
{
  let kind: ExpansionClass
  var rise = after.mrr
  if before.product != after.product {
    kind = .crossSell
  } else {
    rise -= before.mrr
    kind =
      before.plan != after.plan ? .upsell : before.quantity != after.quantity ? .quantity : .priceIncrease
  }
  var parts = ExpansionClass.allCases.map { _ in Int64(0) }
  parts[rise > 0 ? kind.rawValue : 0] = amount
  return parts
}

extension Sweep {
  /// Notes an expansion of the month by what it is for. `before` and `after` are the customer's charges in force.
  mutating func splitExpansion(
    _ amount: Int64, from before: [Int], to after: [Int], _ month: Int, rateMonth: Int
  ) {
    func items(_ charges: [Int]) -> [ExpansionItem] {
      charges.map { index in
        let charge = timeline.charges[index]
        return ExpansionItem(
          plan: charge.plan, product: charge.product, quantity: charge.quantity,
          mrr: timeline.anyValue(index, at: rateMonth))
      }
    }
    let parts = expansionParts(of: amount, from: items(before), to: items(after))
    for kind in ExpansionClass.allCases {
      whole.expansion[kind.rawValue * calendar.count + month] += parts[kind.rawValue]
    }
  }

  /// Notes what a customer that left in the month left for, where any of its subscriptions says why. In a month of the event bridge it can
  /// leave several times: `leavings` are the charges in force before each.
  mutating func noteChurn(_ customer: Int, _ leavings: [[Int]], _ month: Int, rateMonth: Int) {
    var parts: [String?: Int64] = [:]
    for index in leavings.joined() {
      let subscription = Int(timeline.charges[index].subscription)
      let reason = subscription < 0 ? nil : book.subscriptions[subscription].states.last?.cancelReason
      parts[reason, default: 0] += timeline.anyValue(index, at: rateMonth)
    }
    guard parts.keys.contains(where: { $0 != nil }) else { return }
    for (reason, mrr) in parts.sorted(by: { ($0.key ?? "") < ($1.key ?? "") }) {
      churnParts.append(
        ChurnPart(
          month: calendar.first + month, customer: book.customers[customer].id,
          reason: reason ?? SegmentKey.none, mrr: mrr))
    }
  }

  /// The charges in force at the close of a month.
  func chargesInForce(_ month: Int) -> [Int] {
    timeline.charges.indices.filter { timeline.isInForce($0, month) }
  }

  /// Likewise before and after a step of the event bridge.
  func chargesInForce(around step: EventStep) -> (before: [Int], after: [Int]) {
    var inForce: Set<Int> = []
    func apply(_ changes: Range<Int>) {
      for change in events.changes[changes] {
        if change.starts {
          inForce.insert(change.charge)
        } else if inForce.remove(change.charge) == nil {
          // A stretch that went on under another number is no change: its end is told by the last number, its start by the first.
          let row = times[change.charge].row
          if let other = inForce.filter({ times[$0].row == row }).min() { inForce.remove(other) }
        }
      }
    }
    apply(0..<step.changes.lowerBound)
    let before = inForce.sorted()
    apply(step.changes)
    return (before, inForce.sorted())
  }
}
