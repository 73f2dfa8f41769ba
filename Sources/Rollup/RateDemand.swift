import Model

/// Turns counted charges into month numbers and asks for every rate they need: a missing one is an error that names pair and
/// day, never a dropped charge.
struct RateDemand {
  private let book: Book
  private let settings: RollupSettings
  private let calendar: ReportingCalendar
  private let rates: MonthRates
  /// By currency: how many more charges need a month's rate than that of the month before.
  private var neededSteps: [[Int64]]
  private var missingStarts: [Int: Set<Day>] = [:]

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, _ rates: MonthRates) {
    self.book = book
    self.settings = settings
    self.calendar = calendar
    self.rates = rates
    neededSteps = book.currencies.map { _ in Array(repeating: 0, count: calendar.count + 1) }
  }

  /// A charge that no month closes with has `from == to`; one that ended before the first published month asks for no rate.
  mutating func monthly(_ charge: CountedCharge) -> MonthlyCharge {
    let from = max(0, charge.start.month - calendar.first)
    let to = charge.end.map { max(from, min(calendar.count, $0.month - calendar.first)) } ?? calendar.count
    let isPublished = charge.end.map { $0.month >= calendar.first } ?? true
    let currency = Int(charge.currency)
    var constantRate: ExactRate?
    if !isPublished {
      constantRate = .one
    } else if settings.policy.rateDate == .serviceStart, book.currencies[currency] != settings.currency {
      constantRate = rates.rate(currency, at: charge.serviceStart)?.rate
      if constantRate == nil { missingStarts[currency, default: []].insert(charge.serviceStart) }
    } else {
      neededSteps[currency][from] += 1
      neededSteps[currency][min(lastMonth(of: charge, to), calendar.count - 1) + 1] -= 1
      if rates.isConstant[currency] { constantRate = rates.rate(currency, from) }
    }
    return MonthlyCharge(
      amount: charge.amount, quantity: charge.quantity, from: from, to: to,
      scheduledFrom: scheduledFrom(charge),
      scheduledTo: charge.cancelEffective.map { $0.month - calendar.first } ?? 0,
      assumedBefore: charge.grade == .assumed
        ? .max : charge.provenFrom.map { $0.month - calendar.first } ?? 0,
      constantRate: constantRate, isReconstructed: charge.grade == .reconstructed, customer: charge.customer,
      plan: charge.plan + 1, product: charge.product + 1, currency: charge.currency + 1,
      subscription: charge.subscription)
  }

  /// What is signed, valued at the rate of its month, or of its service's start where that has come; nil outside the months.
  mutating func amount(of commitment: Commitment) -> CommittedAmount? {
    let month = commitment.month - calendar.first
    guard month >= 0, month < calendar.count else { return nil }
    let currency = Int(commitment.currency)
    var rate: ExactRate?
    if settings.policy.rateDate == .serviceStart, commitment.serviceStart < commitment.month.end {
      rate = rates.rate(currency, at: commitment.serviceStart)?.rate
      if rate == nil { missingStarts[currency, default: []].insert(commitment.serviceStart) }
    } else {
      neededSteps[currency][month] += 1
      neededSteps[currency][month + 1] -= 1
      rate = rates.rate(currency, month)
    }
    let value = rate.flatMap { commitment.amount.value(at: $0) } ?? 0
    return CommittedAmount(
      customer: commitment.customer, currency: commitment.currency + 1, month: month,
      value: commitment.sign * value)
  }

  /// The last month whose rate values the charge: that of its end, or the next one where its window reaches back to it.
  private func lastMonth(of charge: CountedCharge, _ to: Int) -> Int {
    guard settings.policy.churnWindow == .thirtyDays, let end = charge.end else { return to }
    return end.day >= ChurnWindow.start(of: calendar.first + (to + 1)) ? to + 1 : to
  }

  /// First month at whose close the cancellation is asked for and takes effect within the horizon.
  private func scheduledFrom(_ charge: CountedCharge) -> Int {
    guard let requested = charge.cancelRequested, let effective = charge.cancelEffective else {
      return Int.max
    }
    // The month whose end is the first one not before the effective day.
    let gone = (effective - 1).month - calendar.first
    return max(requested.month - calendar.first, gone - settings.policy.cmrrHorizon)
  }

  /// How many charges need the rate of each currency in each month.
  var needed: [Currency: [Int64]] {
    var needed: [Currency: [Int64]] = [:]
    for (currency, steps) in zip(book.currencies, neededSteps) {
      var count: Int64 = 0
      needed[currency] = steps.dropLast().map { step in
        count += step
        return count
      }
    }
    return needed
  }

  /// One for each pair, naming the days: a currency nobody feeds lacks every month's.
  var findings: [Finding] {
    var days = missingStarts
    let needed = needed
    for (currency, name) in book.currencies.enumerated() {
      for (month, count) in (needed[name] ?? []).enumerated()
      where count > 0 && rates.rate(currency, month) == nil {
        days[currency, default: []].insert((calendar.first + month).lastDay)
      }
    }
    return days.sorted { $0.key < $1.key }.map { finding($0, days: $1.sorted()) }
  }

  private func finding(_ currency: Int, days: [Day]) -> Finding {
    let from = book.currencies[currency]
    let shown = days.prefix(3).map(\.description).joined(separator: ", ")
    let others = days.count > 3 ? " and \(days.count - 3) more days to \(days[days.count - 1])" : ""
    let isFixed = settings.policy.rateDate == .fixed
    let reach = isFixed ? "" : ", nor in the \(settings.maximumRateAge) days before"
    let remedy =
      if isFixed {
        "write `fixed: {\(from): RATE}` in Config/rates.yml"
      } else if rates.isFed(currency) {
        "add the rate to the source that feeds fx_rate, or raise max_rate_age in Config/rates.yml"
      } else {
        "no source feeds this pair: add one that feeds fx_rate, or, if reports are to be in \(from), say `reporting_currency: \(from)` in Config/company.yml"
      }
    return Finding(
      .error, "missing-rate",
      "no rate from \(from) to \(settings.currency) for \(shown)\(others)\(reach)",
      consequence: "nothing is published; amounts in \(from) are kept as they are", remedy: remedy)
  }
}
