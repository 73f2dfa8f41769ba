import Model

/// CRM deals by month: what was open at the close, and what was closed in it.
struct DealTable {
  private(set) var pipeline: [Int128]
  /// What was closed in a month; deals are closed before the first MRR too, in months of negative number.
  struct Closed {
    var won: Int64 = 0
    var lost: Int64 = 0
    /// Days from creation to winning, summed over the deals won whose creation is known, and their number.
    var cycleDays: Int64 = 0
    var cycles: Int64 = 0
  }

  private var closed: [Int: Closed] = [:]
  private(set) var findings: [Finding] = []
  let isFed: Bool

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, _ rates: MonthRates) {
    isFed = book.fed.contains(.opportunity)
    pipeline = Array(repeating: 0, count: calendar.count)
    var position: [Currency: Int] = [:]
    for (index, currency) in book.currencies.enumerated() { position[currency] = index }
    for states in Dictionary(grouping: book.opportunities, by: \.id).values {
      let ordered = states.sorted { ($0.from?.packed ?? .min) < ($1.from?.packed ?? .min) }
      for month in 0..<calendar.count {
        addOpen(ordered, month, settings, calendar, rates, position)
      }
      if let latest = ordered.last { addClosed(latest, settings, calendar) }
    }
  }

  private mutating func addOpen(
    _ states: [Book.Opportunity], _ month: Int, _ settings: RollupSettings, _ calendar: ReportingCalendar,
    _ rates: MonthRates, _ position: [Currency: Int]
  ) {
    let end = (calendar.first + month).end
    // The state known at the month's end; before the first snapshot the first one says what its own dates prove.
    guard
      let state = states.last(where: { $0.from.map { settings.zone.day(of: $0) < end } ?? true })
        ?? states.first,
      state.created.map({ settings.zone.day(of: $0) < end }) ?? true
    else { return }
    let isOpen = EntityColumn.opportunityStatuses[Int(state.status)] == "open"
    let closedLater = state.closed.map { settings.zone.day(of: $0) >= end } ?? false
    guard isOpen || closedLater, let amount = state.amount else { return }
    let currency = state.currency ?? settings.currency
    guard let index = position[currency], let rate = rates.rate(index, month) else {
      findings.append(
        Finding(
          .error, "missing-rate",
          "no rate from \(currency) to \(settings.currency) for \(calendar.first + month), needed by an open deal",
          consequence: "nothing is published", remedy: "add the rate to the source that feeds fx_rate"))
      return
    }
    guard let value = ExactMonthly(Int128(amount), over: 1)?.value(at: rate) else {
      findings.append(.totalTooLarge("an open deal of \(calendar.first + month)"))
      return
    }
    pipeline[month] += Int128(value)
  }

  private mutating func addClosed(
    _ deal: Book.Opportunity, _ settings: RollupSettings, _ calendar: ReportingCalendar
  ) {
    let status = EntityColumn.opportunityStatuses[Int(deal.status)]
    guard status != "open", let closed = deal.closed.map(settings.zone.day(of:)) else { return }
    let month = closed.month - calendar.first
    guard month < calendar.count else { return }
    guard status == "won" else {
      self.closed[month, default: Closed()].lost += 1
      return
    }
    self.closed[month, default: Closed()].won += 1
    if let created = deal.created.map(settings.zone.day(of:)), created <= closed {
      self.closed[month, default: Closed()].cycleDays += Int64(closed.number - created.number)
      self.closed[month, default: Closed()].cycles += 1
    }
  }

  /// What was closed in some months together.
  func closed(in months: ClosedRange<Int>) -> Closed {
    months.compactMap { closed[$0] }.reduce(into: Closed()) { sum, month in
      sum.won += month.won
      sum.lost += month.lost
      sum.cycleDays += month.cycleDays
      sum.cycles += month.cycles
    }
  }
}
