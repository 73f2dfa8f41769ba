import GRDB
import Model

extension ReportNotes {
  /// Customers a report can name beside those of the movements.
  static let customerLimit = 100

  mutating func addCustomers(_ month: Month, _ database: Database) throws {
    let keys = try CustomerKeys(database)
    largest = try Self.largest(month, keys, database)
    if let last = try PublicationTerms.fetch(database)?.month, month >= last - 1 {
      atRisk = try Self.atRisk(month, keys, database)
    }
    try name(largest.map(\.customer) + atRisk.prefix(Self.customerLimit).map(\.customer), keys, database)
  }

  /// Adds the names and keys of customers.
  mutating func name(_ customers: [Int64], _ keys: CustomerKeys, _ database: Database) throws {
    let find = try RawStatement(database, "select name from customer_account where customer_id = ?")
    for customer in Set(customers) {
      find.bind(1, customer)
      while try find.step() { customerNames[customer] = find.text(0) }
    }
    customerKeys.merge(try keys.keys(of: customers)) { first, _ in first }
  }

  private static func largest(
    _ month: Month, _ keys: CustomerKeys, _ database: Database
  ) throws -> [CustomerLevel] {
    func levels(_ condition: String) throws -> [CustomerLevel] {
      let select = try RawStatement(
        database,
        """
        select customer_id, mrr from customer_mrr_interval
        where first_month <= \(month.number) and last_month >= \(month.number) and mrr > 0 \(condition)
        """)
      var lines: [CustomerLevel] = []
      while try select.step() {
        lines.append(CustomerLevel(customer: select.integer(0), mrr: select.integer(1)))
      }
      return lines
    }
    // All that have as much as the last one, which mostly are few: which of them it is, their keys say.
    let enough = 10 * customerLimit
    var lines = try levels("order by mrr desc limit \(enough)")
    if lines.count == enough, let last = lines.last, last.mrr == lines[customerLimit - 1].mrr {
      lines = try levels("and mrr >= \(last.mrr)")
    }
    lines = try keys.keys(of: lines.map(\.customer)).inOrder(lines, \.customer, by: \.mrr)
    return Array(lines.prefix(customerLimit))
  }

  /// What stands now: a requested cancellation that has not taken effect, a payment that is late, an end that is known.
  private static func atRisk(
    _ month: Month, _ keys: CustomerKeys, _ database: Database
  ) throws -> [CustomerAtRisk] {
    let end = month.end
    let now = "v.seen_to is null and v.valid_to is null"
    let select = try RawStatement(
      database,
      """
      with sign (customer_id, sign, ends) as (
        select i.customer_id, 0, null from invoice_version v join identity i on i.identity = v.customer
          where \(now) and v.status = 'open' and substr(coalesce(v.due, v.issued), 1, 10) < '\(end)'
        union all
        select i.customer_id, case v.status when 'unpaid' then 2 else 1 end, null
          from subscription_version v join identity i on i.identity = v.customer
          where \(now) and v.status in ('past_due', 'unpaid')
        union all
        select i.customer_id, 3, substr(v.cancel_effective, 1, 10)
          from subscription_version v join identity i on i.identity = v.customer
          where \(now) and v.cancel_requested is not null
            and (v.ended is null or substr(v.ended, 1, 10) >= '\(end)')
            and (v.cancel_effective is null or substr(v.cancel_effective, 1, 10) >= '\(end)')
        union all
        select c.customer_id, 4, date(c.end_day * 86400, 'unixepoch') from charge_interval c
          where c.entity = 0 and c.start_day < \(end.number) and c.end_day >= \(end.number) and c.mrr > 0
            and not exists (select 1 from charge_interval d
              where d.customer_id = c.customer_id and d.start_day <= c.end_day
                and (d.end_day is null or d.end_day > c.end_day))
      )
      select s.customer_id, x.mrr, s.sign, min(s.ends) from sign s
      join customer_mrr_interval x on x.customer_id = s.customer_id
        and x.first_month <= \(month.number) and x.last_month >= \(month.number) and x.mrr > 0
      group by s.customer_id, s.sign order by s.customer_id, s.sign
      """)
    var lines: [CustomerAtRisk] = []
    while try select.step() {
      guard let sign = CustomerAtRisk.Sign(rawValue: Int(select.integer(2))) else { continue }
      let customer = select.integer(0)
      let ends = select.optionalText(3).flatMap { Day(iso: $0) }
      if lines.last?.customer == customer {
        lines[lines.count - 1].signs.append(sign)
        lines[lines.count - 1].end = [lines[lines.count - 1].end, ends].compactMap { $0 }.min()
        continue
      }
      lines.append(CustomerAtRisk(customer: customer, mrr: select.integer(1), signs: [sign], end: ends))
    }
    lines = try keys.keys(of: lines.map(\.customer)).inOrder(lines, \.customer, by: \.mrr)
    // Who is known to leave would be lost among larger ones that are only late.
    func leaves(_ line: CustomerAtRisk) -> Bool { line.signs.contains { $0 >= .cancelRequested } }
    return lines.filter(leaves) + lines.filter { !leaves($0) }
  }
}
