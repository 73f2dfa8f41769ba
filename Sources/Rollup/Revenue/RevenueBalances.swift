import Model

/// Billed, recognized, deferred and owed amounts by month, in their own currencies.
///
/// Per unit and currency, at the end of every month: recognized so far + deferred - contract asset = billed so far.
struct RevenueBalances {
  private(set) var billed: NativeTable
  private(set) var recognized: NativeTable
  private(set) var deferred: NativeTable
  private(set) var asset: NativeTable
  private(set) var obligation: NativeTable
  private(set) var currentObligation: NativeTable
  /// By month, how many lines and contracts tell nothing of any earlier one.
  private(set) var first: MonthlyAmounts
  private let earliest: Int
  private let count: Int
  private let calendar: ReportingCalendar
  /// The first day after each month, from the earliest one to a year after the last.
  private let ends: [Day]
  private var unit: UnitMonths

  /// Lines and steps of one unit and currency stand together.
  private struct Member {
    /// The unit, then the currency's place.
    var key: UInt64
    /// Of a line; steps come after all of them.
    var index: Int32
  }

  init(_ calendar: ReportingCalendar) {
    let empty = NativeTable(calendar)
    (billed, recognized, deferred, asset) = (empty, empty, empty, empty)
    (obligation, currentObligation) = (empty, empty)
    let months = empty.months
    first = MonthlyAmounts(first: months.lowerBound, count: months.count)
    earliest = months.lowerBound
    count = calendar.count
    self.calendar = calendar
    ends = (months.lowerBound..<months.upperBound + 12).map { (calendar.first + $0).end }
    unit = UnitMonths(months)
  }

  /// Adds what is billed and under contract; all of one unit has to come at once.
  mutating func add(_ lines: [RevenueLine], _ contracts: [RevenueStep]) {
    let months = billed.months
    var currencies: [Currency] = []
    var members: [Member] = []
    members.reserveCapacity(lines.count + contracts.count)
    func add(_ unit: RevenueUnit, _ currency: Currency) {
      let place = currencies.firstIndex(of: currency) ?? currencies.count
      if place == currencies.count { currencies.append(currency) }
      members.append(Member(key: unit.key << 16 | UInt64(place), index: Int32(members.count)))
    }
    for line in lines { add(line.unit, line.currency) }
    for step in contracts { add(.contract(step.root), step.currency) }
    members.sort { $0.key < $1.key }
    var sums = currencies.map { _ in UnitSums(months) }
    var start = 0
    while start < members.count {
      let key = members[start].key
      var steps: [RevenueStep] = []
      while start < members.count, members[start].key == key {
        let index = Int(members[start].index)
        if index < lines.count {
          append(lines[index])
        } else {
          steps.append(contracts[index - lines.count])
          append(contracts[index - lines.count])
        }
        start += 1
      }
      balance(steps, &sums[Int(key & 0xFFFF)])
    }
    for (currency, sum) in zip(currencies, sums) {
      billed.add(sum.billed, currency)
      recognized.add(sum.recognized, currency)
      deferred.add(sum.deferred, currency)
      asset.add(sum.asset, currency)
      obligation.add(sum.obligation, currency)
      currentObligation.add(sum.currentObligation, currency)
    }
  }

  var tables: [(RevenueSums.Amount, NativeTable)] {
    [
      (.billed, billed), (.recognized, recognized), (.deferred, deferred), (.asset, asset),
      (.obligation, obligation), (.currentObligation, currentObligation),
    ]
  }

  private func end(of month: Int) -> Day { ends[month - earliest] }

  /// Number of a day's month; all before ``earliest`` are that.
  private func month(_ day: Day) -> Int { max(earliest, day.month - calendar.first) }

  private mutating func append(_ line: RevenueLine) {
    let issued = month(line.issued)
    let begins = line.service.map { month($0.lowerBound) } ?? issued
    first[min(issued, begins)] += 1
    if issued < count { unit.bill(line.net, issued - earliest) }
    guard !line.isOfContract, let service = line.service else {
      if !line.isOfContract, issued < count { unit.recognize(line.net, issued - earliest) }
      return
    }
    let last = min(count - 1, month(service.upperBound - 1))
    var before: Int64 = 0
    var number = min(begins, issued)
    while number <= last {
      let now = straightLine(line.net, over: service, before: end(of: number))
      unit.recognize(now - before, number - earliest)
      if number >= issued {
        unit.expect(
          straightLine(line.net, over: service, before: end(of: number + 12)) - now, number - earliest)
      }
      before = now
      number += 1
    }
  }

