import Model

/// The finished sums of a roll-up, from which bridge rows and metrics are read.
struct Totals {
  let settings: RollupSettings
  let calendar: ReportingCalendar
  let segments: SegmentTable
  let retention: RetentionTable
  let scheduledChurn: [Int64]
  private let assumed: [Int64]
  private let reconstructed: [Int64]
  /// The windows of the churn rates; nil where they are the months.
  let churnWindow: ChurnWindow?
  private let joinedAndLeft: [Int64]
  let expenses: ExpenseTable
  let deals: DealTable
  let cash: CashTable
  let plans: PlanTable
  let revenue: RevenueTable
  let usage: UsageSums
  private let whole: WholeSums
  let fed: Set<EntityKind>
  private let reported: BridgeTable
  private let constant: [BridgeTable]
  private let native: BridgeTable
  private let constantGrains: [Grain]
  /// Set by ``restated(from:)`` alone.
  var closings: ClosedEndings?

  init(_ sweep: Sweep, _ book: Book, _ rates: MonthRates, expenses: ExpenseTable, revenue: RevenueTable) {
    settings = sweep.settings
    calendar = sweep.calendar
    segments = sweep.segments
    retention = RetentionTable(sweep.retention)
    scheduledChurn = sweep.scheduledChurn
    assumed = sweep.assumed
    reconstructed = sweep.reconstructed
    churnWindow = sweep.churnWindow
    joinedAndLeft = sweep.joinedAndLeft
    var still = sweep.still
    still.add(steady: sweep.steady)
    reported = still + sweep.reported
    constant = sweep.constant.map { still + $0 }
    var native = sweep.native
    native.add(steady: sweep.steadyNative)
    self.native = native
    constantGrains = sweep.constantGrains
    self.expenses = expenses
    deals = DealTable(book, sweep.settings, sweep.calendar, rates)
    cash = CashTable(book, sweep.settings, sweep.calendar)
    plans = PlanTable(book, sweep.settings, sweep.calendar)
    usage = sweep.usage
    self.revenue = revenue
    whole = sweep.whole
    fed = book.fed
  }

  func isOfCharges(_ segment: Int) -> Bool { segments.isOfCharges[segment] }

  private func table(_ valuation: Valuation, _ grain: Grain) -> BridgeTable {
    switch valuation {
    case .asReported: reported
    case .native: native
    case .constant: constant[constantGrains.firstIndex(of: Sweep.constantTable(of: grain, settings)) ?? 0]
    }
  }

  /// The bridge of a period: movements are the sums of its months', starting the first month's, ending the last one's.
  func bridge(_ period: Period, _ segment: Int, _ valuation: Valuation) -> BridgeAmounts {
    let table = table(valuation, period.grain)
    var sum = BridgeAmounts()
    let months = (period.first - calendar.first)...(period.last - calendar.first)
    for month in months where month >= 0 { sum += table.amounts[table.cell(segment, month)] }
    sum.starting = months.lowerBound < 0 ? 0 : table.amounts[table.cell(segment, months.lowerBound)].starting
    sum.ending = table.amounts[table.cell(segment, months.upperBound)].ending
    if let closed = closedStarting(period, segment, valuation) {
      sum.restatement = sum.starting - closed
      sum.starting = closed
    }
    return sum
  }

  func counts(_ period: Period, _ segment: Int) -> BridgeCounts {
    var sum = BridgeCounts()
    let months = (period.first - calendar.first)...(period.last - calendar.first)
    for month in months where month >= 0 { sum += reported.counts[reported.cell(segment, month)] }
    sum.starting =
      months.lowerBound < 0 ? 0 : reported.counts[reported.cell(segment, months.lowerBound)].starting
    sum.ending = reported.counts[reported.cell(segment, months.upperBound)].ending
    return sum
  }

  /// Leavings in the period's months of who was no customer at the month's opening.
  func joinedAndLeft(_ period: Period, _ segment: Int) -> Int64 {
    let months = max(0, period.first - calendar.first)...(period.last - calendar.first)
    return months.reduce(0) { $0 + joinedAndLeft[segment * calendar.count + $1] }
  }

  /// Expansions of one class over months; months before the first published one had none.
  func expansion(_ kind: ExpansionClass, _ months: ClosedRange<Int>) -> Int64 {
    months.reduce(0) { $0 + ($1 < 0 ? 0 : whole.expansion[kind.rawValue * calendar.count + $1]) }
  }

  func trials(_ count: TrialCount, _ months: ClosedRange<Int>) -> Int64 {
    let all = whole.trials.count / TrialCount.allCases.count
    let lead = all - calendar.count
    return months.reduce(0) { $0 + whole.trials[count.rawValue * all + lead + $1] }
  }

  func isTouched(_ segment: Int, _ month: Int) -> Bool {
    usage.active(segment, month) != 0 || retention.endReported[segment * calendar.count + month].then != 0
      || reported.amounts[reported.cell(segment, month)] != BridgeAmounts()
      || scheduledChurn[segment * calendar.count + month] != 0
      || reported.counts[reported.cell(segment, month)] != BridgeCounts()
      || native.amounts[native.cell(segment, month)] != BridgeAmounts()
      || constant.contains { $0.amounts[$0.cell(segment, month)] != BridgeAmounts() }
      || churnWindow.map {
        $0.reported.amounts[$0.reported.cell(segment, month)] != BridgeAmounts()
          || $0.reported.counts[$0.reported.cell(segment, month)] != BridgeCounts()
      } ?? false
  }

  func mrr(_ segment: Int, _ month: Int) -> Int64 { known(month, segment).ending }

  /// A month's bridge as reported, as the facts are known now, whatever was closed: what windows that look back are made of.
  func known(_ month: Int, _ segment: Int = 0) -> BridgeAmounts {
    reported.amounts[reported.cell(segment, month)]
  }

  /// The worst of the charges in force in the segment at the month ends a figure is made of.
  func grade(_ ends: MonthEnds, _ period: Period, _ segment: Int) -> Book.Grade {
    let months = ends.numbers(of: period, in: calendar, settings.policy)
    let cells = months.map { segment * calendar.count + $0 }
    if cells.contains(where: { assumed[$0] > 0 }) { return .assumed }
    return !reconstructed.isEmpty && cells.contains { reconstructed[$0] > 0 } ? .reconstructed : .exact
  }

  /// Closed by a person, or provisional until every needed source has passed its end plus the policy's grace days.
  func state(_ period: Period) -> PeriodState {
    if let closed = settings.closed, period.last <= closed.through { return .closed }
    return period.end + settings.policy.graceDays <= settings.completeThrough ? .open : .provisional
  }
}

extension RollupSettings {
  /// The first day the data does not cover: a plain data-through date covers its day, an instant the days before its own.
  public var completeThrough: Day {
    dataThrough.plainDay.map { $0 + 1 } ?? zone.day(of: dataThrough)
  }
}
