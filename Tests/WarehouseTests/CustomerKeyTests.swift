import GRDB
import Model
import Rollup
import Testing

@testable import Warehouse

private let month = Month(iso: "2024-09")!

/// New customers of one month who all pay the same; two of them are linked to accounts of another system.
private func billed(_ customers: ClosedRange<Int>) -> SourceRead {
  let rows = customers.map { charge("R\($0)", "C\($0)", from: "2024-09-10") }
  return read("billing", files: [("billing \(customers).csv", nil, [(.recurringCharge, rows)])])
}

private let described = read(
  "accounts",
  files: [
    (
      "accounts.csv", nil,
      [
        (
          .customer,
          [2, 4].map {
            TestRow(["id": "A\($0)", "name": "Name \($0)", "link_system": "billing", "link_id": "C\($0)"])
          }
        )
      ]
    )
  ])

private func terms(of sources: [String], _ basis: Policy.Basis = .subscriptions) -> PublicationTerms {
  PublicationTerms(
    company: "Acme", month: month, currency: Currency("USD")!, basis: basis.rawValue, zoneName: "UTC",
    policyName: "standard@1", policyOverrides: [], fiscalYearStart: 1, headlineNDR: "ndr_t12m",
    sources: sources)
}

/// What a report says of customers, one publishing run after the other.
private func told(_ nights: [[SourceRead]]) throws -> (data: ReportData, lines: [String]) {
  let warehouse = try TestWarehouse()
  let settings = RollupSettings(
    policy: .standard, currency: Currency("USD")!, zone: .utc, dimensions: [], lastMonth: month,
    dataThrough: Moment(day: month.lastDay))
  let terms = terms(of: ["billing", "accounts"])
  for (number, night) in nights.enumerated() {
    _ = try warehouse.night(
      of: night, BookRequest(sources: ["billing", "accounts"]), settings, terms, "night \(number)")
  }
  let data = try #require(try WarehouseReader(reading: warehouse.path).reportData(ReportNeed(month: month)))
  let movements = data.movements.sorted { CustomerMovement.isLarger($0, $1, data.customerKeys) }
  func name(_ customer: Int64) -> String {
    let key = data.customerKeys[customer]
    return "\(key?.system ?? "-") \(key?.id ?? "-") \(data.customerNames[customer] ?? "-")"
  }
  let sentences = CustomerMovement.largest(3, of: .new, in: data.movements, data.customerKeys).largest
  return (
    data,
    movements.map { "moved: \(name($0.customer))" }
      + data.notes.largest.map { "largest: \(name($0.customer))" }
      + sentences.map { "named: \(name($0.customer))" }
  )
}

@Test func reportsCallCustomersWhatTheirSystemsDoWhateverWasReadFirst() throws {
  let (together, lines) = try told([[billed(0...11), described]])
  #expect(
    lines.prefix(4) == [
      "moved: billing C0 C0", "moved: billing C1 C1", "moved: billing C10 C10", "moved: billing C11 C11",
    ])
  #expect(lines.contains("largest: billing C2 Name 2"), "an account goes by what it is billed as")
  #expect(lines.suffix(3) == ["named: billing C0 C0", "named: billing C1 C1", "named: billing C10 C10"])
  let (apart, others) = try told([[described], [billed(7...9)], [billed(4...11)], [billed(0...11)]])
  #expect(others == lines)
  #expect(
    Set(apart.customerKeys.filter { together.customerKeys[$0.key] != $0.value }.values).count > 3,
    "the warehouse numbers them otherwise")
}

@Test func ofManyThatPayTheSameThoseOfTheFirstKeysAreListed() throws {
  let mrr = Dictionary(
    uniqueKeysWithValues: (0..<1_200).map { ("K\(1_000 + $0 * 7 % 1_200)", $0 == 5 ? 9 : 2 as Int64) })
  let warehouse = try PublishedLevels(mrr: mrr, earlier: (1_100..<2_200).map { "K\($0)" }).publish([])
  let names = try warehouse.names()
  let listed = try warehouse.notes(Month(year: 2024, month: 3)).largest.map { names[$0.customer] ?? "" }
  #expect(listed == ["K1035"] + (0..<99).map { "K\(1_000 + $0 + ($0 < 35 ? 0 : 1))" })
}

// MARK: A customer that is several accounts

