import Model

extension Sweep {
  mutating func addBridges(_ customer: Int) {
    addBridge(customer, constant: nil)
    guard !timeline.isConstant else { return }
    for position in constantGrains.indices { addBridge(customer, constant: position) }
  }

  /// Adds the customer at the rates of each month, or at those of the opening of each period of a constant grain.
  private mutating func addBridge(_ customer: Int, constant position: Int?) {
    var lastPaying: Int?
    var step = steps.firstIndex { $0.month >= 0 } ?? steps.count
    for run in runs {
      let month = run.months.lowerBound
      let was = timeline.isCustomer(at: month - 1)
      defer { if run.isPaying { lastPaying = run.months.upperBound } }
      let firstStep = step
      while step < steps.count, steps[step].month == month { step += 1 }
      guard was || run.isPaying || firstStep < step else { continue }
      let rateMonth = position.map { openings[$0][month] } ?? month
      let opening =
        timeline.isConstant ? closing(month - 1) : timeline.mrr(closing: month - 1, at: rateMonth)
      let close = position == nil ? run.closing : timeline.mrr(closing: month, at: rateMonth)
      let entry = CustomerMonth(
        kind: MovementClass(
          was: was, isNow: run.isPaying, before: wasBefore(lastPaying, at: month), opening: opening,
          closing: close),
        was: was, isNow: run.isPaying, starting: position == nil ? closing(month - 1) : opening,
        opening: opening,
        closing: close)
      if firstStep < step {
        addSteps(customer, entry, month, rateMonth, constant: position, steps[firstStep..<step])
      } else {
        add(entry, month, rateMonth, constant: position)
        if position == nil {
          appendMovements(customer, entry, month)
          if entry.kind == .expansion {
            splitExpansion(
              close - opening, from: chargesInForce(month - 1), to: chargesInForce(month), month,
              rateMonth: month)
          } else if entry.kind == .churn {
            noteChurn(customer, [chargesInForce(month - 1)], month, rateMonth: month)
          }
        }
      }
      // Only a customer whose values never move has runs longer than a month.
      if run.isPaying, run.months.count > 1 { addSteady(run) }
    }
  }

  /// Whether an earlier month's end makes a return a reactivation; after the policy's window it is new again.
  func wasBefore(_ lastPaying: Int?, at month: Int) -> Bool {
    guard let lastPaying else { return false }
    guard let window = settings.policy.reactivationWindow else { return true }
    return (calendar.first + month).end.number - (calendar.first + lastPaying).end.number <= Int32(window)
  }

  private mutating func add(_ entry: CustomerMonth, _ month: Int, _ rateMonth: Int, constant position: Int?) {
    addToTable(position) { $0.add(entry, at: month, opening: 0, closing: 0) }
    for dimension in segments.customerDimensions.indices {
      let (from, to) = (segment(dimension, month - 1), segment(dimension, month))
      addToTable(position) { $0.add(entry, at: month, opening: from, closing: to) }
    }
    for dimension in segments.chargeDimensions.indices {
      collectParts(dimension, entry, month, rateMonth, startingAt: position == nil ? month - 1 : rateMonth)
      let parts = self.parts
      addToTable(position) { $0.add(entry, at: month, parts: parts) }
    }
  }

  @inline(__always)
  mutating func addToTable(_ position: Int?, _ change: (inout BridgeTable) -> Void) {
    if let position {
      change(&constant[position])
    } else if timeline.isConstant {
      change(&still)
    } else {
      change(&reported)
    }
  }

  /// Fills ``parts`` with the segments that have a charge in force at the opening or the close.
  private mutating func collectParts(
    _ dimension: Int, _ entry: CustomerMonth, _ month: Int, _ rateMonth: Int, startingAt startingRate: Int
  ) {
    parts.removeAll(keepingCapacity: true)
    if onlySegment[dimension] >= 0 {
      parts.append(
        .init(
          segment: onlySegment[dimension], starting: entry.starting, opening: entry.opening,
          closing: entry.closing))
      return
    }
    for index in timeline.charges.indices {
      let before = timeline.isInForce(index, month - 1)
      let after = timeline.isInForce(index, month)
      guard before || after else { continue }
      let position = partPosition(segment(ofCharge: index, in: dimension))
      let value = timeline.value(index, at: rateMonth)
      if before {
        parts[position].starting += timeline.value(index, at: startingRate)
        parts[position].opening += value
      }
      if after { parts[position].closing += value }
    }
  }

  /// Where a segment stands among ``parts``, which are kept in the order of the segments' names.
  mutating func partPosition(_ segment: Int) -> Int {
    var position = 0
    while position < parts.count, parts[position].segment < segment { position += 1 }
    if position == parts.count || parts[position].segment != segment {
      parts.insert(.init(segment: segment, starting: 0, opening: 0, closing: 0), at: position)
    }
    return position
  }

  /// Fills ``parts`` with the segments in force at the close of `month`; only their closing is set.
  mutating func collectClosing(_ dimension: Int, _ month: Int) {
    parts.removeAll(keepingCapacity: true)
    for index in timeline.charges.indices where timeline.isInForce(index, month) {
      parts[partPosition(segment(ofCharge: index, in: dimension))].closing += timeline.value(index, at: month)
    }
  }

  private mutating func addSteady(_ run: Run) {
    let months = (run.months.lowerBound + 1)...run.months.upperBound
    let level = SteadyLevel(mrr: run.closing, customers: 1)
    steady.add(level, 0, months)
    for dimension in segments.customerDimensions.indices {
      steady.add(level, segment(dimension, months.lowerBound), months)
    }
    for dimension in segments.chargeDimensions.indices {
      if onlySegment[dimension] >= 0 {
        steady.add(SteadyLevel(mrr: run.closing, customers: 0), onlySegment[dimension], months)
        continue
      }
      collectClosing(dimension, months.lowerBound)
      for part in parts {
        steady.add(SteadyLevel(mrr: part.closing, customers: 0), part.segment, months)
      }
    }
  }

