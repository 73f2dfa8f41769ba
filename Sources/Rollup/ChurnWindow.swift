import Model

extension Policy {
  /// Whether anything is asked that month ends alone cannot answer.
  var looksInsideMonths: Bool { bridge == .event || churnWindow == .thirtyDays }
}

/// The bridges of the 30 days before each month's end, of which the policy's churn rates are made.
struct ChurnWindow {
  static let days = 30

  /// At the rates of each month; the opening is what is in force when the window's first day begins.
  var reported: BridgeTable
  /// At the rates of the month's opening.
  var constant: BridgeTable
  /// Leavings of who was no customer when the window opened, by segment and month.
  var joinedAndLeft: [Int64]

  init(segments: Int, months: Int) {
    reported = BridgeTable(segments: segments, months: months)
    constant = reported
    joinedAndLeft = Array(repeating: 0, count: segments * months)
  }

  /// The first day of the window that ends with `month`.
  static func start(of month: Month) -> Day { month.end - days }
}

extension Sweep {
  /// Adds the customer to every window that sees it and does not reach before the first published month.
  mutating func addChurnWindows(_ customer: Int) {
    guard churnWindow != nil else { return }
    // A window that reaches into the month before sees charges that ended there.
    for month in timeline.first...min(timeline.end + 1, calendar.count - 1) {
      let start = ChurnWindow.start(of: calendar.first + month)
      guard start >= calendar.first.firstDay else { continue }
      let open = timeline.charges.indices.filter { times[$0].isInForce(openingOf: start) }
      let was = open.contains { timeline.makesCustomer($0) }
      let isNow = timeline.isCustomer(at: month)
      let steps = stepsOfWindow(month, start)
      guard was || isNow || !steps.isEmpty else { continue }
      let openingSegments = segments.customerDimensions.indices.map {
        segment($0, atEndOf: month - 1, customer)
      }
      let closingSegments = segments.customerDimensions.indices.map { segment($0, atEndOf: month, customer) }
      for isConstant in [false, true] {
        let rateMonth = isConstant ? max(0, month - 1) : month
        let opening = open.reduce(0) { $0 + timeline.anyValue($1, at: rateMonth) }
        let closing = timeline.charges.indices.reduce(0) {
          timeline.isInForce($1, month) ? $0 + timeline.anyValue($1, at: rateMonth) : $0
        }
        let entry = CustomerMonth(
          kind: MovementClass(
            was: was, isNow: isNow, before: wasBefore(lastPaying(endingBy: start), at: month),
            opening: opening, closing: closing),
          was: was, isNow: isNow, starting: opening, opening: opening, closing: closing)
        let span = BridgeSpan(
          month: month, rateMonth: rateMonth, startingRate: rateMonth, opensOn: start, entry: entry,
          steps: steps[...], openingSegments: openingSegments, closingSegments: closingSegments)
        add(span, customer, isConstant: isConstant)
      }
    }
  }

  private mutating func stepsOfWindow(_ month: Int, _ start: Day) -> [EventStep] {
    let end = (calendar.first + month).end
    guard settings.policy.bridge == .event, events.changes(from: start, to: end) else { return [] }
    return events.steps(from: start, to: end)
  }

  /// The last month that ended with it a customer, not after `day` begins.
  private func lastPaying(endingBy day: Day) -> Int? {
    var month = min(timeline.end, day.month - calendar.first)
    while month >= timeline.first {
      if timeline.isCustomer(at: month), (calendar.first + month).end <= day { return month }
      month -= 1
    }
    return nil
  }

  private mutating func add(_ span: BridgeSpan, _ customer: Int, isConstant: Bool) {
    func change(_ sweep: inout Sweep, _ body: (inout BridgeTable) -> Void) {
      guard var window = sweep.churnWindow else { return }
      sweep.churnWindow = nil
      if isConstant { body(&window.constant) } else { body(&window.reported) }
      sweep.churnWindow = window
    }
    guard settings.policy.bridge == .event else { return addEnds(of: span, change) }
    let movements = movements(of: span)
    add(span, movements, to: change)
    if movements.reduce(span.entry.opening, { $0 + $1.after - $1.before }) != span.entry.closing {
      broken.append(book.customers[customer].id)
    }
    guard !isConstant, !span.entry.was else { return }
    let left = Int64(movements.count { $0.kind == .churn })
    for segment in [0] + span.closingSegments {
      churnWindow?.joinedAndLeft[segment * calendar.count + span.month] += left
    }
  }

  /// The end-point bridge between the two ends of the window.
  private mutating func addEnds(
    of span: BridgeSpan, _ change: (inout Sweep, (inout BridgeTable) -> Void) -> Void
  ) {
    change(&self) { $0.add(span.entry, at: span.month, opening: 0, closing: 0) }
    for (from, to) in zip(span.openingSegments, span.closingSegments) {
      change(&self) { $0.add(span.entry, at: span.month, opening: from, closing: to) }
    }
    for dimension in segments.chargeDimensions.indices {
      collectEnds(of: span, dimension)
      let ends = parts
      change(&self) { $0.add(span.entry, at: span.month, parts: ends) }
    }
  }
}
