import Model

/// The life of a customer that carries a trap: fixed dates, counted back from the company's last month.
struct TrapLife {
  var customer: Customer
  var life: Life
  private let role: Cast.Role

  init(_ role: Cast.Role, customer: Customer, life: Life) {
    self.role = role
    self.customer = customer
    self.life = life
    self.customer.currency = .usd
    self.customer.country = "US"
  }

  mutating func live() {
    switch role.trap {
    case .returnsAfterLeaving: returnAfterLeaving()
    case .leavesForGood: runOnce(.team, .month, seats: 9, from: day(9, 18), to: day(9, 7))
    case .allOpenEnded:
      runOnce(.team, .month, seats: 12, from: day(8, 19))
      runOnce(.insights, .month, seats: 5, from: day(20, 11))
    case .overlappingSubscriptions:
      runOnce(.business, .month, seats: 10, from: day(3, 15))
      runOnce(.business, .month, seats: 4, from: day(17, 10))
    case .cancelsOneOfTwo:
      runOnce(.team, .month, seats: 14, from: day(12, 17))
      runOnce(.insights, .month, seats: 14, from: day(14, 13), to: day(14, 5))
    case .renewalTwoDaysLate: renewLate()
    case .signUpAndLeaveInOneMonth: runOnce(.starter, .month, seats: 3, from: day(4, 8), to: day(22, 8))
    case .yearlyInvoice: runOnce(.team, .year, seats: 25, from: day(15, 21))
    case .priceRise: payMoreLater()
    case .swapOnLastDay: swapOnLastDay()
    case .leapDay: startOnLeapDay()
    case .lateEveningStart: runOnce(.team, .month, seats: 7, from: day(31, 9), second: Self.lateEvening)
    case .lateEveningEnd:
      runOnce(.team, .month, seats: 11, from: day(31, 15), to: day(31, 3), second: Self.lateEvening)
    case .monthEndOnWeekend: startOnSunday()
    case .quarantinedTonight:
      runOnce(.business, .month, seats: 16, from: day(6, 12))
      life.subscriptions[0].isUnreadableInLastSnapshot = true
    case .endsOnTheFirst: runOnce(.team, .month, seats: 6, from: day(1, 16), to: day(1, 5))
    case .weeklyPrice: runOnce(.starter, .week, seats: 7, from: day(13, 14))
    case .quarterlyPrice: runOnce(.team, .quarter, seats: 7, from: day(7, 17))
    case .twoYearlyPrice: runOnce(.business, .twoYears, seats: 35, from: day(19, 20))
    case .percentForever: discounted(Discount(basisPoints: 1750, duration: .forever))
    case .amountForever: discounted(Discount(amount: 2500, duration: .forever))
    case .percentRepeating: discounted(Discount(basisPoints: 3333, duration: .repeating, until: day(10, 8)))
    case .amountRepeating: discounted(Discount(amount: 4000, duration: .repeating, until: day(10, 7)))
    case .percentOnce: discounted(Discount(basisPoints: 5000, duration: .once))
    case .fullyDiscounted: discounted(Discount(basisPoints: 10_000, duration: .forever))
    case .trialConverts: tryFirst(converts: true)
    case .trialLapses: tryFirst(converts: false)
    case .pause: pause()
    case .pauseAsGap:
      runOnce(.team, .month, seats: 8, from: day(2, 18), to: day(12, 9))
      life.add(0, price(.team, .month), seats: 8, from: day(3, 6))
    case .parentWithSubsidiaries:
      runOnce(.team, .month, seats: 20 - Int64(role.part) * 6, from: day(5, 14 - role.part))
    case .yearlySeatsThenMonthly: buySeatsTwice()
    case .unpaid: failToPay()
    case .zeroDecimalCurrency:
      customer.currency = .jpy
      customer.country = "JP"
      runOnce(.team, .month, seats: 18, from: day(21, 16))
    case .movesCountry:
      customer.country = "GB"
      customer.movedFrom = (country: "US", until: day(15, 4))
      runOnce(.business, .month, seats: 12, from: day(9, 15))
    case .vanishesFromSnapshots:
      runOnce(.team, .month, seats: 10, from: day(11, 13), to: day(18, 4))
      life.subscriptions[0].vanishes = true
    case .cancelsAtPeriodEnd:
      runOnce(.team, .year, seats: 30, from: day(15, 10), to: day(15, -2))
      life.subscriptions[0].cancelRequested = day(20, 1)
    case .signedNotStarted: runOnce(.business, .year, seats: 50, from: day(1, -2))
    case .noAccount:
      customer.hasAccount = false
      runOnce(.team, .month, seats: 9, from: day(16, 12))
    case .awkwardName:
      customer.name = CompanyName.awkward[role.part]
      // Large late rises, so that the reports' lists of movements show these names.
      let seats = Int64(20 + 4 * role.part)
      runOnce(.business, .month, seats: seats, from: day(3, 20 - role.part % 6), to: day(2 + role.part, 0))
      life.add(0, price(.business, .month), seats: seats + 12, from: day(2 + role.part, 0))
    }
    if let first = life.terms.map(\.start).min() { customer.created = first }
  }

