import Model

/// The billing system's export: one row per period in which a subscription's conditions did not change.
final class PeriodsExport {
  private let writer: ExportWriter
  private let broken: BrokenRows
  private let faults: [BrokenRows.Fault]
  private var faultsWritten = 0

  init(folder: String, lastDay: Day, broken: BrokenRows) throws {
    self.broken = broken
    faults = broken.faults
    writer = try ExportWriter(
      path: "\(folder)/periods_\(lastDay).csv",
      header: [
        "period_id", "subscription_id", "customer_id", "customer_name", "crm_account_id", "plan_id",
        "plan_name",
        "product", "start_date", "end_date", "unit_price", "quantity", "discount_percent", "discount_amount",
        "discount_duration", "discount_end", "interval", "interval_count", "currency", "type", "trial",
        "status",
      ])
  }

  func write(_ customer: Customer, _ life: Life) {
    var ordinal: Int64 = 0
    var subscription = -1
    for term in life.terms {
      ordinal = term.subscription == subscription ? ordinal + 1 : 1
      subscription = term.subscription
      row(customer, term, ordinal: ordinal)
    }
    writeFaults(after: customer)
  }

  private func row(_ customer: Customer, _ term: Life.Term, ordinal: Int64) {
    let price = PriceList.prices[term.price]
    writer.field {
      appendSubscription("P-", customer, term)
      writer.append(byte: 0x2D)
      writer.append(ordinal)
    }
    writer.field { appendSubscription("S-", customer, term) }
    writer.text(customer.id)
    writer.text(customer.name)
    writer.text(customer.accountID ?? "")
    writer.text(price.code)
    writer.text(price.name)
    writer.text(price.product.name)
    writer.date(term.start)
    if let end = term.end { writer.date(end) } else { writer.empty() }
    writer.amount(term.unitAmount, exponent: price.currency.exponent)
    writer.number(term.quantity)
    write(term.discount, exponent: price.currency.exponent)
    writer.text(price.interval.unit)
    writer.number(price.interval.count)
    writer.text(price.currency.code)
    writer.text("recurring")
    writer.text(term.state == .trialing ? "true" : "false")
    writer.text(Self.status(of: term.state))
    writer.endRow()
  }

  private func write(_ discount: Discount?, exponent: Int) {
    guard let discount else {
      for _ in 0..<4 { writer.empty() }
      return
    }
    if discount.basisPoints > 0 { writer.amount(discount.basisPoints, exponent: 2) } else { writer.empty() }
    if discount.amount > 0 { writer.amount(discount.amount, exponent: exponent) } else { writer.empty() }
    writer.text(discount.duration.rawValue)
    if let until = discount.until { writer.date(until) } else { writer.empty() }
  }

  private func appendSubscription(_ prefix: StaticString, _ customer: Customer, _ term: Life.Term) {
    writer.append(prefix)
    writer.append(Int64(customer.index + 1), width: 6)
    writer.append(byte: 0x2D)
    writer.append(Int64(term.subscription + 1))
  }

  private static func status(of state: Life.Term.State) -> String {
    switch state {
    case .active: "active"
    case .pastDue: "past_due"
    case .unpaid: "unpaid"
    case .trialing: "trialing"
    case .paused: "paused"
    }
  }

  /// Rows that would be another subscription of the customer, if they could be read.
  private func writeFaults(after customer: Customer) {
    while faultsWritten < faults.count, broken.firstCustomer(ofFault: faultsWritten) <= customer.index {
      write(faults[faultsWritten], customer)
      faultsWritten += 1
    }
  }

  private func write(_ fault: BrokenRows.Fault, _ customer: Customer) {
    let number = customer.id.dropFirst()
    let start = fault == .impossibleDate ? "2026-02-30" : "2026-02-03"
    let price = fault == .unreadableAmount ? "24.oo" : "24.00"
    var fields = [
      "P\(number)-9-1", "S\(number)-9", customer.id, customer.name, customer.accountID ?? "",
      "team-monthly-usd",
      "Team monthly", "Team", start, "", price, "5",
    ]
    if fault != .tooFewFields {
      let interval = fault == .unknownInterval ? "fortnight" : "month"
      let currency = fault == .unknownCurrency ? "US$" : "USD"
      fields += ["", "", "", "", interval, "1", currency, "recurring", "false", "active"]
    }
    for field in fields { writer.text(field) }
    writer.endRow()
  }

  func finish() throws -> WrittenFile { try writer.finish() }
}