  private mutating func append(_ step: RevenueStep) {
    let begins = month(step.term.lowerBound)
    first[begins] += 1
    let last = min(count - 1, month(step.over))
    var before: Int64 = 0
    // Also where nothing is recognized: the obligation changes when it is signed and when it is over.
    var number = min(month(step.known), begins)
    while number <= last {
      let now = step.recognized(before: end(of: number))
      unit.recognize(now - before, number - earliest)
      unit.expect(step.recognized(before: end(of: number + 12)) - now, number - earliest)
      before = now
      number += 1
    }
  }

  /// Takes what was collected of the unit over into the sums of its currency.
  private mutating func balance(_ steps: [RevenueStep], _ sums: inout UnitSums) {
    var (billedSoFar, recognizedSoFar): (Int128, Int128) = (0, 0)
    let touched = unit.touched
    var place = touched.lowerBound
    while place < count - earliest {
      let isTouched = place < touched.upperBound
      if isTouched {
        billedSoFar += unit.billed[place]
        recognizedSoFar += unit.recognized[place]
        sums.billed[place] += unit.billed[place]
        sums.recognized[place] += unit.recognized[place]
      }
      let left = billedSoFar - recognizedSoFar
      // Where nothing comes any more, every month closes alike.
      if !isTouched, left == 0 { break }
      if left > 0 { sums.deferred[place] += left } else { sums.asset[place] -= left }
      addObligation(steps, max(0, left), isTouched ? unit.ahead[place] : 0, place, &sums)
      place += 1
    }
    unit.clear()
  }

  /// Contracts that cannot be cancelled owe what they have not recognized; of all else what is deferred is owed.
  private func addObligation(
    _ steps: [RevenueStep], _ deferred: Int128, _ ahead: Int128, _ place: Int, _ sums: inout UnitSums
  ) {
    let close = ends[place]
    let binding =
      steps.isEmpty ? [] : steps.filter { !$0.isCancellable && $0.known < close && close < $0.over }
    guard !binding.isEmpty else {
      sums.obligation[place] += deferred
      sums.currentObligation[place] += min(deferred, max(0, ahead))
      return
    }
    for step in binding {
      let recognized = step.recognized(before: close)
      sums.obligation[place] += Int128(max(0, step.amount - recognized))
      sums.currentObligation[place] += Int128(max(0, step.recognized(before: ends[place + 12]) - recognized))
    }
  }
}

/// What changes in one unit and currency, month by month.
private struct UnitMonths {
  private(set) var billed: [Int128]
  private(set) var recognized: [Int128]
  /// A level: what lines issued by the month's end recognize in the twelve months after it.
  private(set) var ahead: [Int128]
  /// The places anything was added to, from the first to the last.
  private(set) var touched: Range<Int> = 0..<0

  init(_ months: Range<Int>) {
    billed = Array(repeating: 0, count: months.count)
    (recognized, ahead) = (billed, billed)
  }

  mutating func bill(_ amount: Int64, _ place: Int) {
    touch(place)
    billed[place] += Int128(amount)
  }

  mutating func recognize(_ amount: Int64, _ place: Int) {
    touch(place)
    recognized[place] += Int128(amount)
  }

  mutating func expect(_ amount: Int64, _ place: Int) { ahead[place] += Int128(amount) }

  private mutating func touch(_ place: Int) {
    touched =
      touched.isEmpty
      ? place..<place + 1 : min(touched.lowerBound, place)..<max(touched.upperBound, place + 1)
  }

  mutating func clear() {
    for place in touched { (billed[place], recognized[place], ahead[place]) = (0, 0, 0) }
    touched = 0..<0
  }
}

/// The sums of one currency over all units, month by month.
private struct UnitSums {
  var billed: [Int128]
  var recognized: [Int128]
  var deferred: [Int128]
  var asset: [Int128]
  var obligation: [Int128]
  var currentObligation: [Int128]

  init(_ months: Range<Int>) {
    billed = Array(repeating: 0, count: months.count)
    (recognized, deferred, asset) = (billed, billed, billed)
    (obligation, currentObligation) = (billed, billed)
  }
}
