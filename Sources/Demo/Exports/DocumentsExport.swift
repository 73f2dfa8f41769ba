import Model

/// What one system wrote to its customers and what came of it: invoices with a line each, payments with failures, refunds
/// and credit notes, and the contracts of some who signed one.
final class DocumentsExport {
  private let invoices, lines, payments, refunds, notes: ExportWriter
  private let contracts: ExportWriter?
  private let lastDay: Day
  private let seed: UInt64

  init(folder: String, lastDay: Day, seed: UInt64, hasContracts: Bool = false) throws {
    self.lastDay = lastDay
    self.seed = seed
    func writer(_ name: String, _ header: [String]) throws -> ExportWriter {
      try ExportWriter(path: "\(folder)/\(name)_\(lastDay).csv", header: header)
    }
    invoices = try writer(
      "invoices",
      [
        "invoice_id", "customer_id", "subscription_id", "contract_id", "status", "issued", "due", "tax",
        "total",
        "currency", "paid",
      ])
    lines = try writer(
      "invoice_lines",
      ["line_id", "invoice_id", "plan_id", "amount", "currency", "service_start", "service_end", "proration"])
    payments = try writer(
      "payments",
      [
        "payment_id", "customer_id", "invoice_id", "amount", "currency", "status", "created", "failure",
        "attempt",
      ])
    refunds = try writer("refunds", ["refund_id", "payment_id", "amount", "currency", "created", "reason"])
    notes = try writer(
      "credit_notes", ["note_id", "invoice_id", "amount", "tax", "currency", "issued", "reason"])
    contracts =
      hasContracts
      ? try writer(
        "contracts",
        [
          "contract_id", "customer_id", "ramp_of", "signed", "start", "end", "amount", "currency",
          "cancellable",
        ]) : nil
  }

  func finish() throws -> [WrittenFile] {
    try [invoices, lines, payments, refunds, notes, contracts].compactMap { try $0?.finish() }
  }

  func write(_ customer: Customer, _ life: Life) {
    var random = SeededRandom(seed: seed, stream: 1 << 60 | UInt64(customer.index))
    let contract = writeContract(customer, life)
    var number = 0
    func begin(of term: Life.Term) -> Day {
      life.terms.first { $0.subscription == term.subscription && $0.isBilled }?.start ?? term.start
    }
    for term in life.terms where term.isBilled {
      let begin = begin(of: term)
      for period in Self.periods(of: term, through: lastDay) {
        number += 1
        let id = "I-\(customer.id.dropFirst(2))-\(number)"
        let outcome = Outcome(issued: period.start, lastDay: lastDay, &random)
        let whole = term.invoiced(on: period.start, isFirst: period.start == begin)
        write(id, customer, term, period, whole, issued: period.start, contract: contract, outcome)
      }
    }
    for (position, subscription) in life.subscriptions.enumerated()
    where subscription.cancelReason == Life.Subscription.paymentFailed {
      guard let term = life.terms.last(where: { $0.subscription == position && $0.isBilled }),
        let end = term.end, end <= lastDay
      else { continue }
      number += 1
      writeUnpaidRenewal("I-\(customer.id.dropFirst(2))-\(number)", customer, term, from: end)
    }
  }

  /// What would have gone on from a day, if any try to pay for it had succeeded: the invoice was voided then.
  private func writeUnpaidRenewal(_ id: String, _ customer: Customer, _ term: Life.Term, from day: Day) {
    let end = Self.day(1, of: PriceList.prices[term.price].interval, from: day)
    let period = Period(start: day, end: end, whole: end.number - day.number)
    write(
      id, customer, term, period, term.invoiced(on: day, isFirst: false), issued: day + -10, contract: nil,
      Outcome(failing: [day + -8, day + -4, day]), isVoid: true)
  }

  /// A stretch billed at its start, and how long the interval would be.
  struct Period {
    let start: Day
    let end: Day
    let whole: Int32

    var isPart: Bool { end.number - start.number < whole }
  }

  /// The billing periods of a term that begin by the last day; the last one is cut where the term ends.
  static func periods(of term: Life.Term, through last: Day) -> [Period] {
    let interval = PriceList.prices[term.price].interval
    var periods: [Period] = []
    var count = 0
    while true {
      let (start, end) = (
        day(count, of: interval, from: term.start), day(count + 1, of: interval, from: term.start)
      )
      guard start <= last, term.end.map({ start < $0 }) ?? true else { return periods }
      periods.append(
        Period(start: start, end: min(end, term.end ?? end), whole: end.number - start.number))
      count += 1
    }
  }

  private static func day(_ count: Int, of interval: BillingInterval, from start: Day) -> Day {
    guard interval != .week else { return start + 7 * count }
    return Calendar.anniversary(of: start, after: count * interval.commitment)
  }

