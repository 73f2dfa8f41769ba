import Model

/// Cash at the month ends, in the reporting currency at the rates of those days, whatever values movements.
struct CashTable {
  /// By month counted from the first published one; earlier months are negative.
  private var balances: [Int: Int64] = [:]
  private let calendar: ReportingCalendar
  private let isFed: Bool
  private(set) var findings: [Finding] = []
  private(set) var ratesUsed: [RateUsed] = []

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar) {
    self.calendar = calendar
    isFed = book.fed.contains(.cashBalance)
    guard !book.cash.isEmpty else { return }
    struct Account: Hashable {
      var month: Int
      var name: String?
      var currency: Currency
    }
    // Of each account the latest day of the month is its close.
    var latest: [Account: (day: Day, amount: Int64)] = [:]
    for balance in book.cash {
      let day = settings.zone.day(of: balance.day)
      let month = day.month - calendar.first
      // No figure looks further back than the first month's burn.
      guard month >= -3, month < calendar.count else { continue }
      let account = Account(month: month, name: balance.account, currency: balance.currency)
      if let known = latest[account], (known.day, known.amount) >= (day, balance.amount) { continue }
      latest[account] = (day, balance.amount)
    }
    var sums = NativeSums()
    for (account, balance) in latest { sums.add(balance.amount, account.currency, account.month) }
    var rates = BookRates(
      book, settings.atMonthEnds, calendar,
      earliest: latest.keys.map(\.month).min().map { calendar.first + $0 })
    balances = rates.converted(sums, neededBy: "a cash balance")
    (findings, ratesUsed) = (rates.findings, rates.ratesUsed)
  }

  /// The balance at the close of a month, or why it is not known.
  func balance(_ month: Int) -> Known<Int64> {
    guard isFed else { return .unknown("no cash data") }
    return balances[month].map { .value($0) } ?? .unknown("no cash balance for \(calendar.first + month)")
  }

  /// What cash fell by in three months; negative where it rose.
  func fall(to month: Int) -> Known<Int128> {
    switch (balance(month - 3), balance(month)) {
    case (.value(let before), .value(let now)): .value(Int128(before) - Int128(now))
    case (_, .unknown(let reason)), (.unknown(let reason), _): .unknown(reason)
    }
  }
}