  private mutating func appendMovements(_ customer: Int, _ entry: CustomerMonth, _ month: Int) {
    appendMovements(
      customer, entry,
      CollectionOfOne(SpanMovement(kind: entry.kind, before: entry.opening, after: entry.closing)), month)
  }

  mutating func appendMovements(
    _ customer: Int, _ entry: CustomerMonth, _ moved: some Collection<SpanMovement>, _ month: Int
  ) {
    let id = book.customers[customer].id
    var sum = entry.starting
    var sequence = 0
    func append(_ movement: Movement, _ before: Int64, _ after: Int64, to rows: inout [CustomerMovement]) {
      sum += after - before
      sequence += 1
      rows.append(
        CustomerMovement(
          month: calendar.first + month, customer: id, sequence: sequence, movement: movement,
          amount: after - before, before: before, after: after))
    }
    if entry.opening != entry.starting { append(.fx, entry.starting, entry.opening, to: &movements) }
    for moved in moved {
      if let movement = moved.kind.movement { append(movement, moved.before, moved.after, to: &movements) }
    }
    if sum != entry.closing { broken.append(id) }
  }

  // MARK: Own currency

  /// Each currency's charges are a book of their own: its first is new, its last churns, nothing is converted.
  mutating func addNative() {
    guard let dimension = segments.chargeDimensions.firstIndex(where: { $0.dimension.rule == .currency })
    else { return }
    if onlySegment[dimension] >= 0 {
      addNative(segment: onlySegment[dimension])
    } else {
      for segment in Set(timeline.charges.indices.map { segment(ofCharge: $0, in: dimension) }).sorted() {
        addNative(segment: segment)
      }
    }
  }

  private mutating func addNative(segment: Int) {
    let dimension = segments.chargeDimensions.firstIndex { $0.dimension.rule == .currency } ?? 0
    let keepsAtZero = settings.policy.fullyDiscounted == .keepAtZero
    let nativeSteps = nativeSteps(segment, dimension)
    var step = nativeSteps.firstIndex { $0.month >= 0 } ?? nativeSteps.count
    var lastPaying: Int?
    var previous = (paying: false, mrr: Int64(0))
    var steadySince: Int?
    func endSteady(_ month: Int, _ table: inout SpanTable<SteadyLevel>) {
      if let since = steadySince, previous.paying, since < month {
        table.add(SteadyLevel(mrr: previous.mrr, customers: 0), segment, since...(month - 1))
      }
    }
    for month in timeline.first...timeline.end where month == timeline.first || hasBoundary(month) {
      endSteady(month, &steadyNative)
      var now = (paying: false, mrr: Int64(0))
      for index in timeline.charges.indices
      where timeline.isInForce(index, month) && self.segment(ofCharge: index, in: dimension) == segment {
        let amount = timeline.charges[index].amount
        now.mrr += amount.value(at: .one) ?? 0
        if keepsAtZero || amount.numerator > 0 { now.paying = true }
      }
      let firstStep = step
      while step < nativeSteps.count, nativeSteps[step].month == month { step += 1 }
      if firstStep < step {
        native.addEnds(
          at: month,
          [.init(segment: segment, starting: previous.mrr, opening: previous.mrr, closing: now.mrr)])
        addNative(nativeSteps[firstStep..<step], segment, month, opening: previous.mrr)
      } else if previous.paying || now.paying {
        let kind = MovementClass(
          was: previous.paying, isNow: now.paying, before: wasBefore(lastPaying, at: month),
          opening: previous.mrr,
          closing: now.mrr)
        let entry = CustomerMonth(
          kind: kind, was: previous.paying, isNow: now.paying, starting: previous.mrr, opening: previous.mrr,
          closing: now.mrr)
        native.add(
          entry, at: month,
          parts: [
            .init(segment: segment, starting: previous.mrr, opening: previous.mrr, closing: now.mrr)
          ])
      }
      if now.paying || previous.paying { lastPaying = now.paying ? month : month - 1 }
      previous = now
      steadySince = month + 1
    }
    endSteady(timeline.end + 1, &steadyNative)
  }

  /// The steps of one currency's charges alone; none in the end-point bridge.
  private mutating func nativeSteps(_ segment: Int, _ dimension: Int) -> [EventStep] {
    guard settings.policy.bridge == .event else { return [] }
    if onlySegment[dimension] >= 0 { return steps }
    let ofCharge = timeline.charges.indices.map { self.segment(ofCharge: $0, in: dimension) }
    events.load(timeline.charges, times) { ofCharge[$0] == segment }
    return events.steps()
  }

  private mutating func addNative(
    _ steps: ArraySlice<EventStep>, _ segment: Int, _ month: Int, opening: Int64
  ) {
    var mrr = opening
    for step in steps {
      let before = mrr
      for change in events.changes[step.changes] {
        let value = timeline.charges[change.charge].amount.value(at: .one) ?? 0
        mrr += change.starts ? value : -value
      }
      let kind = MovementClass(
        was: step.was, isNow: step.isNow, before: step.before, opening: before, closing: mrr)
      native.addMovement(
        kind, at: month, [.init(segment: segment, starting: 0, opening: before, closing: mrr)])
    }
  }

  private func hasBoundary(_ month: Int) -> Bool {
    timeline.charges.contains { $0.from == month || $0.to == month }
  }
}
