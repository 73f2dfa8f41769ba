import Model

/// A table of sums whose integers can be taken out and put in, segment by segment.
protocol SegmentSums {
  /// Hands out the integers of one segment, always as many and in the same order for one calendar.
  mutating func withSums(of segment: Int, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void)
}

extension Array {
  /// The cells of a range as the integers they are made of, and of nothing else.
  mutating func withIntegers(
    _ range: Range<Int>, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void
  ) {
    withUnsafeMutableBytes { bytes in
      let size = MemoryLayout<Element>.stride
      let part = UnsafeMutableRawBufferPointer(
        rebasing: bytes[range.lowerBound * size..<range.upperBound * size])
      body(part.bindMemory(to: Int64.self))
    }
  }
}

extension BridgeTable: SegmentSums {
  mutating func withSums(of segment: Int, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void) {
    let range = segment * months..<(segment + 1) * months
    amounts.withIntegers(range, body)
    counts.withIntegers(range, body)
  }
}

extension SpanTable: SegmentSums {
  mutating func withSums(of segment: Int, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void) {
    steps.withIntegers(segment * (months + 1)..<(segment + 1) * (months + 1), body)
  }
}

extension RetentionSums: SegmentSums {
  mutating func withSums(of segment: Int, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void) {
    for window in reported.indices {
      reported[window].withSums(of: segment, body)
      constant[window].withSums(of: segment, body)
    }
    signupReported.withSums(of: segment, body)
    signupConstant.withSums(of: segment, body)
    endReported.withSums(of: segment, body)
    endConstant.withSums(of: segment, body)
  }
}

extension CohortTable: SegmentSums {
  mutating func withSums(of segment: Int, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void) {
    for grid in grids.indices {
      let periods = grids[grid].periods.count
      let cells = periods * periods
      grids[grid].cells.withIntegers(segment * cells..<(segment + 1) * cells, body)
      grids[grid].size.withIntegers(segment * periods..<(segment + 1) * periods, body)
    }
  }
}

extension Sweep: SegmentSums {
  mutating func withSums(of segment: Int, _ body: (UnsafeMutableBufferPointer<Int64>) -> Void) {
    let months = segment * calendar.count..<(segment + 1) * calendar.count
    still.withSums(of: segment, body)
    reported.withSums(of: segment, body)
    for grain in constant.indices { constant[grain].withSums(of: segment, body) }
    native.withSums(of: segment, body)
    steady.withSums(of: segment, body)
    steadyNative.withSums(of: segment, body)
    retention.withSums(of: segment, body)
    cohorts.withSums(of: segment, body)
    scheduledChurn.withIntegers(months, body)
    joinedAndLeft.withIntegers(months, body)
    assumed.withIntegers(months, body)
    if !reconstructed.isEmpty { reconstructed.withIntegers(months, body) }
    whole.withSums(of: segment, body)
    usage.withSums(of: segment, body)
    guard churnWindow != nil else { return }
    churnWindow?.reported.withSums(of: segment, body)
    churnWindow?.constant.withSums(of: segment, body)
    churnWindow?.joinedAndLeft.withIntegers(months, body)
  }

  /// All sums by segment; segments without any are left out.
  mutating func sumsBySegment() -> [SegmentKey: [Int64]] {
    var result: [SegmentKey: [Int64]] = [:]
    for segment in 0..<segments.count {
      var sums: [Int64] = []
      withSums(of: segment) { sums.append(contentsOf: $0) }
      if sums.contains(where: { $0 != 0 }) { result[segments.keys[segment]] = sums }
    }
    return result
  }

  /// Adds other sums, each `factor` times. False, with nothing of use left, where they are of other segments or of another calendar.
  mutating func add(_ others: [SegmentKey: [Int64]], times factor: Int64) -> Bool {
    var numbers: [SegmentKey: Int] = [:]
    for (number, key) in segments.keys.enumerated() { numbers[key] = number }
    for (key, sums) in others {
      guard let segment = numbers[key] else { return false }
      var place = 0
      var fits = true
      withSums(of: segment) { own in
        guard place + own.count <= sums.count else {
          fits = false
          return
        }
        for index in own.indices { own[index] += factor * sums[place + index] }
        place += own.count
      }
      guard fits, place == sums.count else { return false }
    }
    return true
  }
}
