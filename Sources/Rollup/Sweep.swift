import Model

/// The sweep over customers: each customer's charges in month order, added to flat tables of segments and months.
///
/// A pure function of some customers' facts: the tables of two disjoint sets of customers add up to those of both. A
/// customer's life is cut into runs of months in which nothing changes; a run costs the same however long it is. Where
/// exchange rates move, every month is a run of its own.
struct Sweep {
  /// A run of months of one customer's life.
  struct Run {
    var months: ClosedRange<Int>
    /// MRR as reported at the close of each of them.
    var closing: Int64
    var isPaying: Bool
  }

  let book: Book
  let settings: RollupSettings
  let calendar: ReportingCalendar
  let segments: SegmentTable
  /// The grains whose constant valuation has a table of its own; the others share one (``constantTable``).
  let constantGrains: [Grain]
  /// For each constant grain and month, the number of the month whose close opens the period.
  let openings: [[Int]]

  /// Customers whose values never move: the same in every valuation.
  var still: BridgeTable
  /// The others, as reported and by constant grain.
  var reported: BridgeTable
  var constant: [BridgeTable]
  var native: BridgeTable
  var steady: SpanTable<SteadyLevel>
  var steadyNative: SpanTable<SteadyLevel>
  var retention: RetentionSums
  var cohorts: CohortTable
  /// MRR whose cancellation is asked for, by segment and month.
  var scheduledChurn: [Int64]
  /// Leavings of who was no customer at the month's opening, by segment and month.
  var joinedAndLeft: [Int64]
  /// The windows of the policy's churn rates; nil where they are the months.
  var churnWindow: ChurnWindow?
  /// Charges in force that rest on an assumption, by segment and month.
  var assumed: [Int64]
  /// Charges in force that are made of invoice lines, likewise; none where none are.
  var reconstructed: [Int64]
  /// Of the whole: expansions by what they are for, trials.
  var whole: WholeSums
  var usage: UsageSums
  let usageByCustomer: UsageByCustomer
  var movements: [CustomerMovement] = []
  var churnParts: [ChurnPart] = []
  private(set) var customerMRR: [CustomerMRR] = []
  private(set) var memberships: [SegmentMembership] = []
  /// Customers whose parts do not add up; always none, or nothing is published.
  var broken: [Int64] = []

  // MARK: The customer under way

  var timeline: CustomerTimeline
  var runs: [Run] = []
  var closings: [Int64] = []
  /// Closing segment by customer dimension and month of the customer's life, dimension after dimension.
  private var placed: [Int] = []
  /// Segment of each charge in each charge dimension, charge after charge.
  private var chargeSegments: [Int] = []
  /// By charge dimension: the one segment all charges are in, or -1.
  var onlySegment: [Int] = []
  var parts: [BridgeTable.SegmentPart] = []
  /// Empty unless the policy looks inside the months.
  var times: [ChargeTimes] = []
  var events: EventLine
  /// The event bridge's steps; none in the end-point bridge.
  var steps: [EventStep] = []

  /// `others` are segments that have a place too, though none of the book's customers need be in them.
  init(
    _ book: Book, _ settings: RollupSettings, _ calendar: ReportingCalendar, _ rates: MonthRates,
    others: some Sequence<SegmentKey> = [], firstUse: Month?
  ) {
    self.book = book
    self.settings = settings
    self.calendar = calendar
    let table = SegmentTable(book, settings.dimensions, others: others)
    segments = table
    let months = calendar.count
    let grains = Grain.allCases.filter { Self.constantTable(of: $0, settings) == $0 }
    constantGrains = grains
    openings = grains.map { grain in
      (0..<months).map {
        max(0, (calendar.period(grain, containing: calendar.first + $0).first - calendar.first) - 1)
      }
    }
    let empty = BridgeTable(segments: table.count, months: months)
    still = empty
    reported = empty
    constant = grains.map { _ in empty }
    native = empty
    steady = SpanTable(segments: table.count, months: months)
    steadyNative = steady
    retention = RetentionSums(segments: table.count, months: months)
    cohorts = CohortTable(calendar: calendar, segments: table.count)
    scheduledChurn = Array(repeating: 0, count: table.count * months)
    assumed = scheduledChurn
    joinedAndLeft = scheduledChurn
    reconstructed = settings.policy.countsInvoiceLines ? scheduledChurn : []
    whole = WholeSums(calendar)
    usage = UsageSums(segments: table.count, months: months, isFed: book.fed.contains(.usageEvent))
    usageByCustomer = UsageByCustomer(book, settings, calendar, firstUse: firstUse)
    if settings.policy.churnWindow == .thirtyDays {
      churnWindow = ChurnWindow(segments: table.count, months: months)
    }
    timeline = CustomerTimeline(rates: rates, policy: settings.policy)
    events = EventLine(settings, calendar)
  }

