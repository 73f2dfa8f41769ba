import GRDB
import Model

/// Months on end in which a customer's MRR is another one than was closed, in micro-units of the reporting currency.
struct CustomerRestatement: Hashable {
  var customer: Int64
  var first: Month
  var last: Month
  var asClosed: Int64
  var now: Int64
}

extension RunTransaction {
  /// Notes which customers' MRR at the end of closed months is another one now, and why. To be called while the closed months' rows
  /// are as they were published, and the open ones' not yet replaced.
  ///
  /// - Parameter customers: Those whose rows are known; nil: all.
  func restateCustomers(_ now: [CustomerMRR], through closed: Month, of customers: Set<Int64>? = nil) throws {
    var found: [CustomerRestatement] = []
    let asClosed = try closedLevels(through: closed, of: customers)
    var (old, new) = (0, 0)
    let levels = now.inOrder { ($0.customer, $0.first) < ($1.customer, $1.first) }
    while old < asClosed.count || new < levels.count {
      let customer = min(
        old < asClosed.count ? asClosed[old].customer : .max, new < levels.count ? levels[new].customer : .max
      )
      let (oldStart, newStart) = (old, new)
      while old < asClosed.count, asClosed[old].customer == customer { old += 1 }
      while new < levels.count, levels[new].customer == customer { new += 1 }
      found += differences(asClosed[oldStart..<old], levels[newStart..<new], of: customer, through: closed)
    }
    try write(found, of: customers)
  }

  /// The closed months' rows of these customers, by customer and month.
  private func closedLevels(through closed: Month, of customers: Set<Int64>?) throws -> [CustomerMRR] {
    var levels: [CustomerMRR] = []
    let select = try RawStatement(
      database,
      """
      select customer_id, first_month, last_month, mrr from customer_mrr_interval
      where first_month <= \(closed.number)\(customers == nil ? "" : " and customer_id = ?") order by 1, 2
      """)
    func read() throws {
      while try select.step() {
        levels.append(
          CustomerMRR(
            customer: select.integer(0), first: Month(number: Int32(select.integer(1))),
            last: Month(number: Int32(min(select.integer(2), Int64(closed.number)))), mrr: select.integer(3)))
      }
    }
    guard let customers else {
      try read()
      return levels
    }
    for customer in customers.sorted() {
      select.bind(1, customer)
      try read()
    }
    return levels
  }

  private func differences(
    _ before: ArraySlice<CustomerMRR>, _ after: ArraySlice<CustomerMRR>, of customer: Int64,
    through closed: Month
  ) -> [CustomerRestatement] {
    let after = after.filter { $0.first <= closed }
    var bounds: Set<Month> = [closed + 1]
    for level in Array(before) + after {
      bounds.insert(level.first)
      bounds.insert(min(level.last, closed) + 1)
    }
    func mrr(_ levels: some Sequence<CustomerMRR>, at month: Month) -> Int64 {
      levels.first { $0.first <= month && month <= $0.last }?.mrr ?? 0
    }
    let months = bounds.sorted()
    return zip(months, months.dropFirst()).compactMap { first, next in
      let (old, new) = (mrr(before, at: first), mrr(after, at: first))
      guard old != new else { return nil }
      return CustomerRestatement(customer: customer, first: first, last: next - 1, asClosed: old, now: new)
    }
  }

  /// Those that were known stay as they were noted.
  private func write(_ found: [CustomerRestatement], of customers: Set<Int64>?) throws {
    var known: Set<CustomerRestatement> = []
    for row in try Row.fetchAll(
      database, sql: "select customer_id, first_month, last_month, as_closed, now from restated_customer")
    {
      let restatement = CustomerRestatement(
        customer: row[0], first: Month(number: row[1]), last: Month(number: row[2]), asClosed: row[3],
        now: row[4])
      if customers?.contains(restatement.customer) ?? true { known.insert(restatement) }
    }
    let all = Set(found)
    for gone in known.subtracting(all) {
      try database.execute(
        sql: "delete from restated_customer where customer_id = ? and first_month = ?",
        arguments: [gone.customer, gone.first.number])
    }
    let new = found.filter { !known.contains($0) }
    guard let first = new.map(\.first).min() else { return }
    let causes = try RestatementCauses(since: first, of: Set(new.map(\.customer)), configuration, database)
    let insert = try RawStatement(
      database, "insert into restated_customer values (?, ?, ?, ?, ?, ?, ?, \(run))")
    for restatement in new {
      insert.bind(1, restatement.customer)
      insert.bind(2, Int64(restatement.first.number))
      insert.bind(3, Int64(restatement.last.number))
      insert.bind(4, restatement.asClosed)
      insert.bind(5, restatement.now)
      let (cause, rows) = causes.cause(of: restatement.customer, in: restatement.first...restatement.last)
      insert.bind(6, cause)
      insert.bind(7, rows)
      try insert.run()
    }
  }
}
