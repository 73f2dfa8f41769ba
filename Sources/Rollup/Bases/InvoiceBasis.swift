import Model

/// MRR of invoice lines: which lines count when, and for how much a month.
struct InvoiceBasis {
  private let book: Book
  private let settings: RollupSettings
  private let policy: Policy
  private let kinds: Set<UInt8>
  private let seesInstants: Bool
  private let metered: UInt8
  private let draft: UInt8
  private let void: UInt8
  private let uncollectible: UInt8
  private(set) var charges: [CountedCharge] = []
  private(set) var findings: [Finding] = []
  private(set) var faults = BillingFaults()

  /// - Parameter onlyMetered: Whether recurring lines count nowhere, since something else says what recurs.
  init(_ book: Book, _ settings: RollupSettings, onlyMetered: Bool) {
    self.book = book
    self.settings = settings
    policy = settings.policy
    seesInstants = settings.policy.bridge == .event
    func code(_ name: String, _ names: [String]) -> UInt8 { UInt8(names.firstIndex(of: name) ?? 255) }
    metered = code("metered", EntityColumn.chargeKinds)
    draft = code("draft", EntityColumn.invoiceStatuses)
    void = code("void", EntityColumn.invoiceStatuses)
    uncollectible = code("uncollectible", EntityColumn.invoiceStatuses)
    var kinds: Set<UInt8> = onlyMetered ? [] : [code("recurring", EntityColumn.chargeKinds)]
    if policy.metered == .includeInvoiced { kinds.insert(metered) }
    self.kinds = kinds
    let amounts = LineAmounts(book.billing, policy)
    faults = amounts.faults
    for group in grouped() { count(group, amounts) }
    for line in amounts.tooLarge.sorted() where kinds.contains(book.billing.lines[Int(line)].kind) {
      findings.append(tooLarge(line))
    }
  }

  private func time(_ moment: Moment) -> LocalTime {
    seesInstants ? LocalTime(moment, settings.zone) : LocalTime(day: settings.zone.day(of: moment))
  }

  // MARK: Which lines

  /// Positions of the lines that can count, by what they are billed under: usage apart from what it is usage of, since it
  /// stands on the next invoice.
  private mutating func grouped() -> [[Int32]] {
    var keys: [(key: UInt64, line: Int32)] = []
    for (index, line) in book.billing.lines.enumerated() where kinds.contains(line.kind) {
      let status = book.billing.status(of: line)
      guard status != draft, status != void else { continue }
      guard let start = line.periodStart, let end = line.periodEnd else {
        faults.linesWithoutPeriod += 1
        continue
      }
      guard settings.zone.day(of: start) < settings.zone.day(of: end) else { continue }
      guard line.customer >= 0 else {
        faults.linesWithoutCustomer += 1
        continue
      }
      if status == uncollectible, policy.unpaid == .churnWhenUnpaid { continue }
      let kind: UInt64 = line.kind == metered ? 1 : 0
      let owner =
        line.subscription >= 0
        ? UInt64(line.subscription) << 1
        : 1 << 63 | UInt64(line.customer) << 32 | UInt64(line.plan + 1) << 1
      keys.append((owner | kind, Int32(index)))
    }
    keys.sort { ($0.key, $0.line) < ($1.key, $1.line) }
    var groups: [[Int32]] = []
    var start = 0
    while start < keys.count {
      var end = start
      while end < keys.count, keys[end].key == keys[start].key { end += 1 }
      groups.append(keys[start..<end].map(\.line))
      start = end
    }
    return groups
  }

  private mutating func count(_ positions: [Int32], _ amounts: LineAmounts) {
    let lines = inOrder(positions.compactMap { billed($0, amounts) })
    var priced: [BilledLine] = []
    let periods = FullPeriods(lines)
    for line in lines {
      guard let line = self.priced(line, periods) else { return }
      priced.append(line)
    }
    let group = LineGroup(priced, keepsAtZero: policy.fullyDiscounted == .keepAtZero)
    faults.excessCredits += Int64(group.excessCredits.count)
    for stretch in group.stretches { append(stretch, of: group.lines[stretch.line]) }
  }

  private func billed(_ position: Int32, _ amounts: LineAmounts) -> BilledLine? {
    let line = book.billing.lines[Int(position)]
    guard let start = line.periodStart, let end = line.periodEnd else { return nil }
    let left = amounts.left[Int(position)]
    var billed = BilledLine(
      line: position, invoice: line.invoice,
      issued: LocalTime(book.billing.issued(of: line) ?? start, settings.zone), plan: line.plan,
      currency: line.currency, net: left ?? 0,
      counts: left.map { $0 != 0 || policy.fullyDiscounted == .keepAtZero } ?? false,
      isProration: line.isProration, start: LocalTime(start, settings.zone),
      end: LocalTime(end, settings.zone), periodStart: start, periodEnd: end)
    billed.covered = covered(line, TimeRange(start: time(start), end: time(end)))
    return billed
  }

