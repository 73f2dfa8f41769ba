import Model

/// CRM deals by month: what was open at the close, and what was closed in it.
struct DealTable {
  private(set) var pipeline: [Int64]
  private(set) var won: [Int64]
  private(set) var lost: [Int64]
  /// Days from creation to winning, summed over the deals won in the month whose creation is known.
  private(set) var cycleDays: [Int64]
  private(set) var cycles: [Int64]
  /// Why the pipeline of a month is not known.
  private(set) var pipelineReason: [String?]
  let isFed: Bool

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, _ rates: MonthRates) {
    isFed = book.fed.contains(.opportunity)
    let zero = Array(repeating: Int64(0), count: calendar.count)
    pipeline = zero
    won = zero
    lost = zero
    cycleDays = zero
    cycles = zero
    pipelineReason = Array(repeating: nil, count: calendar.count)
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
    guard let index = position[currency], let rate = rates.rate(index, month),
      let value = ExactMonthly(Int128(amount), over: 1)?.value(at: rate)
    else {
      pipelineReason[month] = "no rate from \(currency) to \(settings.currency) for \(calendar.first + month)"
      return
    }
    pipeline[month] += value
  }

  private mutating func addClosed(
    _ deal: Book.Opportunity, _ settings: RollupSettings, _ calendar: ReportingCalendar
  ) {
    let status = EntityColumn.opportunityStatuses[Int(deal.status)]
    guard status != "open", let closed = deal.closed.map(settings.zone.day(of:)) else { return }
    let month = closed.month - calendar.first
    guard month >= 0, month < calendar.count else { return }
    guard status == "won" else {
      lost[month] += 1
      return
    }
    won[month] += 1
    if let created = deal.created.map(settings.zone.day(of:)), created <= closed {
      cycleDays[month] += Int64(closed.number - created.number)
      cycles[month] += 1
    }
  }
}
