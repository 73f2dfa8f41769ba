import Model

/// The sweep over customers: each customer's charges in month order, added to flat tables of segments and months.
///
/// A pure function of some customers' facts: the tables of two disjoint sets of customers add up to those of both.
struct Sweep {
  /// The rates each table is valued at.
  static let constantGrains: [Grain] = Grain.allCases

  let book: Book
  let settings: RollupSettings
  let calendar: ReportingCalendar
  let segments: SegmentTable
  private let horizon: Int
  /// For each constant grain and month, the number of the month whose close opens the period.
  private let openings: [[Int]]

  /// Customers whose values never move: the same in every valuation.
  private(set) var still: BridgeTable
  /// The others, as reported and by constant grain.
  private(set) var reported: BridgeTable
  private(set) var constant: [BridgeTable]
  private(set) var native: BridgeTable
  private(set) var retention: RetentionTable
  private(set) var cohorts: CohortTable
  /// MRR whose cancellation is asked for, by segment and month.
  private(set) var scheduledChurn: [Int64]
  /// Worst grade in force, by segment and month.
  private(set) var grades: [UInt8]
  private(set) var movements: [CustomerMovement] = []
  private(set) var customerMRR: [CustomerMRR] = []
  private(set) var memberships: [SegmentMembership] = []
  /// Customers whose parts do not add up; always 0, or nothing is published.
  private(set) var broken: [Int64] = []

  private var timeline: CustomerTimeline
  private var closings: [Int64] = []
  /// Closing segment by customer dimension and month of the customer's life.
  private var placed: [[Int]] = []

  init(_ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, _ rates: MonthRates) {
    self.book = book
    self.settings = settings
    self.calendar = calendar
    let table = SegmentTable(book, settings.dimensions)
    segments = table
    horizon = settings.policy.cmrrHorizon
    let months = calendar.count
    openings = Self.constantGrains.map { grain in
      (0..<months).map {
        max(0, (calendar.period(grain, containing: calendar.first + $0).first - calendar.first) - 1)
      }
    }
    let empty = BridgeTable(segments: table.count, months: months)
    still = empty
    reported = empty
    constant = Self.constantGrains.map { _ in empty }
    native = empty
    retention = RetentionTable(segments: table.count, months: months)
    cohorts = CohortTable(calendar: calendar, segments: table.count)
    scheduledChurn = Array(repeating: 0, count: table.count * months)
    grades = Array(repeating: 0, count: table.count * months)
    timeline = CustomerTimeline(rates: rates, policy: settings.policy)
  }

  /// Adds one customer; `charges` are all of its charges, at least one, each in force at some month's close.
  mutating func add(customer: Int, charges: ArraySlice<MonthlyCharge>) {
    timeline.load(charges)
    let life = timeline.first...timeline.end
    closings = life.map { timeline.mrr(closing: $0, at: $0) }
    placeInSegments(customer, life)
    addBridges(customer, life)
    addNative(life)
    addRetention(life)
    addLevels(life)
    cohorts.add(timeline, segments: segmentsAtStart(), isPaying: { timeline.isCustomer(at: $0) })
    appendMRR(customer, life)
  }

  /// MRR as reported at the close of a month of the customer's life, 0 outside.
  private func closing(_ month: Int) -> Int64 {
    let offset = month - timeline.first
    return offset >= 0 && offset < closings.count ? closings[offset] : 0
  }

  // MARK: Segments

  private mutating func placeInSegments(_ customer: Int, _ life: ClosedRange<Int>) {
    placed = segments.customerDimensions.enumerated().map { position, entry in
      if case .arr(let bounds) = entry.dimension.rule {
        let micros = bounds.map { $0 * 1_000_000 }
        return life.map { entry.base + Band.position(of: closing($0) * 12, in: micros) }
      }
      let states = book.customers[customer].states
      let numbers = segments.stateSegments[position][customer]
      let starts = states.dropFirst().map { state in state.from.map(settings.zone.day(of:)) }
      return life.map { month in
        let end = (calendar.first + month).end
        let passed = starts.prefix { $0.map { $0 < end } ?? true }.count
        return Int(numbers[passed])
      }
    }
    for months in placed {
      let id = book.customers[customer].id
      var start: Int?
      for month in life {
        let offset = month - timeline.first
        let holds = timeline.isCustomer(at: month)
        if let from = start, !holds || months[offset] != months[from - timeline.first] {
          memberships.append(
            SegmentMembership(
              customer: id, segment: segments.keys[months[from - timeline.first]],
              first: calendar.first + from,
              last: calendar.first + (month - 1)))
          start = nil
        }
        if holds, start == nil { start = month }
      }
      if let from = start {
        memberships.append(
          SegmentMembership(
            customer: id, segment: segments.keys[months[from - timeline.first]], first: calendar.first + from,
            last: calendar.first + life.upperBound))
      }
    }
  }

  private func segmentsAtStart() -> [Int] { [0] + placed.map { $0[0] } }

  private func segment(_ dimension: Int, _ month: Int) -> Int {
    placed[dimension][min(max(0, month - timeline.first), closings.count - 1)]
  }

