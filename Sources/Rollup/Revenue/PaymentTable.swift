import Model

/// Payments by invoice and customer: which failed, and which were recovered.
struct PaymentTable {
  /// Days within which a success after the first failure recovers a payment.
  static let recoveryWindow: Int32 = 30
  /// Days before leaving within which a failed payment is its cause.
  static let churnWindow: Int32 = 60

  /// By month number: tries that failed, and invoices first failed in the month that were paid in time.
  private(set) var failed: MonthlyAmounts
  private(set) var recovered: MonthlyAmounts
  private(set) var collected: NativeTable
  private(set) var undated = 0
  private let billing: Book.Billing
  private let zone: ReportingZone
  /// Payments with a date, by customer in the order of time.
  private var byCustomer: [Int32: [Int32]] = [:]
  private var recoveredInvoices: Set<Int32> = []

  private static let succeeded = UInt8(EntityColumn.paymentStatuses.firstIndex(of: "succeeded") ?? 1)
  private static let failure = UInt8(EntityColumn.paymentStatuses.firstIndex(of: "failed") ?? 2)

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar) {
    billing = book.billing
    zone = settings.zone
    let months = -calendar.lead..<calendar.count
    failed = MonthlyAmounts(first: months.lowerBound, count: months.count)
    recovered = failed
    collected = NativeTable(calendar)
    var failures: [Int32: LocalTime] = [:]
    for (index, payment) in billing.payments.enumerated() {
      let counts = payment.status == Self.succeeded || payment.status == Self.failure
      guard let created = payment.created.map({ LocalTime($0, settings.zone) }) else {
        if counts { undated += 1 }
        continue
      }
      guard counts else { continue }
      let month = created.month - calendar.first
      if payment.customer >= 0 { byCustomer[payment.customer, default: []].append(Int32(index)) }
      if payment.status == Self.succeeded {
        if months.contains(month) {
          collected.add(Int128(payment.amount), book.currencies[Int(payment.currency)], month)
        }
        continue
      }
      failed[month] += 1
      if payment.invoice >= 0 {
        failures[payment.invoice] = min(failures[payment.invoice] ?? created, created)
      }
    }
    for payment in billing.payments where payment.status == Self.succeeded {
      guard let first = failures[payment.invoice],
        let created = payment.created.map({ LocalTime($0, settings.zone) }),
        created >= first, created.day.number - first.day.number <= Self.recoveryWindow,
        recoveredInvoices.insert(payment.invoice).inserted
      else { continue }
      recovered[first.month - calendar.first] += 1
    }
    for refund in billing.refunds where refund.status == Self.succeeded {
      guard let month = refund.created.map({ settings.zone.day(of: $0).month - calendar.first }) else {
        undated += 1
        continue
      }
      if months.contains(month) {
        collected.add(-Int128(refund.amount), book.currencies[Int(refund.currency)], month)
      }
    }
    let payments = billing.payments
    func time(_ index: Int32) -> LocalTime {
      payments[Int(index)].created.map { LocalTime($0, settings.zone) }
        ?? LocalTime(day: calendar.first.firstDay)
    }
    for customer in byCustomer.keys { byCustomer[customer]?.sort { (time($0), $0) < (time($1), $1) } }
  }

  /// Customers of whom any payment failed.
  static func customersWithFailures(_ book: Book) -> Set<Int32> {
    Set(book.billing.payments.lazy.filter { $0.status == failure && $0.customer >= 0 }.map(\.customer))
  }

  /// Whether the last payment some accounts tried before leaving on a day failed and was not recovered.
  func failedBefore(leaving day: Day, _ accounts: [Int32]) -> Bool {
    var last: (time: LocalTime, index: Int32)?
    for account in accounts {
      for index in byCustomer[account] ?? [] {
        guard let created = billing.payments[Int(index)].created.map({ LocalTime($0, zone) }),
          created.day <= day
        else { break }
        if last.map({ ($0.time, $0.index) < (created, index) }) ?? true { last = (created, index) }
      }
    }
    guard let last, day.number - last.time.day.number <= Self.churnWindow else { return false }
    let payment = billing.payments[Int(last.index)]
    return payment.status == Self.failure && !recoveredInvoices.contains(payment.invoice)
  }

  /// Succeeded payments of each invoice.
  var paidByInvoice: [Int32: [Settlement]] {
    var result: [Int32: [Settlement]] = [:]
    for payment in billing.payments where payment.status == Self.succeeded && payment.invoice >= 0 {
      guard let day = payment.created.map(zone.day(of:)) else { continue }
      result[payment.invoice, default: []].append(
        Settlement(day: day, amount: Int128(payment.amount), currency: payment.currency))
    }
    return result
  }
}
