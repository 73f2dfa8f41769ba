import Model

/// Rolls the facts up into everything that is published: a pure function of the book and the settings.
///
/// - Returns: the figures, or findings of severity error when nothing may be published: a missing rate, an amount that
///   does not fit, an identity that does not hold.
public func rollUp(_ book: Book, _ settings: RollupSettings) -> RollupResult {
  var result = RollupResult()
  result.findings = policyFindings(settings.policy)
  let book = settings.policy.customerIs == .parent ? joinedToParents(book) : book
  var rules = CountingRules(book, settings)
  var counted = rules.countedCharges()
  let order = byCustomer(&counted, customers: book.customers.count, settings)
  result.findings += rules.findings
  result.charges.reserveCapacity(counted.count)
  for charge in counted where !charge.isInsideOneDay { result.charges.append(interval(charge, book)) }
  let last = settings.lastMonth
  func isAtAClose(_ charge: CountedCharge) -> Bool {
    charge.start.month <= last && charge.end.map { charge.start.month < $0.month } ?? true
  }
  guard let first = counted.lazy.filter(isAtAClose).map(\.start.month).min() else {
    result.findings.append(
      Finding(
        .warning, "nothing-in-force", "no charge is in force at the end of any month up to \(last)",
        consequence: "there are no figures and no reports",
        remedy: "check the export, the mapping's dates and `--as-of`"))
    return result
  }
  let calendar = ReportingCalendar(
    first: first, count: last - first + 1, fiscalYearStart: settings.fiscalYearStart)
  let rates = MonthRates(
    book, settings, first: first, monthCount: calendar.count, lastRateDay: settings.completeThrough - 1)
  var demand = RateDemand(book, settings, calendar, rates)
  let looksInside = settings.policy.looksInsideMonths
  var monthly: [MonthlyCharge] = []
  var times: [ChargeTimes] = []
  monthly.reserveCapacity(counted.count)
  for index in order {
    let charge = counted[Int(index)]
    guard looksInside ? charge.start.month <= last : isAtAClose(charge) else { continue }
    monthly.append(demand.monthly(charge))
    if looksInside { times.append(ChargeTimes(row: charge.row, start: charge.start, end: charge.end)) }
  }
  counted = []
  result.findings += demand.findings
  result.findings += overflow(of: monthly, rates, book)
  guard !result.findings.contains(where: { $0.severity == .error }) else { return result }

  var sweep = Sweep(book, settings, calendar, rates)
  var start = 0
  while start < monthly.count {
    let customer = monthly[start].customer
    var end = start + 1
    while end < monthly.count, monthly[end].customer == customer { end += 1 }
    sweep.add(
      customer: Int(customer), charges: monthly[start..<end], times: looksInside ? times[start..<end] : [])
    start = end
  }
  let expenses = ExpenseTable(book, settings, calendar)
  result.findings += expenses.findings
  let totals = Totals(sweep, book, rates, expenses: expenses)
  result.findings += totals.deals.findings
  result.movements = sweep.movements
  result.customerMRR = sweep.customerMRR
  result.memberships = sweep.memberships
  result.cohorts = sweep.cohorts.rows(sweep.segments.keys)
  result.ratesUsed = demand.used
  result.bridge = bridgeRows(totals)
  result.figures = figures(totals)
  result.findings += IdentityCheck(totals, brokenCustomers: sweep.broken).findings(result.bridge)
  return result
}

/// The charges' positions, customer after customer, each customer's in a fixed order. Short gaps are filled in place;
/// what is not seen inside them has no position.
private func byCustomer(
  _ charges: inout [CountedCharge], customers: Int, _ settings: RollupSettings
) -> [Int32] {
  // Counting sort: customers are many and their charges few.
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
    let isInOrder = group.dropFirst().allSatisfy { !precedes(order[$0], order[$0 - 1], in: charges) }
    if !isInOrder { order[group].sort { precedes($0, $1, in: charges) } }
    guard settings.policy.graceDays > 0 else { continue }
    let filled = fillingGaps(order[group].map { charges[Int($0)] }, settings.policy)
    for (place, charge) in zip(group, filled) {
      if let charge { charges[Int(order[place])] = charge } else { unseen.insert(order[place]) }
    }
  }
  return unseen.isEmpty ? order : order.filter { !unseen.contains($0) }
}

private func precedes(_ left: Int32, _ right: Int32, in charges: [CountedCharge]) -> Bool {
  let (first, second) = (Int(left), Int(right))
  if charges[first].start != charges[second].start { return charges[first].start < charges[second].start }
  if charges[first].row != charges[second].row { return charges[first].row < charges[second].row }
  return left < right
}

/// All accounts below one topmost parent as one customer; an account in a circle of parents stays itself.
private func joinedToParents(_ book: Book) -> Book {
  var book = book
  let root = book.customers.indices.map { index -> Int32 in
    var current = Int32(index)
    var steps = 0
    while let parent = book.customers[Int(current)].parent {
      current = parent
      steps += 1
      if steps > book.customers.count { return Int32(index) }
    }
    return current
  }
  for index in book.charges.indices { book.charges[index].customer = root[Int(book.charges[index].customer)] }
  return book
}

private func interval(_ charge: CountedCharge, _ book: Book) -> ChargeInterval {
  ChargeInterval(
    row: charge.row, customer: book.customers[Int(charge.customer)].id,
    plan: charge.plan < 0 ? nil : book.plans[Int(charge.plan)].id,
    product: charge.product < 0 ? nil : book.products[Int(charge.product)],
    currency: book.currencies[Int(charge.currency)], start: charge.start.day, end: charge.end?.day,
    mrr: charge.amount.value(at: .one) ?? 0, grade: charge.provenFrom == nil ? .exact : .assumed)
}

/// Answers of a policy that need entities no source can feed yet.
public func policyFindings(_ policy: Policy) -> [Finding] {
  var findings: [Finding] = []
  func refuse(_ answer: String, _ needs: String) {
    findings.append(
      Finding(
        .error, "policy-not-fed", "the policy answers `\(answer)`, which needs \(needs)",
        consequence: "nothing is published",
        remedy: "override the key in Config/policy.yml or choose standard@1"))
  }
  if policy.basis != .subscriptions {
    refuse("basis: \(policy.basis.rawValue)", "\(policy.basis.rawValue) as a source")
  }
  if policy.refunds == .subtract { refuse("refunds: subtract", "refunds as a source") }
  if policy.metered == .includeInvoiced { refuse("metered: include_invoiced", "invoices as a source") }
  return findings
}

/// Refuses a book whose sums could leave 64 bits; within the bound plain addition is safe.
private func overflow(of charges: [MonthlyCharge], _ rates: MonthRates, _ book: Book) -> [Finding] {
  let largest = rates.largest
  var bound: Int128 = 0
  var top = (value: Int128(0), customer: Int32(0))
  for charge in charges {
    let value = charge.amount.value(at: charge.constantRate ?? largest[Int(charge.currency) - 1])
    let size = value.map { Int128($0) } ?? Int128(Int64.max)
    bound += size
    if size > top.value { top = (size, charge.customer) }
  }
  // A year's ARR sums twelve months' movements; every table stays below twelve times twelve the sum of all charges.
  guard bound * 144 > Int128(Int64.max) else { return [] }
  return [
    Finding(
      .error, "total-too-large",
      "the book's MRR does not fit 64 bits of micro-units; its largest charge is of customer \"\(book.customers[Int(top.customer)].name)\"",
      consequence: "nothing is published",
      remedy: "check the amounts for a wrong unit (minor units read as major)")
  ]
}
