import Model

/// A book swept customer by customer, over the months of a calendar.
struct SweptBook {
  var sweep: Sweep
  let demand: RateDemand
  /// Sum of all charges at the largest rates they can be valued at, in micro-units.
  private(set) var bound: Int128 = 0
  private(set) var largest = (value: Int128(0), customer: Int32(0))
  /// False where the sums of its months could leave 64 bits: then nothing was swept.
  private var isSafe = true

  /// `others` are segments that have a place too, `firstUse` is the first month of which anybody told of use. `charges` of the counted book are let go of as they are taken over.
  init(
    _ counted: consuming CountedBook, _ calendar: ReportingCalendar, _ rates: MonthRates,
    others: some Sequence<SegmentKey> = [], firstUse: Month?
  ) {
    let (book, settings) = (counted.book, counted.settings)
    var demand = RateDemand(book, settings, calendar, rates)
    let commitments = counted.commitments
    let trials = counted.trials(calendar)
    let looksInside = settings.policy.looksInsideMonths
    var monthly: [MonthlyCharge] = []
    var times: [ChargeTimes] = []
    monthly.reserveCapacity(counted.order.count)
    var near: [CountedCharge] = []
    for first in stride(from: 0, to: counted.order.count, by: 64) {
      // They lie far apart: copied and nothing else, many of them are waited for at a time.
      near.removeAll(keepingCapacity: true)
      for index in counted.order[first..<min(first + 64, counted.order.count)] {
        near.append(counted.charges[Int(index)])
      }
      for charge in near
      where looksInside ? charge.start.month <= settings.lastMonth : counted.isAtAClose(charge) {
        monthly.append(demand.monthly(charge))
        if looksInside { times.append(ChargeTimes(row: charge.origin, start: charge.start, end: charge.end)) }
      }
    }
    _ = consume counted
    let committed = commitments.compactMap { demand.amount(of: $0) }
    self.demand = demand
    sweep = Sweep(book, settings, calendar, rates, others: others, firstUse: firstUse)
    measure(monthly, rates)
    let signedTogether = committed.reduce(Int128(0)) { $0 + Int128($1.value.magnitude) }
    bound += signedTogether
    isSafe =
      fits(bound) || fits(month: Self.largestMonth(of: monthly, rates, calendar.count) + signedTogether)
    guard demand.findings.isEmpty, isSafe else { return }
    var (start, signed) = (0, 0)
    // Who has signed and has nothing in force in any month has no life of its own.
    func addSigned(before customer: Int32) {
      while signed < committed.count, committed[signed].customer < customer {
        let owner = committed[signed].customer
        let end = committed[signed...].firstIndex { $0.customer != owner } ?? committed.count
        sweep.add(committed[signed..<end], of: Int(owner), hasLife: false)
        signed = end
      }
    }
    sweep.reserve(charges: monthly.count)
    sweep.whole.trials = trials
    let usage = sweep.usageByCustomer
    var withCharges: Set<Int32> = []
    while start < monthly.count {
      let customer = monthly[start].customer
      addSigned(before: customer)
      var end = start + 1
      while end < monthly.count, monthly[end].customer == customer { end += 1 }
      sweep.add(
        customer: Int(customer), charges: monthly[start..<end], times: looksInside ? times[start..<end] : [])
      if usage.ranges[customer] != nil {
        withCharges.insert(customer)
        sweep.addUsage(
          usage.months(of: customer, settings.zone, calendar), of: Int(customer), hasLife: true)
      }
      start = end
      let more = committed[signed...].firstIndex { $0.customer != customer } ?? committed.count
      sweep.add(committed[signed..<more], of: Int(customer), hasLife: true)
      signed = more
    }
    addSigned(before: .max)
    for customer in usage.ranges.keys where !withCharges.contains(customer) {
      sweep.addUsage(
        usage.months(of: customer, settings.zone, calendar), of: Int(customer), hasLife: false)
    }
  }

  private mutating func measure(_ charges: [MonthlyCharge], _ rates: MonthRates) {
    let largestRates = rates.largest
    for charge in charges {
      let size = Self.size(of: charge, largestRates)
      bound += size
      if size > largest.value { largest = (size, charge.customer) }
    }
  }

  /// What a charge comes to at the largest rate it can be valued at.
  private static func size(of charge: MonthlyCharge, _ largestRates: [ExactRate]) -> Int128 {
    charge.amount.value(at: charge.constantRate ?? largestRates[Int(charge.currency) - 1]).map { Int128($0) }
      ?? Int128(Int64.max)
  }

  /// The largest sum of charges that have to do with one month: a month takes part in its neighbours' openings.
  private static func largestMonth(
    of charges: [MonthlyCharge], _ rates: MonthRates, _ months: Int
  ) -> Int128 {
    let largestRates = rates.largest
    var changes = [Int128](repeating: 0, count: months + 1)
    for charge in charges {
      let size = size(of: charge, largestRates)
      changes[min(max(0, charge.from - 1), months)] += size
      changes[min(max(0, charge.to + 2), months)] -= size
    }
    var (sum, largest): (Int128, Int128) = (0, 0)
    for change in changes {
      sum += change
      largest = max(largest, sum)
    }
    return largest
  }

  /// A missing rate, or a book whose sums could leave 64 bits.
  var findings: [Finding] {
    guard !isSafe else { return demand.findings }
    return demand.findings + [
      .totalTooLarge(
        "a year's movements of the ARR of all charges in force together",
        remedy:
          "the largest charge is of customer \"\(sweep.book.customers[Int(largest.customer)].name)\": check the amounts for a wrong unit (minor units read as major), or report in a larger currency"
      )
    ]
  }
}

/// Whether plain addition is safe in a book all of whose charges sum up to this.
///
/// A year's ARR sums twelve months' movements; every table stays below twelve times twelve the sum of all charges.
func fits(_ bound: Int128) -> Bool { bound * 144 <= Int128(Int64.max) }

/// Whether it is where no month has more charges than sum up to this: years of short charges are no more than those of one.
///
/// A month's movements come and go, each at most of all its charges at the opening and at the close.
func fits(month: Int128) -> Bool { month * (144 * 4) <= Int128(Int64.max) }
