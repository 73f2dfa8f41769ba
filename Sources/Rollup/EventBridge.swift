import Model

/// One movement of a customer inside a span, at one rate.
struct SpanMovement {
  var kind: MovementClass
  var before: Int64
  var after: Int64
}

/// What a bridge that looks inside the months adds for one customer: the span's two ends and the steps between them.
struct BridgeSpan {
  /// The cell it is added to, and the month whose rates value it.
  var month: Int
  var rateMonth: Int
  /// The month whose rates valued the opening as it was published.
  var startingRate: Int
  /// nil: the span opens with the month before; else when this day begins.
  var opensOn: Day?
  var entry: CustomerMonth
  var steps: ArraySlice<EventStep>
  /// Segment at the opening and at the close, by customer dimension.
  var openingSegments: [Int]
  var closingSegments: [Int]
}

extension Sweep {
  /// Adds a customer's month by its steps to the bridge as reported, or to a constant one.
  mutating func addSteps(
    _ customer: Int, _ entry: CustomerMonth, _ month: Int, _ rateMonth: Int, constant position: Int?,
    _ steps: ArraySlice<EventStep>
  ) {
    let dimensions = segments.customerDimensions.indices
    let span = BridgeSpan(
      month: month, rateMonth: rateMonth, startingRate: position == nil ? month - 1 : rateMonth,
      opensOn: nil, entry: entry, steps: steps,
      openingSegments: dimensions.map { segment($0, month - 1) },
      closingSegments: dimensions.map { segment($0, month) })
    let movements = movements(of: span)
    add(span, movements) { sweep, change in sweep.addToTable(position, change) }
    guard position == nil else { return }
    appendMovements(customer, entry, movements, month)
    explain(customer, movements, steps, month, rateMonth)
    if !entry.was {
      let left = Int64(movements.count { $0.kind == .churn })
      for segment in [0] + span.closingSegments { joinedAndLeft[segment * calendar.count + month] += left }
    }
  }

  /// Notes what the steps' expansions and leavings are for.
  private mutating func explain(
    _ customer: Int, _ movements: [SpanMovement], _ steps: ArraySlice<EventStep>, _ month: Int,
    _ rateMonth: Int
  ) {
    var leavings: [[Int]] = []
    for (step, movement) in zip(steps, movements) {
      if movement.kind == .expansion {
        let (before, after) = chargesInForce(around: step)
        splitExpansion(
          movement.after - movement.before, from: before, to: after, month, rateMonth: rateMonth)
      } else if movement.kind == .churn {
        leavings.append(chargesInForce(around: step).before)
      }
    }
    if !leavings.isEmpty { noteChurn(customer, leavings, month, rateMonth: rateMonth) }
  }

  /// The movements of the steps, each classified by itself.
  func movements(of span: BridgeSpan) -> [SpanMovement] {
    var mrr = span.entry.opening
    return span.steps.map { step in
      let before = mrr
      for change in events.changes[step.changes] {
        let value = timeline.anyValue(change.charge, at: span.rateMonth)
        mrr += change.starts ? value : -value
      }
      return SpanMovement(
        kind: MovementClass(
          was: step.was, isNow: step.isNow, before: step.before, opening: before, closing: mrr),
        before: before, after: mrr)
    }
  }

  /// Adds the span to the whole and to every dimension of the table that `change` changes.
  mutating func add(
    _ span: BridgeSpan, _ movements: [SpanMovement],
    to change: (inout Sweep, (inout BridgeTable) -> Void) -> Void
  ) {
    change(&self) { $0.add(span.entry, movements, at: span.month, opening: 0, closing: 0) }
    for (from, to) in zip(span.openingSegments, span.closingSegments) {
      change(&self) { $0.add(span.entry, movements, at: span.month, opening: from, closing: to) }
    }
    for dimension in segments.chargeDimensions.indices {
      collectEnds(of: span, dimension)
      let ends = parts
      change(&self) { $0.addEnds(at: span.month, ends) }
      for (step, movement) in zip(span.steps, movements) {
        collectChanges(of: step, dimension, span.rateMonth)
        let changed = parts
        change(&self) { $0.addMovement(movement.kind, at: span.month, changed) }
      }
    }
  }

  /// Whether charge number `index` is in force at the span's opening.
  func isOpen(_ index: Int, at span: BridgeSpan) -> Bool {
    span.opensOn.map { times[index].isInForce(openingOf: $0) } ?? timeline.isInForce(index, span.month - 1)
  }

  /// Fills ``parts`` with the segments that have a charge in force at either end of the span.
  mutating func collectEnds(of span: BridgeSpan, _ dimension: Int) {
    parts.removeAll(keepingCapacity: true)
    for index in timeline.charges.indices {
      let (before, after) = (isOpen(index, at: span), timeline.isInForce(index, span.month))
      guard before || after else { continue }
      let position = partPosition(segment(ofCharge: index, in: dimension))
      let value = timeline.anyValue(index, at: span.rateMonth)
      if before {
        parts[position].starting += timeline.anyValue(index, at: span.startingRate)
        parts[position].opening += value
      }
      if after { parts[position].closing += value }
    }
  }

  /// Fills ``parts`` with what a step takes from each segment (opening) and brings to it (closing).
  private mutating func collectChanges(of step: EventStep, _ dimension: Int, _ rateMonth: Int) {
    parts.removeAll(keepingCapacity: true)
    for change in events.changes[step.changes] {
      let position = partPosition(segment(ofCharge: change.charge, in: dimension))
      let value = timeline.anyValue(change.charge, at: rateMonth)
      if change.starts {
        parts[position].closing += value
      } else {
        parts[position].opening += value
      }
    }
  }
}

extension BridgeTable {
  /// Adds one customer's movements to a customer dimension.
  ///
  /// Who was there and never left is transferred with its opening, and moves in the closing segment; who left has everything up
  /// to the first leaving in the opening segment and all after it in the closing one.
  mutating func add(
    _ month: CustomerMonth, _ movements: [SpanMovement], at position: Int, opening openingSegment: Int,
    closing closingSegment: Int
  ) {
    let opening = cell(openingSegment, position)
    let closing = cell(closingSegment, position)
    let firstLeaving = movements.firstIndex { $0.kind == .churn }
    if month.was {
      amounts[opening].starting += month.starting
      amounts[opening].fx += month.opening - month.starting
      counts[opening].starting += 1
      if firstLeaving == nil, opening != closing {
        amounts[opening].transferOut -= month.opening
        counts[opening].transferOut += 1
        amounts[closing].transferIn += month.opening
        counts[closing].transferIn += 1
      }
    }
    for (number, movement) in movements.enumerated() {
      let isBeforeLeaving = month.was && firstLeaving.map { number <= $0 } ?? false
      add(movement, to: isBeforeLeaving ? opening : closing)
    }
    if month.isNow {
      amounts[closing].ending += month.closing
      counts[closing].ending += 1
    }
  }

  private mutating func add(_ movement: SpanMovement, to cell: Int) {
    let change = movement.after - movement.before
    switch movement.kind {
    case .new:
      amounts[cell].new += change
      counts[cell].new += 1
    case .reactivation:
      amounts[cell].reactivation += change
      counts[cell].reactivated += 1
    case .expansion: amounts[cell].expansion += change
    case .contraction: amounts[cell].contraction += change
    case .churn:
      amounts[cell].churn += change
      counts[cell].churned += 1
    case .none: break
    }
  }
}
