import Model

/// One step of the event bridge: the changes of one group, and what the customer was before and after it.
struct EventStep {
  /// Positions in ``EventLine/changes``.
  var changes: Range<Int>
  /// Number of the month, 0 being the first published one.
  var month: Int
  var was: Bool
  var isNow: Bool
  /// Whether the customer had been one before, so that a return is a reactivation.
  var before: Bool
}

/// The changes inside one customer's months, in the order in which they happened.
///
/// A change is the start or the end of one counted stretch of a charge. What a source tells by date only has no instant: all
/// changes of that day are one, at the day's first instant.
struct EventLine {
  struct Change {
    /// Number of the charge among the customer's.
    var charge: Int
    var starts: Bool
    var day: Day
    /// Seconds since 1970.
    var instant: Int64
  }

  /// The changes of one group.
  private struct Group {
    var changes: Range<Int>
    var month: Int
    var isInWindow: Bool
    var was: Bool
    var isNow: Bool
  }

  private(set) var changes: [Change] = []
  private let settings: RollupSettings
  private let calendar: ReportingCalendar
  private let keepsAtZero: Bool
  private var makesCustomer: [Bool] = []
  private var groups: [Group] = []

  init(_ settings: RollupSettings, _ calendar: ReportingCalendar) {
    self.settings = settings
    self.calendar = calendar
    keepsAtZero = settings.policy.fullyDiscounted == .keepAtZero
  }

  /// Takes over one customer's charges, or those of them that are a book of their own.
  mutating func load(
    _ charges: [MonthlyCharge], _ times: [ChargeTimes], where belongs: (Int) -> Bool = { _ in true }
  ) {
    makesCustomer.removeAll(keepingCapacity: true)
    var told: [(time: LocalTime, charge: Int, starts: Bool)] = []
    let end = calendar.last.end
    for index in charges.indices {
      makesCustomer.append(keepsAtZero || charges[index].amount.numerator > 0)
      guard belongs(index) else { continue }
      told.append((times[index].start, index, true))
      if let over = times[index].end, over.day < end { told.append((over, index, false)) }
    }
    told.sort {
      ($0.time, times[$0.charge].row, $0.starts ? 1 : 0, $0.charge)
        < ($1.time, times[$1.charge].row, $1.starts ? 1 : 0, $1.charge)
    }
    removeWhatGoesOn(&told, charges, times)
    place(told)
  }

  /// A stretch that ends where the next one of the same charge begins, at the same amount, has changed nothing.
  private func removeWhatGoesOn(
    _ told: inout [(time: LocalTime, charge: Int, starts: Bool)], _ charges: [MonthlyCharge],
    _ times: [ChargeTimes]
  ) {
    var kept = 0
    for index in told.indices {
      let change = told[index]
      if kept > 0, change.starts {
        let last = told[kept - 1]
        let (left, right) = (charges[last.charge], charges[change.charge])
        if !last.starts, last.time == change.time, times[last.charge].row == times[change.charge].row,
          left.amount == right.amount, left.currency == right.currency, left.plan == right.plan,
          left.product == right.product
        {
          kept -= 1
          continue
        }
      }
      told[kept] = change
      kept += 1
    }
    told.removeSubrange(kept...)
  }

  private mutating func place(_ told: [(time: LocalTime, charge: Int, starts: Bool)]) {
    changes.removeAll(keepingCapacity: true)
    var start = 0
    while start < told.count {
      let day = told[start].time.day
      var end = start
      // A plain date comes before every instant of its day.
      let hasDateOnly = told[start].time.instant == nil
      let midnight = hasDateOnly ? settings.zone.firstInstant(of: day) : 0
      while end < told.count, told[end].time.day == day {
        let change = told[end]
        let instant = hasDateOnly ? midnight : change.time.instant ?? midnight
        changes.append(Change(charge: change.charge, starts: change.starts, day: day, instant: instant))
        end += 1
      }
      start = end
    }
  }

  /// The steps of all months, in order; those of months before the first published one have negative numbers.
  mutating func steps() -> [EventStep] {
    group(from: nil, to: nil)
    return visibleSteps(onlyInWindow: false)
  }

  /// The steps of a window of days: what was under way when it opens is grouped anew.
  mutating func steps(from start: Day, to end: Day) -> [EventStep] {
    group(from: start, to: end)
    return visibleSteps(onlyInWindow: true)
  }

  /// Whether anything changes from `start` to before `end`.
  func changes(from start: Day, to end: Day) -> Bool {
    changes.contains { start <= $0.day && $0.day < end }
  }

  /// From the first change of a group on, every change within the policy's minutes belongs to it.
  private mutating func group(from start: Day?, to end: Day?) {
    groups.removeAll(keepingCapacity: true)
    let longest = Int64(settings.policy.groupingMinutes) * 60
    var customers = 0
    var knownDay: Day?
    var month = 0
    for (position, change) in changes.enumerated() {
      if let end, change.day >= end { break }
      let was = customers > 0
      if makesCustomer[change.charge] { customers += change.starts ? 1 : -1 }
      if knownDay != change.day {
        knownDay = change.day
        month = change.day.month - calendar.first
      }
      let isInWindow = start.map { $0 <= change.day } ?? true
      if let last = groups.indices.last, groups[last].month == month, groups[last].isInWindow == isInWindow,
        change.instant - changes[groups[last].changes.lowerBound].instant <= longest
      {
        groups[last].changes = groups[last].changes.lowerBound..<position + 1
        groups[last].isNow = customers > 0
      } else {
        groups.append(
          Group(
            changes: position..<position + 1, month: month, isInWindow: isInWindow, was: was,
            isNow: customers > 0))
      }
    }
  }

  private func visibleSteps(onlyInWindow: Bool) -> [EventStep] {
    var steps: [EventStep] = []
    steps.reserveCapacity(groups.count)
    var wasBefore = false
    var left: Day?
    let isHidden = settings.policy.sameMonth == .ignore ? hiddenGroups(onlyInWindow) : []
    for (number, group) in groups.enumerated() {
      guard isHidden.isEmpty || !isHidden[number] else { continue }
      let day = changes[group.changes.lowerBound].day
      var step = EventStep(
        changes: group.changes, month: group.month, was: group.was, isNow: group.isNow, before: false)
      if !group.was, group.isNow, wasBefore { step.before = isWithinWindow(of: left, on: day) }
      if group.was, !group.isNow { left = day }
      wasBefore = wasBefore || group.isNow
      if !onlyInWindow || group.isInWindow { steps.append(step) }
    }
    return steps
  }

  /// After the policy's window a returning customer is new again.
  private func isWithinWindow(of left: Day?, on day: Day) -> Bool {
    guard let window = settings.policy.reactivationWindow, let left else { return true }
    return day.number - left.number <= Int32(window)
  }

  /// Visits of who was a customer at neither end of the month, or of the window.
  private func hiddenGroups(_ hasWindow: Bool) -> [Bool] {
    var hidden = Array(repeating: false, count: groups.count)
    var start = 0
    while start < groups.count {
      var end = start
      while end < groups.count, groups[end].month == groups[start].month { end += 1 }
      if !groups[start].was, !groups[end - 1].isNow {
        for number in start..<end { hidden[number] = true }
      }
      start = end
    }
    if hasWindow, let first = groups.firstIndex(where: \.isInWindow), let last = groups.last {
      let isVisit = !groups[first].was && !last.isNow
      for number in first..<groups.count { hidden[number] = isVisit }
    }
    return hidden
  }
}