  /// `whole` is what a whole interval is billed with.
  private func write(
    _ id: String, _ customer: Customer, _ term: Life.Term, _ period: Period, _ whole: Int64, issued: Day,
    contract: String?, _ outcome: Outcome, isVoid: Bool = false
  ) {
    let price = PriceList.prices[term.price]
    let net = whole * Int64(period.end.number - period.start.number) / Int64(period.whole)
    let tax = price.currency == .eur ? net / 5 : 0
    let money = { (writer: ExportWriter, amount: Int64) in
      writer.amount(amount, exponent: price.currency.exponent)
    }
    invoices.text(id)
    invoices.text(customer.id)
    // Stripe's own ids of subscriptions are not told here: what is billed is the customer's.
    if customer.system == .billing {
      invoices.text("S-\(customer.id.dropFirst(2))-\(term.subscription + 1)")
    } else {
      invoices.empty()
    }
    invoices.text(contract ?? "")
    invoices.text(isVoid ? "void" : outcome.paid == nil ? "open" : "paid")
    invoices.date(issued)
    invoices.date(issued + 30)
    money(invoices, tax)
    money(invoices, net + tax)
    invoices.text(price.currency.code)
    if let paid = outcome.paid { invoices.date(paid) } else { invoices.empty() }
    invoices.endRow()

    lines.text(id + "-1")
    lines.text(id)
    lines.text(price.code)
    money(lines, net)
    lines.text(price.currency.code)
    lines.date(period.start)
    lines.date(period.end)
    lines.text(period.isPart ? "true" : "false")
    lines.endRow()

    for (position, attempt) in outcome.attempts.enumerated() {
      payments.text("P-\(id.dropFirst(2))-\(position + 1)")
      payments.text(customer.id)
      payments.text(id)
      money(payments, net + tax)
      payments.text(price.currency.code)
      payments.text(attempt.succeeds ? "succeeded" : "failed")
      payments.date(attempt.day)
      payments.text(attempt.succeeds ? "" : "card_declined")
      payments.number(Int64(position + 1))
      payments.endRow()
    }
    if outcome.isRefunded, let paid = outcome.paid, paid + 12 <= lastDay {
      refunds.text("R-\(id.dropFirst(2))")
      refunds.text("P-\(id.dropFirst(2))-\(outcome.attempts.count)")
      money(refunds, (net + tax) / 10)
      refunds.text(price.currency.code)
      refunds.date(paid + 12)
      refunds.text("Outage")
      refunds.endRow()
    }
    if outcome.isCredited, period.start + 9 <= lastDay {
      notes.text("N-\(id.dropFirst(2))")
      notes.text(id)
      money(notes, net / 4)
      money(notes, tax / 4)
      notes.text(price.currency.code)
      notes.date(period.start + 9)
      notes.text("Goodwill")
      notes.endRow()
    }
  }

  /// Of every twentieth customer with a yearly first term: two years, the second a fifth dearer.
  private func writeContract(_ customer: Customer, _ life: Life) -> String? {
    guard let contracts, customer.index % 20 == 3,
      let term = life.terms.first(where: { $0.state == .active }),
      PriceList.prices[term.price].interval == .year
    else { return nil }
    let id = "K-\(customer.id.dropFirst(2))"
    let currency = PriceList.prices[term.price].currency
    let next = Calendar.anniversary(of: term.start, after: 12)
    let yearly = term.invoiced(on: term.start, isFirst: true)
    let steps = [
      ("", term.start, Calendar.anniversary(of: term.start, after: 24), nil),
      (id, term.start, next, yearly),
      (id, next, Calendar.anniversary(of: term.start, after: 24), yearly * 6 / 5),
    ]
    for (position, step) in steps.enumerated() {
      contracts.text(position == 0 ? id : "\(id)-\(position)")
      contracts.text(customer.id)
      contracts.text(step.0)
      contracts.date(term.start + -10)
      contracts.date(step.1)
      contracts.date(step.2)
      if let amount = step.3 {
        contracts.amount(amount, exponent: currency.exponent)
      } else {
        contracts.empty()
      }
      contracts.text(currency.code)
      contracts.text(customer.index % 40 == 3 ? "false" : "true")
      contracts.endRow()
    }
    return id
  }
}

extension Life.Term {
  var isBilled: Bool { state == .active || state == .pastDue }

  /// Minor units that an invoice of one whole interval bills, without tax; `isFirst` of its subscription.
  func invoiced(on day: Day, isFirst: Bool) -> Int64 {
    let gross = unitAmount * quantity
    guard let discount, discount.counts(onInvoiceOf: day, isFirst: isFirst) else { return gross }
    return max(0, gross * (10_000 - discount.basisPoints) / 10_000 - discount.amount)
  }
}

/// What became of an invoice.
private struct Outcome {
  struct Attempt {
    let day: Day
    let succeeds: Bool
  }

  private(set) var attempts: [Attempt] = []
  let isRefunded: Bool
  let isCredited: Bool

  /// Never paid.
  init(failing days: [Day]) {
    attempts = days.map { Attempt(day: $0, succeeds: false) }
    isRefunded = false
    isCredited = false
  }

  /// The day it was paid on.
  var paid: Day? { attempts.last.flatMap { $0.succeeds ? $0.day : nil } }

  init(issued: Day, lastDay: Day, _ random: inout SeededRandom) {
    let first = issued + random.within(0, 25)
    let failures = random.pick([940, 35, 15, 10])
    let isGivenUp = random.chance(perMille: 250)
    isRefunded = random.chance(perMille: 5)
    isCredited = random.chance(perMille: 8)
    for number in 0...failures {
      let day = first + number * 4
      guard day <= lastDay, number < failures || failures == 0 || !isGivenUp else { return }
      attempts.append(Attempt(day: day, succeeds: number == failures))
    }
  }
}
