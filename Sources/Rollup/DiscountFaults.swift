import Model

/// What is said of discounts that takes nothing off, or takes it off for longer than was said.
struct DiscountFaults: Hashable {
  /// Charges whose subscription or customer has an amount off in another currency.
  var foreign: Int64 = 0
  /// Charges, subscriptions and customers with an end of a discount that holds forever.
  var endless: Int64 = 0
  /// Subscriptions and customers with a discount that ends before it starts.
  var reversed: Int64 = 0

  /// Every count, in the order of the properties.
  var counts: [Int64] {
    get { [foreign, endless, reversed] }
    set {
      guard newValue.count == counts.count else { return }
      (foreign, endless, reversed) = (newValue[0], newValue[1], newValue[2])
    }
  }

  static func += (left: inout Self, right: Self) {
    left.counts = zip(left.counts, right.counts).map { $0 + $1 }
  }

  static func -= (left: inout Self, right: Self) {
    left.counts = zip(left.counts, right.counts).map { $0 - $1 }
  }

  /// Counts one subscription or customer, whatever number of its states has the fault.
  mutating func add(_ states: [Book.DiscountState], _ zone: ReportingZone) {
    let discounts = states.compactMap(\.discount)
    if discounts.contains(where: { $0.holdsForever && $0.end != nil }) { endless += 1 }
    if discounts.contains(where: { $0.endsBeforeItStarts(zone) }) { reversed += 1 }
  }

  var findings: [Finding] {
    var findings: [Finding] = []
    func warn(_ count: Int64, _ name: String, _ problem: String, _ consequence: String, _ remedy: String) {
      guard count > 0 else { return }
      findings.append(
        Finding(.warning, name, "\(count) \(problem)", consequence: consequence, remedy: remedy))
    }
    warn(
      foreign, "discount-in-another-currency",
      "charges are of a subscription or customer whose discount is an amount in another currency",
      "that amount is not taken off them",
      "check `discount_currency`; a discount on charges of several currencies is a percentage")
    warn(
      endless, "discount-end-ignored",
      "charges, subscriptions or customers have a `discount_end`, and a discount that holds forever",
      "the end is ignored, and the discount goes on", "map `discount_duration`: one that ends is `repeating`")
    warn(
      reversed, "discount-end-before-start",
      "subscriptions or customers have a discount that ends before it starts", "it takes nothing off",
      "correct `discount_start` and `discount_end` in the export")
    return findings
  }
}

extension Book.Discount {
  fileprivate var holdsForever: Bool { Book.Discount.isForever(duration) }

  static func isForever(_ duration: UInt8) -> Bool {
    EntityColumn.discountDurations[Int(duration)] == "forever"
  }

  fileprivate func endsBeforeItStarts(_ zone: ReportingZone) -> Bool {
    guard EntityColumn.discountDurations[Int(duration)] == "repeating", let start, let end else {
      return false
    }
    return zone.day(of: end) < zone.day(of: start)
  }
}