  /// Makes room for the rows of customers with so many charges together: most have a level and a movement for each.
  mutating func reserve(charges: Int) {
    movements.reserveCapacity(charges + charges / 4)
    customerMRR.reserveCapacity(charges + charges / 4)
  }

  /// Fiscal quarters that are calendar quarters have the same openings, and so the same values.
  static func constantTable(of grain: Grain, _ settings: RollupSettings) -> Grain {
    grain == .fiscalQuarter && settings.fiscalYearStart % 3 == 1 ? .quarter : grain
  }

  /// Adds one customer; `charges` are all of its charges, at least one, each in force at some month's close unless the policy
  /// looks inside the months: then `times` are those of the charges.
  mutating func add(customer: Int, charges: ArraySlice<MonthlyCharge>, times: ArraySlice<ChargeTimes>) {
    timeline.load(charges)
    self.times.removeAll(keepingCapacity: true)
    self.times.append(contentsOf: times)
    if settings.policy.looksInsideMonths { events.load(timeline.charges, self.times) }
    if settings.policy.bridge == .event { steps = events.steps() }
    placeCharges()
    valueMonths()
    placeInSegments(customer)
    cutIntoRuns()
    addBridges(customer)
    addChurnWindows(customer)
    addNative()
    addRetention(customer)
    addLevels()
    cohorts.add(timeline, runs: runs, segments: segmentsAtStart())
    appendRows(customer)
  }

  // MARK: Laying out the customer's life

  private mutating func placeCharges() {
    chargeSegments.removeAll(keepingCapacity: true)
    onlySegment.removeAll(keepingCapacity: true)
    for entry in segments.chargeDimensions { onlySegment.append(entry.base - 1) }
    for charge in timeline.charges {
      for (dimension, entry) in segments.chargeDimensions.enumerated() {
        let shifted =
          switch entry.dimension.rule {
          case .plan: charge.plan
          case .product: charge.product
          default: charge.currency
          }
        let segment = Int(segments.chargeSegments[dimension][Int(shifted)])
        chargeSegments.append(segment)
        if onlySegment[dimension] == entry.base - 1 {
          onlySegment[dimension] = segment
        } else if onlySegment[dimension] != segment {
          onlySegment[dimension] = -1
        }
      }
    }
  }

  /// Segment number of a charge in a charge dimension.
  @inline(__always) func segment(ofCharge index: Int, in dimension: Int) -> Int {
    chargeSegments[index * segments.chargeDimensions.count + dimension]
  }

  private mutating func valueMonths() {
    closings.removeAll(keepingCapacity: true)
    for month in timeline.first...timeline.end {
      if month > timeline.first, !timeline.changes(in: month) {
        closings.append(closings[closings.count - 1])
      } else {
        closings.append(timeline.mrr(closing: month, at: month))
      }
    }
  }

  /// MRR as reported at the close of a month, 0 outside the customer's life.
  @inline(__always) func closing(_ month: Int) -> Int64 {
    let offset = month - timeline.first
    return offset >= 0 && offset < closings.count ? closings[offset] : 0
  }

  private mutating func placeInSegments(_ customer: Int) {
    placed.removeAll(keepingCapacity: true)
    let life = timeline.first...timeline.end
    for (position, entry) in segments.customerDimensions.enumerated() {
      if case .arr(let bounds) = entry.dimension.rule {
        let isFirst = entry.dimension.touch == .first
        for value in closings {
          let value = isFirst ? closing(timeline.firstPaying) : value
          placed.append(entry.base + Band.position(ofARR: value * 12, in: bounds))
        }
        continue
      }
      if case .usage = entry.dimension.rule {
        for month in life {
          placed.append(segment(position, atEndOf: counted(month, position), customer, arr: 0))
        }
        continue
      }
      let numbers = segments.stateSegments[position][customer]
      if numbers.count == 1 {
        placed.append(contentsOf: repeatElement(Int(numbers[0]), count: life.count))
        continue
      }
      let starts = book.customers[customer].states.dropFirst().map { $0.from.map(settings.zone.day(of:)) }
      for month in life {
        let end = (calendar.first + month).end
        placed.append(Int(numbers[starts.prefix { $0.map { $0 < end } ?? true }.count]))
      }
    }
  }

  /// The segment a customer dimension has at the end of any month, also outside the customer's life.
  func segment(_ dimension: Int, atEndOf month: Int, _ customer: Int) -> Int {
    if timeline.first <= month, month <= timeline.end { return segment(dimension, month) }
    let counted = counted(month, dimension)
    return segment(dimension, atEndOf: counted, customer, arr: closing(counted) * 12)
  }

  /// The month whose level counts: of a dimension of first values the first as a customer.
  private func counted(_ month: Int, _ dimension: Int) -> Int {
    guard segments.customerDimensions[dimension].dimension.touch == .first else { return month }
    return timeline.isCustomer.contains(true) ? timeline.firstPaying : month
  }

