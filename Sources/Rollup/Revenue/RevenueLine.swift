import Model

/// A billed amount: a line of an invoice, an invoice without known lines, or a share of a credit note.
struct RevenueLine {
  var unit: RevenueUnit
  var currency: Currency
  /// Micro-units, without tax; credits are negative.
  var net: Int64
  var issued: Day
  /// The days of service; nil: all of it on the day of issue.
  var service: Range<Day>?
  /// Recognized by its contract, and not by itself.
  var isOfContract: Bool

  /// What is recognized before a day begins: straight line, half-even.
  func recognized(before day: Day) -> Int64 {
    guard !isOfContract else { return 0 }
    guard let service else { return issued < day ? net : 0 }
    return straightLine(net, over: service, before: day)
  }
}

/// What is balanced as a whole: deferred or owed.
enum RevenueUnit: Hashable, Comparable {
  /// Index into ``Book/Billing/contracts``, of a ramp the contract all its steps belong to.
  case contract(Int32)
  case subscription(Int32)
  case customer(Int32)
  /// Of nobody known.
  case invoice(Int32)

  /// Tells units apart, in 34 bits.
  var key: UInt64 {
    switch self {
    case .contract(let index): UInt64(UInt32(bitPattern: index))
    case .subscription(let index): 1 << 32 | UInt64(UInt32(bitPattern: index))
    case .customer(let index): 2 << 32 | UInt64(UInt32(bitPattern: index))
    case .invoice(let index): 3 << 32 | UInt64(UInt32(bitPattern: index))
    }
  }
}

/// The part of an amount that the days before `day` have of a term, half-even.
func straightLine(_ amount: Int64, over term: Range<Day>, before day: Day) -> Int64 {
  if day >= term.upperBound { return amount }
  guard day > term.lowerBound else { return 0 }
  let (passed, days) = (
    Int64(day.number - term.lowerBound.number), Int64(term.upperBound.number - term.lowerBound.number)
  )
  let product = amount.multipliedReportingOverflow(by: passed)
  if product.overflow {
    return Int64(roundHalfEven(Int128(amount) * Int128(passed), over: Int128(days)))
  }
  // A division of 64 bits costs a tenth of one of 128, and lines are many.
  let (quotient, rest) = product.partialValue.quotientAndRemainder(dividingBy: days)
  let twice = rest.magnitude * 2
  guard twice > days.magnitude || (twice == days.magnitude && quotient & 1 != 0) else { return quotient }
  return quotient + (amount < 0 ? -1 : 1)
}

/// A contract, or one step of a ramp, that recognizes its amount over its term.
struct RevenueStep {
  /// Index of the contract all steps of the ramp belong to.
  var root: Int32
  var customer: Int32
  var currency: Currency
  /// Micro-units over the whole term.
  var amount: Int64
  var term: Range<Day>
  /// The first day it is no longer in force: its end, or when it was canceled before.
  var over: Day
  var signed: Day?
  var isCancellable: Bool

  /// When it counts as signed.
  var known: Day { signed ?? term.lowerBound }

  /// What is recognized before a day begins; nothing more from `over` on.
  func recognized(before day: Day) -> Int64 { straightLine(amount, over: term, before: min(day, over)) }
}