  /// Segment number of a charge in a charge dimension.
  private func segment(of charge: MonthlyCharge, in dimension: Int) -> Int {
    let numbers = segments.chargeSegments[dimension]
    switch segments.chargeDimensions[dimension].dimension.rule {
    case .plan: return Int(numbers[Int(charge.plan)])
    case .product: return Int(numbers[Int(charge.product)])
    default: return Int(numbers[Int(charge.currency)])
    }
  }

  // MARK: Bridges

  private mutating func addBridges(_ customer: Int, _ life: ClosedRange<Int>) {
    var tables: [Grain?] = [nil]
    if !timeline.isConstant { tables += Self.constantGrains.map { $0 } }
    for grain in tables {
      var lastPaying: Int?
      for month in life {
        let was = timeline.isCustomer(at: month - 1)
        let isNow = timeline.isCustomer(at: month)
        defer { if isNow { lastPaying = month } }
        guard was || isNow else { continue }
        let rateMonth = grain.map { openings[Self.constantGrains.firstIndex(of: $0) ?? 0][month] } ?? month
        let opening = timeline.mrr(closing: month - 1, at: rateMonth)
        let close = grain == nil ? closing(month) : timeline.mrr(closing: month, at: rateMonth)
        let entry = CustomerMonth(
          kind: MovementClass(
            was: was, isNow: isNow, before: wasBefore(lastPaying, at: month), opening: opening, closing: close
          ),
          was: was, isNow: isNow, starting: grain == nil ? closing(month - 1) : opening, opening: opening,
          closing: close)
        add(entry, month, rateMonth, grain)
        if grain == nil { appendMovements(customer, entry, month) }
      }
    }
  }

  /// Whether an earlier month's end makes a return a reactivation; after the policy's window it is new again.
  private func wasBefore(_ lastPaying: Int?, at month: Int) -> Bool {
    guard let lastPaying else { return false }
    guard let window = settings.policy.reactivationWindow else { return true }
    return (calendar.first + month).end.number - (calendar.first + lastPaying).end.number <= Int32(window)
  }

  private mutating func add(_ entry: CustomerMonth, _ month: Int, _ rateMonth: Int, _ grain: Grain?) {
    let startingRate = grain == nil ? month - 1 : rateMonth
    let byDimension = segments.chargeDimensions.indices.map {
      parts($0, month, rateMonth, startingAt: startingRate)
    }
    let moves = segments.customerDimensions.indices.map {
      (from: segment($0, month - 1), to: segment($0, month))
    }
    func add(to table: inout BridgeTable) {
      table.add(entry, at: month, opening: 0, closing: 0)
      for move in moves { table.add(entry, at: month, opening: move.from, closing: move.to) }
      for parts in byDimension { table.add(entry, at: month, parts: parts) }
    }
    if let grain, let position = Self.constantGrains.firstIndex(of: grain) {
      add(to: &constant[position])
    } else if timeline.isConstant {
      add(to: &still)
    } else {
      add(to: &reported)
    }
  }

  private func parts(
    _ dimension: Int, _ month: Int, _ rateMonth: Int, startingAt startingRate: Int
  ) -> [BridgeTable.SegmentPart] {
    var parts: [BridgeTable.SegmentPart] = []
    for (index, charge) in timeline.charges.enumerated() where charge.from <= month && month <= charge.to {
      let segment = segment(of: charge, in: dimension)
      let position =
        parts.firstIndex { $0.segment == segment }
        ?? {
          parts.append(.init(segment: segment, starting: 0, opening: 0, closing: 0))
          return parts.count - 1
        }()
      let value = timeline.value(index, at: rateMonth)
      if charge.from < month {
        parts[position].starting += timeline.value(index, at: startingRate)
        parts[position].opening += value
      }
      if month < charge.to { parts[position].closing += value }
    }
    return parts.count < 2 ? parts : parts.sorted { $0.segment < $1.segment }
  }

  private mutating func appendMovements(_ customer: Int, _ entry: CustomerMonth, _ month: Int) {
    let id = book.customers[customer].id
    var sum = entry.starting
    func append(_ movement: Movement, _ before: Int64, _ after: Int64) {
      sum += after - before
      movements.append(
        CustomerMovement(
          month: calendar.first + month, customer: id, movement: movement, amount: after - before,
          before: before,
          after: after))
    }
    if entry.opening != entry.starting { append(.fx, entry.starting, entry.opening) }
    if let movement = entry.kind.movement { append(movement, entry.opening, entry.closing) }
    if sum != entry.closing { broken.append(id) }
  }

  // MARK: Own currency

