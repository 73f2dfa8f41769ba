import Model

/// The charges of a book that count under the policy, customer after customer.
struct CountedBook {
  /// With accounts joined to their parents where the policy says so; without its charges, which ``charges`` stand for.
  private(set) var book: Book
  let settings: RollupSettings
  private(set) var charges: [CountedCharge] = []
  /// What is signed and not in force yet, customer after customer, month after month.
  private(set) var commitments: [Commitment] = []
  /// Positions of the charges, customer after customer, each customer's in a fixed order; what is not seen inside filled gaps has none.
  private(set) var order: [Int32] = []
  private(set) var faults = CountingFaults()
  /// Amounts that cannot be counted, which is an error.
  private(set) var findings: [Finding] = []

  init(_ book: Book, _ settings: RollupSettings) {
    let parents = settings.policy.customerIs == .parent ? topmostParents(book) : nil
    self.book = parents.map { joined(book, to: $0) } ?? book
    self.settings = settings
    countBasis()
    self.book.charges = []
    if let parents { joinBilling(to: parents) }
    commitments.sort { ($0.customer, $0.month) < ($1.customer, $1.month) }
    order = byCustomer()
    faults.trialsWithoutStart = trialsWithoutStart
  }

  private mutating func countBasis() {
    switch settings.policy.basis {
    case .subscriptions:
      var rules = CountingRules(book, settings)
      charges = rules.countedCharges()
      faults = rules.faults
      findings = rules.findings
    case .invoices: break
    case .contracts:
      let contracts = ContractBasis(book, settings)
      charges = contracts.charges
      commitments = contracts.commitments
      findings = contracts.findings
      faults.billing = contracts.faults
    }
    if settings.policy.countsInvoiceLines {
      let lines = InvoiceBasis(book, settings, onlyMetered: settings.policy.basis != .invoices)
      charges += lines.charges
      findings += lines.findings
      faults.billing += lines.faults
    }
  }

  private mutating func joinBilling(to parents: [Int32]) {
    for index in charges.indices where charges[index].entity != .recurringCharge {
      charges[index].customer = parents[Int(charges[index].customer)]
    }
    for index in commitments.indices {
      commitments[index].customer = parents[Int(commitments[index].customer)]
    }
  }

  /// Whether a charge is in force at the end of some month up to the last published one.
  func isAtAClose(_ charge: CountedCharge) -> Bool {
    charge.start.month <= settings.lastMonth && charge.end.map { charge.start.month < $0.month } ?? true
  }

  /// The month in which the first of the charges in force at a month's end starts, and how many start in it; nil when there are none.
  var firstMonth: (month: Month, charges: Int64)? {
    var first: (month: Month, charges: Int64)?
    for charge in charges where isAtAClose(charge) {
      if let known = first, known.month <= charge.start.month {
        if known.month == charge.start.month { first?.charges += 1 }
      } else {
        first = (charge.start.month, 1)
      }
    }
    return first
  }

  /// The rows of the view `charge`.
  var intervals: [ChargeInterval] {
    var intervals: [ChargeInterval] = []
    intervals.reserveCapacity(charges.count)
    // Side by side, since charges are in no order of customers.
    let customers = book.customers.map(\.id)
    for charge in charges where !charge.isInsideOneDay {
      intervals.append(interval(charge, of: customers[Int(charge.customer)]))
    }
    return intervals
  }

  private func interval(_ charge: CountedCharge, of customer: Int64) -> ChargeInterval {
    ChargeInterval(
      entity: charge.entity, row: charge.row, customer: customer,
      plan: charge.plan < 0 ? nil : book.plans[Int(charge.plan)].id,
      product: charge.product < 0 ? nil : book.products[Int(charge.product)],
      currency: book.currencies[Int(charge.currency)], start: charge.start.day, end: charge.end?.day,
      mrr: charge.amount.value(at: .one) ?? 0, grade: charge.provenFrom == nil ? charge.grade : .assumed)
  }

  /// Short gaps are filled in place.
  private mutating func byCustomer() -> [Int32] {
    // Counting sort: customers are many and their charges few.
    let customers = book.customers.count
    var starts = [Int](repeating: 0, count: customers + 1)
    for charge in charges { starts[Int(charge.customer) + 1] += 1 }
    for customer in 0..<customers { starts[customer + 1] += starts[customer] }
    var places = starts
    var order = [Int32](repeating: 0, count: charges.count)
    var unseen: Set<Int32> = []
    for index in charges.indices {
      let customer = Int(charges[index].customer)
      order[places[customer]] = Int32(index)
      places[customer] += 1
    }
    for customer in 0..<customers where starts[customer] < starts[customer + 1] {
      let group = starts[customer]..<starts[customer + 1]
      let isInOrder = group.dropFirst().allSatisfy { !precedes(order[$0], order[$0 - 1]) }
      if !isInOrder { order[group].sort { precedes($0, $1) } }
      guard settings.policy.graceDays > 0 else { continue }
      let filled = fillingGaps(order[group].map { charges[Int($0)] }, settings.policy)
      for (place, charge) in zip(group, filled) {
        if let charge { charges[Int(order[place])] = charge } else { unseen.insert(order[place]) }
      }
    }
    return unseen.isEmpty ? order : order.filter { !unseen.contains($0) }
  }

  private func precedes(_ left: Int32, _ right: Int32) -> Bool {
    let (first, second) = (Int(left), Int(right))
    if charges[first].start != charges[second].start { return charges[first].start < charges[second].start }
    if charges[first].origin != charges[second].origin {
      return charges[first].origin < charges[second].origin
    }
    return left < right
  }
}

/// The topmost parent of each account; one in a circle of parents is its own.
func topmostParents(_ book: Book) -> [Int32] {
  book.customers.indices.map { index -> Int32 in
    var current = Int32(index)
    var steps = 0
    while let parent = book.customers[Int(current)].parent {
      current = parent
      steps += 1
      if steps > book.customers.count { return Int32(index) }
    }
    return current
  }
}

/// All accounts below one topmost parent as one customer. Invoices stay whose they are: which of them wins is a matter of each
/// account.
private func joined(_ book: Book, to parents: [Int32]) -> Book {
  var book = book
  for index in book.charges.indices {
    book.charges[index].customer = parents[Int(book.charges[index].customer)]
  }
  // Users stay those of their accounts: two of one name are two.
  struct User: Hashable {
    var account: Int32
    var name: Int32
  }
  var users: [User: Int32] = [:]
  for index in book.usage.indices {
    let use = book.usage[index]
    let user = User(account: use.customer, name: use.user)
    let number = users[user] ?? Int32(users.count)
    users[user] = number
    book.usage[index].user = number
    book.usage[index].customer = parents[Int(use.customer)]
  }
  return book
}