  /// By invoices in the order of their issue, then of their ids; within one in the order of the lines' ids.
  private func inOrder(_ lines: [BilledLine]) -> [BilledLine] {
    var lines = lines
    var issued: [Int32: LocalTime] = [:]
    for line in lines { issued[line.invoice] = min(issued[line.invoice] ?? line.issued, line.issued) }
    let invoices = issued.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
    let ranks = Dictionary(uniqueKeysWithValues: invoices.enumerated().map { ($1, Int32($0)) })
    for index in lines.indices { lines[index].rank = ranks[lines[index].invoice] ?? 0 }
    return lines.sorted { ($0.rank, $0.line) < ($1.rank, $1.line) }
  }

  // MARK: When

  /// What its payment and its subscription leave of a line's period.
  private func covered(_ line: Book.InvoiceLine, _ period: TimeRange) -> [TimeRange] {
    var limits: [LocalTime] = []
    if book.billing.status(of: line) == uncollectible, policy.unpaid == .afterDays {
      let since =
        book.billing.invoices[Int(line.invoice)].due ?? book.billing.issued(of: line) ?? line.periodStart
      if let since { limits.append(LocalTime(day: settings.zone.day(of: since) + policy.unpaidDays)) }
    }
    let state = line.subscription < 0 ? nil : book.subscriptions[Int(line.subscription)].states.last
    if let state {
      // One that vanished says no more of itself: it ended when it was missing first.
      let ended = (state.ended ?? state.cancelEffective).map(time)
      limits += [ended ?? state.to.map { LocalTime(day: settings.zone.day(of: $0)) }].compactMap { $0 }
      if policy.churnAt == .cancelRequested, let requested = state.cancelRequested {
        limits.append(time(requested))
      }
    }
    let end = limits.reduce(period.end) { end, limit in end.map { min($0, limit) } }
    guard let bounds = period.intersection(TimeRange(start: nil, end: end)) else { return [] }
    guard policy.paused == .zero, let state, let pauseStart = state.pauseStart.map(time) else {
      return [bounds]
    }
    let pauseEnd = state.pauseEnd.map(time)
    // One that ends before it starts is none.
    if let pauseEnd, pauseEnd <= pauseStart { return [bounds] }
    return bounds.subtracting(TimeRange(start: pauseStart, end: pauseEnd))
  }

  // MARK: For how much

  private mutating func priced(_ line: BilledLine, _ periods: FullPeriods) -> BilledLine? {
    var line = line
    let (start, end) = (line.start.day, line.end.day)
    let amount: ExactMonthly?
    if line.isProration {
      let known = line.plan < 0 ? nil : BillingInterval(book.plans[Int(line.plan)])
      let interval = known ?? periods.interval(of: line)
      line.isAssumed = interval == nil
      amount = scaled(line, to: interval ?? .month)
    } else {
      amount = BillingInterval(from: start, to: end).monthly(line.net, policy)
    }
    guard let amount, let worth = amount.value(at: .one) else {
      findings.append(tooLarge(line.line))
      return nil
    }
    line.amount = amount
    line.worth = worth
    return line
  }

  private func tooLarge(_ line: Int32) -> Finding {
    Finding(
      .error, "amount-too-large",
      "invoice line \(book.billing.lines[Int(line)].row) is larger than the program can count exactly",
      consequence: "nothing is published", remedy: "correct its amount in the export")
  }

  /// What the line would be for its full period, which ends where it does; in seconds where instants are told, which billing
  /// systems reckon in UTC.
  private func scaled(_ line: BilledLine, to interval: BillingInterval) -> ExactMonthly? {
    guard line.periodStart.isInstant, line.periodEnd.isInstant else {
      let days = Int64(line.end.day.number - line.start.day.number)
      return interval.monthly(line.net, times: interval.days(endingOn: line.end.day), over: days, policy)
    }
    let end = ReportingZone.utc.day(of: line.periodEnd)
    return interval.monthly(
      line.net, times: interval.days(endingOn: end) * 86_400,
      over: line.periodEnd.seconds - line.periodStart.seconds, policy)
  }

  private mutating func append(_ stretch: LineGroup.Stretch, of billed: BilledLine) {
    guard let start = stretch.range.start, stretch.range.lasts else { return }
    let line = book.billing.lines[Int(billed.line)]
    var charge = CountedCharge(
      amount: stretch.amount, row: line.row, start: start, end: stretch.range.end,
      serviceStart: billed.start.day, customer: line.customer, plan: line.plan, product: line.product,
      currency: line.currency, subscription: line.subscription)
    charge.entity = .invoiceLine
    charge.quantity = line.quantity ?? charge.quantity
    charge.grade = billed.isAssumed ? .assumed : .reconstructed
    guard policy.basis != .contracts, line.subscription >= 0 else { return charges.append(charge) }
    let states = book.subscriptions[Int(line.subscription)].states
    for (range, notice) in Cancellation.stretches(states, within: stretch.range, settings.zone, time: time) {
      guard let start = range.start, range.lasts else { continue }
      (charge.start, charge.end) = (start, range.end)
      charge.cancelRequested = notice?.requested?.day
      charge.cancelEffective = notice?.effective?.day
      charges.append(charge)
    }
  }
}