/// One customer: billed as C3 and C9, invoiced as I5, and A1 among the accounts.
private let several: [SourceRead] = [
  read(
    "accounts",
    files: [
      (
        "accounts.csv", nil,
        [(.customer, [TestRow(["id": "A1", "link_system": "billing", "link_id": "C9"])])]
      )
    ]),
  read(
    "billing",
    files: [
      (
        "billing.csv", nil,
        [
          (.customer, [TestRow(["id": "C3", "link_system": "accounts", "link_id": "A1"])]),
          (.recurringCharge, [charge("R9", "C9"), charge("R3", "C3"), charge("R4", "C4")]),
        ]
      )
    ]),
  read(
    "books",
    files: [
      (
        "books.csv", nil,
        [
          (.customer, [TestRow(["id": "I5", "link_system": "accounts", "link_id": "A1"])]),
          (
            .invoiceLine,
            [TestRow(["id": "L1", "invoice": "N1", "customer": "I5", "amount": "100", "currency": "USD"])]
          ),
        ]
      )
    ]),
]

/// Publishes the sources one after the other.
private func published(_ reads: [SourceRead], _ terms: PublicationTerms) throws -> TestWarehouse {
  let warehouse = try TestWarehouse()
  for (number, read) in reads.enumerated() {
    try warehouse.run { transaction in
      _ = try transaction.apply(read)
      _ = try transaction.book(BookRequest(sources: reads[...number].map(\.source.name)))
      try transaction.store(RollupResult(), catalogue: [], terms: terms)
      return .publish
    }
  }
  return warehouse
}

/// What all customers are called.
private func keys(_ warehouse: TestWarehouse) throws -> [CustomerKey] {
  let customers = try warehouse.rows("select distinct customer_id from customer_identity").map {
    Int64($0[0])!
  }
  return try WarehouseReader(reading: warehouse.path).keys(ofCustomers: customers).values.sorted()
}

@Test(arguments: [
  (Policy.Basis.subscriptions, ["accounts", "billing", "books"], CustomerKey(system: "billing", id: "C3")),
  (.invoices, ["accounts", "billing", "books"], CustomerKey(system: "books", id: "I5")),
  // A source that the figures do not rest on any more, and one that nothing is made of.
  (.subscriptions, ["accounts", "books"], CustomerKey(system: "accounts", id: "A1")),
  (.contracts, ["accounts", "billing", "books"], CustomerKey(system: "accounts", id: "A1")),
])
func aCustomerOfSeveralAccountsGoesByTheFirstOfThoseItsMRRIsMadeOf(
  basis: Policy.Basis, sources: [String], key: CustomerKey
) throws {
  let other = CustomerKey(system: "billing", id: "C4")
  for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
    let warehouse = try published(order.map { several[$0] }, terms(of: sources, basis))
    #expect(try keys(warehouse) == [key, other].sorted(), "\(order)")
  }
}

@Test func idsThatAreTheSameByCharactersAreInTheOrderOfTheirBytes() {
  let (composed, decomposed) = ("\u{E9}", "e\u{301}")
  let keys = [composed, decomposed].map { CustomerKey(system: "s", id: $0) }
  #expect(composed == decomposed && keys[1] < keys[0] && !(keys[0] < keys[1]))
  for numbers in [[1, 2], [2, 1] as [Int64]] {
    let known = Dictionary(uniqueKeysWithValues: zip(numbers, keys))
    #expect(known.precedes(numbers[1], numbers[0]) && !known.precedes(numbers[0], numbers[1]))
  }
}

@Test func aWarehouseOfTheSeventeenthSchemaFindsTheAccountsOfACustomer() throws {
  let warehouse = try published(several, terms(of: ["accounts", "billing", "books"]))
  try warehouse.goBack(toSchema: 17)
  func plan(_ queue: some DatabaseReader) throws -> String {
    try queue.read {
      try Row.fetchAll(
        $0, sql: "explain query plan " + CustomerKeys.select(from: "(select 1 as customer_id)")
      )
      .map { $0["detail"] as String }.joined(separator: "; ")
    }
  }
  let found = "SEARCH i USING INDEX identity_linked (customer_id=?)"
  #expect(!(try plan(warehouse.warehouse.queue)).contains(found))
  let migrated = try Warehouse(opening: warehouse.path)
  #expect(try plan(migrated.queue).contains(found))
  #expect(
    try keys(warehouse) == [
      CustomerKey(system: "billing", id: "C3"), CustomerKey(system: "billing", id: "C4"),
    ])
  #expect(try WarehouseReader(reading: warehouse.path).integrityProblems().isEmpty)
}
