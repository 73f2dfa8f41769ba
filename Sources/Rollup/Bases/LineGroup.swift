import Model

/// The invoice lines of one subscription over time: of overlapping ones the later invoice wins, and credits of unused time are
/// taken off what was billed before them.
struct LineGroup {
  /// A stretch of one line that counts.
  struct Stretch {
    /// Position among the group's lines.
    var line: Int
    var range: TimeRange
    var amount: ExactMonthly
  }

  /// In order of their invoices, within one of their ids.
  let lines: [BilledLine]
  private let keepsAtZero: Bool
  private(set) var stretches: [Stretch] = []
  /// Credits of which in some stretch more than a hundredth found nothing to be taken off.
  private(set) var excessCredits: Set<Int> = []

  /// What each line counts for since when, while the stretches are gone through.
  private var open: [(since: LocalTime, amount: ExactMonthly)?]

  init(_ lines: [BilledLine], keepsAtZero: Bool) {
    self.lines = lines
    self.keepsAtZero = keepsAtZero
    open = Array(repeating: nil, count: lines.count)
    goThrough()
  }

  /// Goes from start to end to start of what the lines cover.
  private mutating func goThrough() {
    var changes: [(time: LocalTime, line: Int, starts: Bool)] = []
    for (index, line) in lines.enumerated() where line.counts {
      for range in line.covered {
        guard let start = range.start, let end = range.end else { continue }
        changes.append((start, index, true))
        changes.append((end, index, false))
      }
    }
    changes.sort { $0.time < $1.time }
    var active: [Int] = []
    var next = 0
    while next < changes.count {
      let time = changes[next].time
      let before = active
      while next < changes.count, changes[next].time == time {
        let line = changes[next].line
        let place = active.firstIndex { $0 >= line } ?? active.count
        if changes[next].starts {
          active.insert(line, at: place)
        } else if place < active.count, active[place] == line {
          active.remove(at: place)
        }
        next += 1
      }
      let counting = amounts(of: active)
      for line in before where !active.contains(line) { close(line, at: time) }
      for (position, line) in active.enumerated() { change(line, to: counting[position], at: time) }
    }
  }

  private mutating func change(_ line: Int, to amount: ExactMonthly?, at time: LocalTime) {
    if let known = open[line], known.amount == amount { return }
    close(line, at: time)
    if let amount { open[line] = (time, amount) }
  }

  private mutating func close(_ line: Int, at time: LocalTime) {
    guard let known = open[line] else { return }
    stretches.append(
      Stretch(line: line, range: TimeRange(start: known.since, end: time), amount: known.amount))
    open[line] = nil
  }

  /// What each of the lines that cover a moment counts for; nil for nothing.
  private mutating func amounts(of active: [Int]) -> [ExactMonthly?] {
    guard let first = active.first else { return [] }
    let whole = active.last { !lines[$0].isProration && isPositive($0) }
    let basis = lines[whole ?? first].rank
    var left = active.map { line in
      isPositive(line) && lines[line].rank >= basis ? lines[line].worth : nil
    }
    var touched = active.map { _ in false }
    for credit in active where lines[credit].net < 0 && lines[credit].rank > basis {
      takeOff(credit, active, &left, &touched)
    }
    return active.indices.map { position in
      guard let left = left[position] else { return nil }
      guard touched[position] else { return lines[active[position]].amount }
      return left > 0 ? ExactMonthly(Int128(left), over: 1) : nil
    }
  }

  private func isPositive(_ line: Int) -> Bool {
    lines[line].net > 0 || (keepsAtZero && lines[line].net == 0)
  }

  /// Billing systems round to cents what they prorate, so that a hundredth may be left of what was given back.
  private mutating func takeOff(
    _ credit: Int, _ active: [Int], _ left: inout [Int64?], _ touched: inout [Bool]
  ) {
    let whole = Int128(lines[credit].worth.magnitude)
    var rest = Int64(clamping: whole)
    for (position, line) in active.enumerated() where rest > 0 && lines[line].rank < lines[credit].rank {
      guard let owing = left[position], owing > 0, lines[line].currency == lines[credit].currency,
        lines[credit].plan < 0 || lines[credit].plan == lines[line].plan
      else { continue }
      let taken = min(owing, rest)
      rest -= taken
      let after = owing - taken
      left[position] = Int128(after) * 100 <= Int128(lines[line].worth) ? 0 : after
      touched[position] = true
    }
    if Int128(rest) * 100 > whole { excessCredits.insert(credit) }
  }
}
