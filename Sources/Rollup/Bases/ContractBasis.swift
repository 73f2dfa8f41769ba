import Model

/// MRR of contracts: the value of each term spread over its months, each step of a ramp by itself.
struct ContractBasis {
  private(set) var charges: [CountedCharge] = []
  /// What is signed and not yet so, for committed MRR.
  private(set) var commitments: [Commitment] = []
  private(set) var findings: [Finding] = []
  private(set) var faults = BillingFaults()

  init(_ book: Book, _ settings: RollupSettings) {
    let contracts = book.billing.contracts
    let draft = EntityColumn.contractStatuses.firstIndex(of: "draft").map { UInt8($0) }
    var steps: [(place: Int32, step: ContractStep)] = []
    var incomplete: [Int32] = []
    for (place, contract) in contracts.enumerated() where contract.row > 0 && contract.status != draft {
      guard let step = ContractStep(contract, of: contracts.ramp(of: place), settings.zone) else {
        incomplete.append(Int32(place))
        continue
      }
      if let whole = priced(step, settings) { steps.append((Int32(place), whole)) }
    }
    // One whose steps count lacks nothing itself.
    var stepped: Set<Int32> = []
    for (place, _) in steps {
      var ramp = contracts[Int(place)].rampOf
      while ramp >= 0, stepped.insert(ramp).inserted { ramp = contracts[Int(ramp)].rampOf }
    }
    faults.incompleteContracts = Int64(incomplete.count { !stepped.contains($0) })
    // A contract with steps counts by them alone.
    let ramps = Set(steps.map { contracts[Int($0.place)].rampOf })
    var units: [Int32: [ContractStep]] = [:]
    for (place, step) in steps where !ramps.contains(place) {
      append(step, settings)
      let ramp = contracts[Int(place)].rampOf
      units[ramp >= 0 ? ramp : place, default: []].append(step)
    }
    for (place, steps) in units.sorted(by: { $0.key < $1.key }) {
      let contract = contracts[Int(place)]
      let signed = contract.status == draft ? nil : contract.signed.map { settings.zone.day(of: $0) }
      commitments += Commitment.all(of: steps, signed: signed, settings)
    }
  }

  private mutating func priced(_ step: ContractStep, _ settings: RollupSettings) -> ContractStep? {
    if step.value < 0 { faults.negativeContracts += 1 }
    let term = BillingInterval(from: step.start, to: step.end)
    guard let amount = term.monthly(max(0, step.value), settings.policy) else {
      findings.append(
        Finding(
          .error, "amount-too-large",
          "contract \(step.contract.row) is larger than the program can count exactly",
          consequence: "nothing is published", remedy: "correct its amount in the export"))
      return nil
    }
    var step = step
    step.amount = amount
    return step
  }

  private mutating func append(_ step: ContractStep, _ settings: RollupSettings) {
    func time(_ moment: Moment) -> LocalTime {
      settings.policy.bridge == .event
        ? LocalTime(moment, settings.zone) : LocalTime(day: settings.zone.day(of: moment))
    }
    let start = time(step.startsAt)
    let end = step.canceled.map { min(time($0), time(step.endsAt)) } ?? time(step.endsAt)
    guard start < end, TimeRange(start: start, end: end).lasts else { return }
    var charge = CountedCharge(
      amount: step.amount, row: step.contract.row, start: start, end: end, serviceStart: step.start,
      customer: step.contract.customer, plan: -1, product: -1, currency: step.contract.currency)
    charge.entity = .contract
    charges.append(charge)
  }
}

/// One contract, or one step of a ramp, with all that it takes to count it.
struct ContractStep {
  var contract: Book.Contract
  var startsAt: Moment
  var endsAt: Moment
  /// Its own, else its ramp's.
  var canceled: Moment?
  /// Micro-units over the whole term.
  var value: Int64
  var start: Day
  /// The end of its full term, whenever it was canceled.
  var end: Day
  /// The first day it does not count any more.
  var stop: Day
  var amount = ExactMonthly.zero

  /// nil for one that lacks customer, amount, start or end, or has no days.
  init?(_ contract: Book.Contract, of ramp: Book.Contract, _ zone: ReportingZone) {
    guard contract.customer >= 0, let value = contract.amount, let startsAt = contract.start,
      let endsAt = contract.end, zone.day(of: startsAt) < zone.day(of: endsAt)
    else { return nil }
    self.contract = contract
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.value = value
    start = zone.day(of: startsAt)
    end = zone.day(of: endsAt)
    canceled = contract.canceled ?? ramp.canceled
    stop = canceled.map { min(zone.day(of: $0), zone.day(of: endsAt)) } ?? end
  }

  func isInForce(on day: Day) -> Bool { start <= day && day < stop }
}