  /// Each currency's charges are a book of their own: its first is new, its last churns, nothing is converted.
  private mutating func addNative(_ life: ClosedRange<Int>) {
    guard let dimension = segments.chargeDimensions.firstIndex(where: { $0.dimension.rule == .currency })
    else { return }
    for currency in Set(timeline.charges.map(\.currency)) {
      let charges = timeline.charges.filter { $0.currency == currency }
      let values = charges.map { $0.amount.value(at: .one) ?? 0 }
      let keepsAtZero = settings.policy.fullyDiscounted == .keepAtZero
      func state(_ month: Int) -> (paying: Bool, mrr: Int64) {
        var result = (paying: false, mrr: Int64(0))
        for (index, charge) in charges.enumerated() where charge.from <= month && month < charge.to {
          result.mrr += values[index]
          if keepsAtZero || charge.amount.numerator > 0 { result.paying = true }
        }
        return result
      }
      var lastPaying: Int?
      var previous = (paying: false, mrr: Int64(0))
      for month in life {
        let now = state(month)
        if previous.paying || now.paying {
          let kind = MovementClass(
            was: previous.paying, isNow: now.paying, before: wasBefore(lastPaying, at: month),
            opening: previous.mrr,
            closing: now.mrr)
          let entry = CustomerMonth(
            kind: kind, was: previous.paying, isNow: now.paying, starting: previous.mrr,
            opening: previous.mrr,
            closing: now.mrr)
          let part = BridgeTable.SegmentPart(
            segment: segment(of: charges[0], in: dimension), starting: previous.mrr, opening: previous.mrr,
            closing: now.mrr)
          native.add(entry, at: month, parts: [part])
        }
        if now.paying { lastPaying = month }
        previous = now
      }
    }
  }

  // MARK: Retention

  private mutating func addRetention(_ life: ClosedRange<Int>) {
    for (position, window) in RetentionTable.windows.enumerated() {
      for start in life where timeline.isCustomer(at: start) && start + window < calendar.count {
        let month = start + window
        let then = closing(start)
        let nowReported = closing(month)
        let nowConstant = timeline.isConstant ? nowReported : timeline.mrr(closing: month, at: start)
        let cells = [
          RetentionCell(then: then, now: nowReported, kept: min(then, nowReported)),
          RetentionCell(then: then, now: nowConstant, kept: min(then, nowConstant)),
        ]
        let isSignup = window == 12 && start == firstPaying
        for (segment, shares) in retentionShares(start, cells) {
          let cell = segment * calendar.count + month
          retention.reported[position][cell] += shares[0]
          retention.constant[position][cell] += shares[1]
          if isSignup {
            retention.signupReported[cell] += shares[0]
            retention.signupConstant[cell] += shares[1]
          }
        }
      }
    }
  }

  /// The first month at whose close it was a customer.
  private var firstPaying: Int { timeline.first + (timeline.isCustomer.firstIndex(of: true) ?? 0) }

  /// A customer's retention in every segment it was in at the window's start.
  private func retentionShares(_ start: Int, _ cells: [RetentionCell]) -> [(
    segment: Int, cells: [RetentionCell]
  )] {
    var result: [(segment: Int, cells: [RetentionCell])] = [(0, cells)]
    for dimension in segments.customerDimensions.indices { result.append((segment(dimension, start), cells)) }
    for dimension in segments.chargeDimensions.indices {
      let parts = self.parts(dimension, start, start, startingAt: start).filter { part in
        timeline.charges.contains {
          $0.from <= start && start < $0.to && segment(of: $0, in: dimension) == part.segment
        }
      }
      if parts.count == 1 {
        result.append((parts[0].segment, cells))
        continue
      }
      let weights = parts.map(\.closing)
      let shared = cells.map { cell in
        (
          now: sharesByLargestRemainder(of: cell.now, weights: weights),
          kept: sharesByLargestRemainder(of: cell.kept, weights: weights)
        )
      }
      for (index, part) in parts.enumerated() {
        result.append(
          (
            part.segment,
            shared.map { RetentionCell(then: part.closing, now: $0.now[index], kept: $0.kept[index]) }
          ))
      }
    }
    return result
  }

  // MARK: Levels

  private mutating func addLevels(_ life: ClosedRange<Int>) {
    for (index, charge) in timeline.charges.enumerated() {
      let ofCharges = segments.chargeDimensions.indices.map { segment(of: charge, in: $0) }
      for month in charge.from..<charge.to {
        let assumed = month < charge.assumedBefore
        let scheduled = month >= charge.scheduledFrom
        guard assumed || scheduled else { continue }
        let value = timeline.value(index, at: month)
        for segment in [0] + segments.customerDimensions.indices.map({ segment($0, month) }) + ofCharges {
          let cell = segment * calendar.count + month
          if assumed { grades[cell] = Book.Grade.assumed.rawValue }
          if scheduled { scheduledChurn[cell] += value }
        }
      }
    }
  }

  private mutating func appendMRR(_ customer: Int, _ life: ClosedRange<Int>) {
    let id = book.customers[customer].id
    var open: CustomerMRR?
    for month in life {
      let value = closing(month)
      let paying = timeline.isCustomer(at: month)
      if let current = open, !paying || current.mrr != value {
        customerMRR.append(current)
        open = nil
      }
      guard paying else { continue }
      if open == nil {
        open = CustomerMRR(
          customer: id, first: calendar.first + month, last: calendar.first + month, mrr: value)
      }
      open?.last = calendar.first + month
    }
    if let open { customerMRR.append(open) }
  }
}

extension RetentionCell {
  static func += (left: inout RetentionCell, right: RetentionCell) {
    left.then += right.then
    left.now += right.now
    left.kept += right.kept
  }
}
