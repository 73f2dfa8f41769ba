import GRDB
import Model

/// Reading of contracts and the steps of ramps.
extension BillingFacts {
  mutating func readContracts(
    _ sources: ConfiguredSources, _ part: BookPart?, _ database: Database
  ) throws {
    let rows = try LatestRows(.contract, sources, part, database)
    let (customer, rampOf, status, signed) = (
      rows.column("customer"), rows.column("ramp_of"), rows.column("status"), rows.column("signed")
    )
    let (start, end, amount) = (rows.column("start"), rows.column("end"), rows.column("amount"))
    let (currency, cancellable, canceled) = (
      rows.column("currency"), rows.column("cancellable"), rows.column("canceled")
    )
    struct Found {
      var contract: Book.Contract
      var identity: Int64
      var rampOf: Int64?
    }
    var found: [Found] = []
    var systems: [Int32] = []
    var order = NaturalOrder()
    var facts = self
    try rows.forEachRow { statement, id, system in
      var contract = Book.Contract()
      contract.row = statement.integer(0)
      contract.customer = facts.customer(statement.optionalInteger(customer))
      contract.currency =
        statement.isNull(currency) ? -1 : facts.currency(statement.bytes(currency)) ?? -1
      contract.status = statement.choice(status, EntityColumn.contractStatuses) ?? 255
      contract.signed = statement.moment(signed)
      contract.start = statement.moment(start)
      contract.end = statement.moment(end)
      contract.canceled = statement.moment(canceled)
      contract.amount = statement.optionalInteger(amount)
      contract.isCancellable = statement.optionalInteger(cancellable).map { $0 == 1 }
      found.append(
        Found(
          contract: contract, identity: statement.integer(1),
          rampOf: statement.optionalInteger(rampOf)))
      systems.append(system)
      order.append(id, system: system)
    }
    self = facts
    // A contract that only its steps name has a place, so that they are known to belong together.
    var known = Set(found.map(\.identity))
    for (index, step) in found.enumerated() {
      guard let named = step.rampOf, known.insert(named).inserted else { continue }
      found.append(Found(contract: Book.Contract(), identity: named))
      order.append(naturalIDs.text(named), system: systems[index])
    }
    let sorted = order.sorted(found)
    for (place, entry) in sorted.enumerated() { contracts.set(entry.identity, to: Int32(place)) }
    billing.contracts = sorted.enumerated().map { place, entry in
      var contract = entry.contract
      let parent = entry.rampOf.flatMap { contracts[$0] } ?? -1
      guard parent >= 0, parent != Int32(place) else { return contract }
      contract.rampOf = parent
      if contract.customer < 0 { contract.customer = sorted[Int(parent)].contract.customer }
      return contract
    }
  }
}
