import Model

/// Billed, recognized, deferred and owed amounts by month, in their own currencies.
///
/// Per unit and currency, at the end of every month: recognized so far + deferred - contract asset = billed so far.
struct RevenueBalances {
  /// By month number, from the one before the first month of any published period on: there stands what that one opens with.
  struct Table {
    private(set) var amounts: [Currency: [Int128]] = [:]
    let months: Range<Int>

    init(_ calendar: ReportingCalendar) { months = (-calendar.lead - 1)..<calendar.count }

    mutating func add(_ amount: Int128, _ currency: Currency, _ month: Int) {
      guard amount != 0, months.contains(month) else { return }
      amounts[currency, default: Array(repeating: 0, count: months.count)][month - months.lowerBound] +=
        amount
    }

    func amount(_ currency: Currency, _ month: Int) -> Int128 {
      amounts[currency]?[month - months.lowerBound] ?? 0
    }
  }

  private(set) var billed: Table
  private(set) var recognized: Table
  private(set) var deferred: Table
  private(set) var asset: Table
  private(set) var obligation: Table
  private(set) var currentObligation: Table
  /// The first month of which anything is known; nil: none.
  private(set) var firstMonth: Int?
  private let calendar: ReportingCalendar
  private let earliest: Int

  /// What changes in one unit in one month.
  private struct Entry {
    var unit: Int32
    var currency: Currency
    /// What happened before the first month of any published period is taken together in the one before it.
    var month: Int32
    var billed: Int64 = 0
    var recognized: Int64 = 0
    /// A level: what lines issued by the month's end recognize in the twelve months after it.
    var ahead: Int64 = 0
  }

  init(_ lines: [RevenueLine], _ contracts: ContractSteps, _ calendar: ReportingCalendar) {
    self.calendar = calendar
    earliest = -calendar.lead - 1
    let empty = Table(calendar)
    (billed, recognized, deferred, asset) = (empty, empty, empty, empty)
    (obligation, currentObligation) = (empty, empty)
    var numbers: [RevenueUnit: Int32] = [:]
    func number(_ unit: RevenueUnit) -> Int32 {
      if let known = numbers[unit] { return known }
      numbers[unit] = Int32(numbers.count)
      return Int32(numbers.count - 1)
    }
    var entries: [Entry] = []
    entries.reserveCapacity(lines.count * 2)
    for line in lines { append(line, number(line.unit), to: &entries) }
    var steps: [Int32: [RevenueStep]] = [:]
    for step in contracts.steps {
      let unit = number(.contract(step.root))
      steps[unit, default: []].append(step)
      append(step, unit, to: &entries)
    }
    entries.sort { ($0.unit, $0.currency, $0.month) < ($1.unit, $1.currency, $1.month) }
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].unit == entries[start].unit,
        entries[end].currency == entries[start].currency
      { end += 1 }
      let currency = entries[start].currency
      balance(
        entries[start..<end], currency, (steps[entries[start].unit] ?? []).filter { $0.currency == currency })
      start = end
    }
  }

  private func end(of month: Int) -> Day { (calendar.first + month).end }

  /// Number of a day's month; all before ``earliest`` are that.
  private func month(_ day: Day) -> Int { max(earliest, day.month - calendar.first) }

  private mutating func note(_ first: Day) {
    let month = first.month - calendar.first
    firstMonth = min(firstMonth ?? month, month)
  }

  private mutating func append(_ line: RevenueLine, _ unit: Int32, to entries: inout [Entry]) {
    note(min(line.issued, line.service?.lowerBound ?? line.issued))
    let issued = month(line.issued)
    func entry(_ month: Int) -> Entry { Entry(unit: unit, currency: line.currency, month: Int32(month)) }
    var first = entry(issued)
    first.billed = line.net
    guard !line.isOfContract, let service = line.service else {
      first.recognized = line.isOfContract ? 0 : line.net
      if issued < calendar.count { entries.append(first) }
      return
    }
    if issued < calendar.count { entries.append(first) }
    let last = min(calendar.count - 1, month(service.upperBound - 1))
    var before: Int64 = 0
    var number = min(month(service.lowerBound), issued)
    while number <= last {
      var next = entry(number)
      let now = line.recognized(before: end(of: number))
      next.recognized = now - before
      if number >= issued { next.ahead = line.recognized(before: end(of: number + 12)) - now }
      if next.recognized != 0 || next.ahead != 0 { entries.append(next) }
      before = now
      number += 1
    }
  }

  private mutating func append(_ step: RevenueStep, _ unit: Int32, to entries: inout [Entry]) {
    note(step.term.lowerBound)
    let last = min(calendar.count - 1, month(step.over))
    var before: Int64 = 0
    // Also where nothing is recognized: the obligation changes when it is signed and when it is over.
    var number = min(month(step.known), month(step.term.lowerBound))
    while number <= last {
      let now = step.recognized(before: end(of: number))
      entries.append(
        Entry(
          unit: unit, currency: step.currency, month: Int32(number), recognized: now - before,
          ahead: step.recognized(before: end(of: number + 12)) - now))
      before = now
      number += 1
    }
  }

  private mutating func balance(_ entries: ArraySlice<Entry>, _ currency: Currency, _ steps: [RevenueStep]) {
    var (billedSoFar, recognizedSoFar): (Int128, Int128) = (0, 0)
    var position = entries.startIndex
    var number = Int(entries[position].month)
    while number < calendar.count {
      var ahead: Int128 = 0
      while position < entries.endIndex, Int(entries[position].month) == number {
        let entry = entries[position]
        billedSoFar += Int128(entry.billed)
        recognizedSoFar += Int128(entry.recognized)
        ahead += Int128(entry.ahead)
        billed.add(Int128(entry.billed), currency, number)
        recognized.add(Int128(entry.recognized), currency, number)
        position += 1
      }
      let next =
        position < entries.endIndex ? min(Int(entries[position].month), calendar.count) : calendar.count
      // Until the next change every month closes alike, but for what lies ahead.
      let left = billedSoFar - recognizedSoFar
      for month in number..<next {
        deferred.add(max(0, left), currency, month)
        asset.add(max(0, -left), currency, month)
        addObligation(steps, max(0, left), month == number ? ahead : 0, currency, month)
      }
      number = next
    }
  }

  /// Contracts that cannot be cancelled owe what they have not recognized; of all else what is deferred is owed.
  private mutating func addObligation(
    _ steps: [RevenueStep], _ deferred: Int128, _ ahead: Int128, _ currency: Currency, _ month: Int
  ) {
    let close = end(of: month)
    let binding = steps.filter { !$0.isCancellable && $0.known < close && close < $0.over }
    guard !binding.isEmpty else {
      obligation.add(deferred, currency, month)
      currentObligation.add(min(deferred, max(0, ahead)), currency, month)
      return
    }
    for step in binding {
      let recognized = step.recognized(before: close)
      obligation.add(Int128(max(0, step.amount - recognized)), currency, month)
      currentObligation.add(
        Int128(max(0, step.recognized(before: end(of: month + 12)) - recognized)), currency, month)
    }
  }
}
