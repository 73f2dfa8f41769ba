import Model

extension Sweep {
  /// Adds every window that starts inside the customer's life, also those that end after it.
  mutating func addRetention(_ customer: Int) {
    for (number, run) in runs.enumerated() where run.isPaying {
      for (position, window) in RetentionTable.windows.enumerated() {
        var start = run.months.lowerBound
        var other = number
        while start <= run.months.upperBound, start + window < calendar.count {
          let now = start + window
          while other < runs.count, runs[other].months.upperBound < now { other += 1 }
          let inside = other < runs.count
          // The stretch of starts over which neither end of the window changes.
          let end = min(
            run.months.upperBound, calendar.count - 1 - window,
            inside ? runs[other].months.upperBound - window : Int.max)
          let reported = inside ? runs[other].closing : 0
          let constant = timeline.isConstant ? reported : timeline.mrr(closing: now, at: start)
          let cells = (
            RetentionCell(then: run.closing, now: reported, kept: min(run.closing, reported)),
            RetentionCell(then: run.closing, now: constant, kept: min(run.closing, constant))
          )
          add(
            run, position, now...(end + window), cells.0, cells.1,
            isSignup: window == 12 && start == timeline.firstPaying)
          if window == 12 { addByEnd(cells, now...(end + window), customer, isInLife: inside) }
          start = end + 1
        }
      }
    }
  }

  private mutating func add(
    _ run: Run, _ window: Int, _ months: ClosedRange<Int>, _ reported: RetentionCell,
    _ constant: RetentionCell, isSignup: Bool
  ) {
    let start = run.months.lowerBound
    add(reported, constant, 0, window, months, isSignup)
    for dimension in segments.customerDimensions.indices {
      add(reported, constant, segment(dimension, start), window, months, isSignup)
    }
    for dimension in segments.chargeDimensions.indices {
      if onlySegment[dimension] >= 0 {
        add(reported, constant, onlySegment[dimension], window, months, isSignup)
        continue
      }
      collectClosing(dimension, start)
      if parts.count == 1 {
        add(reported, constant, parts[0].segment, window, months, isSignup)
        continue
      }
      let weights = parts.map(\.closing)
      let segmentNumbers = parts.map(\.segment)
      let sharedReported = Self.shares(of: reported, weights)
      let sharedConstant = timeline.isConstant ? sharedReported : Self.shares(of: constant, weights)
      for (index, segment) in segmentNumbers.enumerated() {
        add(sharedReported[index], sharedConstant[index], segment, window, months, isSignup)
      }
    }
  }

  /// Where a run holds all the months one segment does; outside the customer's life its attributes may still change.
  private mutating func addByEnd(
    _ cells: (reported: RetentionCell, constant: RetentionCell), _ months: ClosedRange<Int>, _ customer: Int,
    isInLife: Bool
  ) {
    for dimension in segments.customerDimensions.indices {
      var first = months.lowerBound
      while first <= months.upperBound {
        let found = segment(dimension, atEndOf: first, customer)
        var last = first
        if isInLife || isSettled(dimension, customer) {
          last = months.upperBound
        } else {
          while last < months.upperBound, segment(dimension, atEndOf: last + 1, customer) == found {
            last += 1
          }
        }
        retention.endReported.add(cells.reported, found, first...last)
        retention.endConstant.add(cells.constant, found, first...last)
        first = last + 1
      }
    }
  }

  @inline(__always)
  private mutating func add(
    _ reported: RetentionCell, _ constant: RetentionCell, _ segment: Int, _ window: Int,
    _ months: ClosedRange<Int>, _ isSignup: Bool
  ) {
    retention.reported[window].add(reported, segment, months)
    retention.constant[window].add(constant, segment, months)
    guard isSignup else { return }
    // Of a run that begins with the first MRR only its first month is the sign-up.
    retention.signupReported.add(reported, segment, months.lowerBound...months.lowerBound)
    retention.signupConstant.add(constant, segment, months.lowerBound...months.lowerBound)
  }

  /// A customer's `now` and `kept` in proportion to its MRR in each segment at the window's start.
  private static func shares(of cell: RetentionCell, _ weights: [Int64]) -> [RetentionCell] {
    let now = sharesByLargestRemainder(of: cell.now, weights: weights)
    let kept = sharesByLargestRemainder(of: cell.kept, weights: weights)
    return weights.indices.map { RetentionCell(then: weights[$0], now: now[$0], kept: kept[$0]) }
  }
}
