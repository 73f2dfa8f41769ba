import Model

extension BridgeTable {
  /// Adds one customer's month to a customer dimension: what belongs to the opening goes to `openingSegment`, the rest
  /// to `closingSegment`; a staying customer that changes segments is transferred with its whole opening.
  @inline(__always)
  mutating func add(
    _ month: CustomerMonth, at position: Int, opening openingSegment: Int, closing closingSegment: Int
  ) {
    if month.was {
      let cell = cell(openingSegment, position)
      amounts[cell].starting += month.starting
      amounts[cell].fx += month.opening - month.starting
      counts[cell].starting += 1
      if month.kind == .churn {
        amounts[cell].churn -= month.opening
        counts[cell].churned += 1
      } else if openingSegment != closingSegment {
        amounts[cell].transferOut -= month.opening
        counts[cell].transferOut += 1
      }
    }
    guard month.isNow else { return }
    let cell = cell(closingSegment, position)
    if month.was, openingSegment != closingSegment {
      amounts[cell].transferIn += month.opening
      counts[cell].transferIn += 1
    }
    switch month.kind {
    case .new:
      amounts[cell].new += month.closing
      counts[cell].new += 1
    case .reactivation:
      amounts[cell].reactivation += month.closing
      counts[cell].reactivated += 1
    case .expansion: amounts[cell].expansion += month.closing - month.opening
    case .contraction: amounts[cell].contraction += month.closing - month.opening
    case .churn, .none: break
    }
    amounts[cell].ending += month.closing
    counts[cell].ending += 1
  }

  /// One segment's part of a customer's month, in a charge dimension.
  struct SegmentPart {
    var segment: Int
    var starting: Int64
    var opening: Int64
    var closing: Int64
  }

  /// Adds one customer's month to a charge dimension. `parts` are in the order of the segments' names.
  ///
  /// Among a staying customer's segments, `transfer = min(sum of rises, sum of falls)` is shared out over the rising and
  /// the falling ones; what is left carries the customer's class.
  mutating func add(_ month: CustomerMonth, at position: Int, parts: [SegmentPart]) {
    addEnds(at: position, parts)
    addMovement(month.kind, at: position, parts)
  }

  /// Adds the two ends of a customer's month, and the exchange rate's part between them.
  mutating func addEnds(at position: Int, _ parts: [SegmentPart]) {
    for part in parts {
      let cell = cell(part.segment, position)
      amounts[cell].starting += part.starting
      amounts[cell].fx += part.opening - part.starting
      amounts[cell].ending += part.closing
    }
  }

  /// Adds one movement. `parts` may be the whole opening and closing, or only what changes between them.
  mutating func addMovement(_ kind: MovementClass, at position: Int, _ parts: [SegmentPart]) {
    switch kind {
    case .new: for part in parts { amounts[cell(part.segment, position)].new += part.closing - part.opening }
    case .reactivation:
      for part in parts {
        amounts[cell(part.segment, position)].reactivation += part.closing - part.opening
      }
    case .churn:
      for part in parts { amounts[cell(part.segment, position)].churn += part.closing - part.opening }
    case .expansion, .contraction, .none: addStaying(at: position, parts)
    }
  }

  private mutating func addStaying(at position: Int, _ parts: [SegmentPart]) {
    var risen: Int64 = 0
    var fallen: Int64 = 0
    for part in parts {
      risen += max(0, part.closing - part.opening)
      fallen += max(0, part.opening - part.closing)
    }
    let transfer = min(risen, fallen)
    guard transfer > 0 else {
      for part in parts {
        let cell = cell(part.segment, position)
        amounts[cell].expansion += max(0, part.closing - part.opening)
        amounts[cell].contraction += min(0, part.closing - part.opening)
      }
      return
    }
    let rises = parts.map { max(0, $0.closing - $0.opening) }
    let falls = parts.map { max(0, $0.opening - $0.closing) }
    let into = sharesByLargestRemainder(of: transfer, weights: rises)
    let outOf = sharesByLargestRemainder(of: transfer, weights: falls)
    for (index, part) in parts.enumerated() {
      let cell = cell(part.segment, position)
      amounts[cell].transferIn += into[index]
      amounts[cell].transferOut -= outOf[index]
      amounts[cell].expansion += rises[index] - into[index]
      amounts[cell].contraction -= falls[index] - outOf[index]
    }
  }
}
