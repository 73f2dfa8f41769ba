import Model

@testable import Warehouse

private let usd = Currency("USD")!

/// Customers' MRR of one month, published beside what sources say.
struct PublishedLevels {
  var month = Month(year: 2024, month: 3)
  /// Whole units of USD a month by customer id.
  var mrr: [String: Int64]
  /// Customers that a run before read, so that their numbers come before those of the others.
  var earlier: [String] = []
  /// Charges in force by customer id, from a day on.
  var charges: [(customer: String, from: String, to: String?)] = []

  /// Applies the rows of one source and publishes the levels beside them.
  func publish(_ parts: [(EntityKind, [TestRow])], rows: SourceConfiguration.Rows = .periods) throws
    -> TestWarehouse
  {
    let warehouse = try TestWarehouse()
    if !earlier.isEmpty {
      try warehouse.apply(
        read(files: [("earlier.csv", nil, [(.customer, earlier.map { TestRow(["id": $0, "name": $0]) })])]))
    }
    let people: [(EntityKind, [TestRow])] = [
      (.customer, mrr.keys.sorted().map { TestRow(["id": $0, "name": $0]) })
    ]
    try warehouse.run { transaction in
      _ = try transaction.apply(
        read(files: [("billing.csv", nil, people + parts)]))
      let book = try transaction.book(BookRequest(sources: ["billing"])).book
      var result = RollupResult()
      let ids = Dictionary(uniqueKeysWithValues: book.customers.map { ($0.name, $0.id) })
      for (name, amount) in mrr.sorted(by: { $0.key < $1.key }) where amount > 0 {
        guard let id = ids[name] else { continue }
        result.customerMRR.append(
          CustomerMRR(customer: id, first: month - 1, last: month, mrr: amount * 1_000_000))
      }
      var amounts = BridgeAmounts()
      amounts.starting = mrr.values.reduce(0, +) * 1_000_000
      amounts.ending = amounts.starting
      result.bridge = [
        BridgeRow(
          period: Period(grain: .month, first: month, last: month, label: month.description), segment: .all,
          currency: usd, valuation: .asReported, amounts: amounts, counts: nil, state: .open)
      ]
      for (number, charge) in charges.enumerated() {
        guard let id = ids[charge.customer], let start = Day(iso: charge.from) else { continue }
        result.charges.append(
          ChargeInterval(
            row: Int64(number + 1), customer: id, plan: nil, product: nil, currency: usd, start: start,
            end: charge.to.flatMap { Day(iso: $0) }, mrr: 1_000_000, grade: .exact))
      }
      try transaction.store(
        result, catalogue: [],
        terms: PublicationTerms(
          company: "Acme", month: month, currency: usd, basis: "subscriptions", zoneName: "UTC",
          policyName: "standard@1", policyOverrides: [], fiscalYearStart: 1, headlineNDR: "ndr_t12m",
          sources: ["billing"]))
      return .publish
    }
    return warehouse
  }
}

extension TestWarehouse {
  /// The notes of a report that reconciles and names customers.
  func notes(_ month: Month, _ policy: Policy = .standard) throws -> ReportNotes {
    var need = ReportNeed(month: month)
    need.reconciliation = ReconciliationNeed(zone: .utc, policy: policy)
    return try WarehouseReader(reading: path).reportData(need)?.notes ?? ReportNotes()
  }

  /// `name` of each customer by id.
  func names() throws -> [Int64: String] {
    Dictionary(
      uniqueKeysWithValues: try rows("select customer_id, name from customer").map { (Int64($0[0])!, $0[1]) })
  }
}