  private static let lateEvening: Int64 = 84_600

  private func month(_ back: Int) -> Month { Calendar.last - back }
  private func day(_ day: Int, _ monthsBack: Int) -> Day { Calendar.day(day, of: month(monthsBack)) }
  /// The old price throughout, so that the figures are easy to check; only ``Trap/priceRise`` pays the new one.
  private func price(_ product: Product, _ interval: BillingInterval) -> Int {
    PriceList.index(product, interval, customer.currency)
  }

  /// One subscription with one term.
  private mutating func runOnce(
    _ product: Product, _ interval: BillingInterval, seats: Int64, from start: Day, to end: Day? = nil,
    second: Int64 = 36_000
  ) {
    let subscription = life.subscribe(startSecond: second)
    life.add(subscription, price(product, interval), seats: seats, from: start, to: end)
    if let end, end > start + 14 { life.subscriptions[subscription].cancelRequested = end - 9 }
  }

  private mutating func returnAfterLeaving() {
    runOnce(.team, .month, seats: 8, from: day(5, 20), to: day(5, 14))
    runOnce(.team, .month, seats: 6, from: day(11, 9))
  }

  private mutating func renewLate() {
    let subscription = life.subscribe()
    let expiry = month(5).lastDay
    life.add(subscription, price(.team, .year), seats: 22, from: month(17).lastDay, to: expiry)
    life.add(subscription, price(.team, .year), seats: 22, from: expiry + 2)
  }

  private mutating func payMoreLater() {
    let subscription = life.subscribe()
    let rise = Calendar.day(4, of: PriceList.riseMonth)
    let old = price(.team, .month)
    life.add(subscription, old, seats: 15, from: day(4, 20), to: rise)
    life.add(subscription, PriceList.successor(of: old) ?? old, seats: 15, from: rise)
  }

  private mutating func swapOnLastDay() {
    let subscription = life.subscribe()
    let swap = month(6).lastDay
    life.add(subscription, price(.team, .month), seats: 15, from: day(10, 16), to: swap)
    life.add(subscription, price(.business, .month), seats: 15, from: swap)
  }

  private mutating func startOnLeapDay() {
    let subscription = life.subscribe()
    let start = Calendar.day(29, of: Month(year: 2024, month: 2))
    let first = Calendar.anniversary(of: start, after: 12)
    let second = Calendar.anniversary(of: start, after: 24)
    life.add(subscription, price(.team, .year), seats: 10, from: start, to: first)
    life.add(subscription, price(.team, .year), seats: 12, from: first, to: second)
    life.add(subscription, price(.team, .year), seats: 15, from: second)
  }

  /// 31 August 2025 was a Sunday, 31 January 2026 a Saturday.
  private mutating func startOnSunday() {
    customer.currency = .eur
    customer.country = "DE"
    let subscription = life.subscribe()
    let sunday = month(14).lastDay
    let saturday = month(9).lastDay
    life.add(subscription, price(.business, .month), seats: 20, from: sunday, to: saturday)
    life.add(subscription, price(.business, .month), seats: 26, from: saturday)
  }

  private mutating func discounted(_ discount: Discount) {
    let subscription = life.subscribe()
    life.add(subscription, price(.team, .month), seats: 13, from: day(10, 13), discount: discount)
  }

  private mutating func tryFirst(converts: Bool) {
    let subscription = life.subscribe()
    let start = day(20, 11)
    life.add(subscription, price(.team, .month), seats: 9, from: start, to: start + 14, state: .trialing)
    if converts {
      life.add(subscription, price(.team, .month), seats: 9, from: start + 14)
    } else {
      life.subscriptions[subscription].cancelRequested = start + 10
    }
  }

  private mutating func pause() {
    let subscription = life.subscribe()
    life.add(subscription, price(.team, .month), seats: 8, from: day(2, 18), to: day(12, 9))
    life.add(subscription, price(.team, .month), seats: 8, from: day(12, 9), to: day(3, 7), state: .paused)
    life.add(subscription, price(.team, .month), seats: 8, from: day(3, 7))
  }

  private mutating func buySeatsTwice() {
    let yearly = life.subscribe()
    life.add(yearly, price(.team, .year), seats: 4, from: day(10, 20), to: day(10, 8))
    let monthly = life.subscribe()
    life.add(monthly, price(.starter, .month), seats: 2, from: day(12, 16), to: day(12, 12))
    let back = life.subscribe()
    life.add(back, price(.starter, .month), seats: 3, from: day(1, 4))
    for (term, cents) in [(0, 50_000), (1, 3000), (2, 5000)] { life.terms[term].unitAmount = Int64(cents) }
  }

  private mutating func failToPay() {
    let subscription = life.subscribe()
    let price = price(.team, .month)
    life.add(subscription, price, seats: 10, from: day(10, 15), to: day(10, 6))
    life.add(subscription, price, seats: 10, from: day(10, 6), to: day(10, 5), state: .pastDue)
    life.add(subscription, price, seats: 10, from: day(10, 5), to: day(10, 3), state: .unpaid)
    life.subscriptions[subscription].cancelReason = Life.Subscription.paymentFailed
  }
}
