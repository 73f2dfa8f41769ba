import Model

/// The contracts of a book that count: steps in place of a ramp that has any.
struct ContractSteps {
  private(set) var steps: [RevenueStep] = []
  /// By contract: the contract its ramp is known by; -1 where nothing of the ramp counts.
  private(set) var roots: [Int32]
  private var byCustomer: [Int32: [Int]] = [:]
  /// Contracts that are no drafts and lack their amount, start or end.
  private(set) var incomplete = 0

  init(_ book: Book, _ settings: RollupSettings) {
    let contracts = book.billing.contracts
    let draft = UInt8(EntityColumn.contractStatuses.firstIndex(of: "draft") ?? 0)
    let roots = contracts.indices.map { contracts.rampNumber(of: $0) }
    let ramps = Set(contracts.map(\.rampOf))
    var withSteps: Set<Int32> = []
    var found: [(index: Int, step: RevenueStep)] = []
    for (index, contract) in contracts.enumerated() where contract.row != 0 && contract.status != draft {
      guard let start = contract.start.map(settings.zone.day(of:)),
        let end = contract.end.map(settings.zone.day(of:)),
        start < end, let amount = contract.amount
      else {
        // A contract of which only steps matter lacks nothing.
        if !ramps.contains(Int32(index)) { incomplete += 1 }
        continue
      }
      let root = contracts[Int(roots[index])]
      let canceled = contract.canceled ?? root.canceled
      let over = canceled.map(settings.zone.day(of:)).map { min(max($0, start), end) } ?? end
      let currency = contract.currency < 0 ? settings.currency : book.currencies[Int(contract.currency)]
      found.append(
        (
          index,
          RevenueStep(
            root: roots[index], customer: contract.customer, currency: currency, amount: amount,
            term: start..<end, over: over,
            signed: (contract.signed ?? root.signed).map(settings.zone.day(of:)),
            isCancellable: contract.isCancellable ?? root.isCancellable ?? false)
        ))
      if contract.rampOf >= 0 { withSteps.insert(roots[index]) }
    }
    for (index, step) in found where contracts[index].rampOf >= 0 || !withSteps.contains(Int32(index)) {
      byCustomer[step.customer, default: []].append(steps.count)
      steps.append(step)
    }
    let counted = Set(steps.map(\.root))
    self.roots = roots.map { counted.contains($0) ? $0 : -1 }
  }

  /// The only contract of a customer in force on a day.
  func only(of customer: Int32, on day: Day) -> Int32? {
    let covering = Set(
      (byCustomer[customer] ?? []).filter { steps[$0].term.lowerBound <= day && day < steps[$0].over }
        .map { steps[$0].root })
    return covering.count == 1 ? covering.first : nil
  }
}

extension [Book.Contract] {
  /// Number of the top of a contract's ramp; a contract in a circle of ramps stays itself.
  func rampNumber(of index: Int) -> Int32 {
    var current = index
    for _ in indices {
      guard self[current].rampOf >= 0 else { return Int32(current) }
      current = Int(self[current].rampOf)
    }
    return Int32(index)
  }

  func ramp(of index: Int) -> Book.Contract { self[Int(rampNumber(of: index))] }
}