  /// Likewise for any customer, whose ARR then is known.
  func segment(_ dimension: Int, atEndOf month: Int, _ customer: Int, arr: Int64) -> Int {
    let entry = segments.customerDimensions[dimension]
    if case .arr(let bounds) = entry.dimension.rule {
      return entry.base + Band.position(ofARR: arr, in: bounds)
    }
    if case .usage(let bounds) = entry.dimension.rule {
      return entry.base
        + (usageByCustomer.level(of: customer, month).map { Band.position(ofARR: $0, in: bounds) }
          ?? bounds.count + 1)
    }
    let numbers = segments.stateSegments[dimension][customer]
    return Int(numbers[numbers.count == 1 ? 0 : state(of: customer, atEndOf: calendar.first + month)])
  }

  /// Whether a customer without charges stays in one segment whatever the month.
  func isSettled(_ dimension: Int, _ customer: Int) -> Bool {
    switch segments.customerDimensions[dimension].dimension.rule {
    case .arr: return true
    case .usage: return false
    default: break
    }
    return segments.stateSegments[dimension][customer].count == 1
  }

  /// Number of the customer's state at the last moment of a month; before the first known one, the first.
  func state(of customer: Int, atEndOf month: Month) -> Int {
    book.customers[customer].states.dropFirst().prefix { state in
      state.from.map { settings.zone.day(of: $0) < month.end } ?? true
    }.count
  }

  /// Closing segment in a customer dimension; outside the customer's life that of its nearest month.
  @inline(__always) func segment(_ dimension: Int, _ month: Int) -> Int {
    placed[dimension * closings.count + min(max(0, month - timeline.first), closings.count - 1)]
  }

  private func segmentsAtStart() -> [Int] {
    [0] + segments.customerDimensions.indices.map { segment($0, timeline.firstPaying) }
  }

  private mutating func cutIntoRuns() {
    runs.removeAll(keepingCapacity: true)
    for month in timeline.first...timeline.end {
      if let last = runs.indices.last, !timeline.changes(in: month), isPlacedAsBefore(month) {
        runs[last].months = runs[last].months.lowerBound...month
      } else {
        runs.append(
          Run(months: month...month, closing: closing(month), isPaying: timeline.isCustomer(at: month)))
      }
    }
  }

  private func isPlacedAsBefore(_ month: Int) -> Bool {
    segments.customerDimensions.indices.allSatisfy { segment($0, month) == segment($0, month - 1) }
  }

  // MARK: Levels and rows

  private mutating func addLevels() {
    for (index, charge) in timeline.charges.enumerated() {
      guard charge.assumedBefore > charge.from || charge.scheduledFrom < charge.to || charge.isReconstructed
      else { continue }
      for month in charge.from..<charge.to {
        let assumed = month < charge.assumedBefore
        let scheduled = charge.scheduledFrom <= month && month < charge.scheduledTo
        guard assumed || scheduled || charge.isReconstructed else { continue }
        let value = timeline.value(index, at: month)
        let touched =
          [0] + segments.customerDimensions.indices.map { segment($0, month) }
          + segments.chargeDimensions.indices.map { segment(ofCharge: index, in: $0) }
        for segment in touched {
          let cell = segment * calendar.count + month
          if assumed { self.assumed[cell] += 1 }
          if charge.isReconstructed { reconstructed[cell] += 1 }
          if scheduled { scheduledChurn[cell] += value }
        }
      }
    }
  }

  private mutating func appendRows(_ customer: Int) {
    let id = book.customers[customer].id
    var mrr: CustomerMRR?
    for run in runs where run.isPaying {
      let (first, last) = (calendar.first + run.months.lowerBound, calendar.first + run.months.upperBound)
      if let open = mrr, open.mrr == run.closing, open.last + 1 == first {
        mrr?.last = last
      } else {
        if let mrr { customerMRR.append(mrr) }
        mrr = CustomerMRR(customer: id, first: first, last: last, mrr: run.closing)
      }
    }
    if let mrr { customerMRR.append(mrr) }
    for dimension in segments.customerDimensions.indices {
      var open: (segment: Int, first: Month, last: Month)?
      func close(_ rows: inout [SegmentMembership]) {
        guard let open else { return }
        rows.append(
          SegmentMembership(
            customer: id, segment: segments.keys[open.segment], first: open.first, last: open.last))
      }
      for run in runs where run.isPaying {
        let number = segment(dimension, run.months.lowerBound)
        let first = calendar.first + run.months.lowerBound
        let last = calendar.first + run.months.upperBound
        if let current = open, current.segment == number, current.last + 1 == first {
          open?.last = last
        } else {
          close(&memberships)
          open = (number, first, last)
        }
      }
      close(&memberships)
    }
  }
}
