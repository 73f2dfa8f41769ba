import Model
import Testing

@testable import Warehouse

private func customer(_ id: String, _ more: [String: String] = [:]) -> TestRow {
  TestRow(["id": id].merging(more) { $1 })
}

private func accounts(
  _ source: String, _ rows: [TestRow], at: String = "2024-12-31", extent: SourceConfiguration.Extent = .full
) -> SourceRead {
  read(
    source, extent: extent, through: at, rows: .currentState,
    files: [("\(source).csv", nil, [(.customer, rows)])])
}

@Test func anUnknownCustomerStandsInUnderItsIdAndItsMoneyCounts() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    charges([charge("a", "C1"), charge("b", "C9")]),
    read(
      "people", system: "billing",
      files: [("people.csv", nil, [(.customer, [customer("C1", ["name": "One"])])])]))
  let (book, findings) = try warehouse.bookAndFindings(["billing", "people"])
  #expect(book.customers.map(\.name) == ["One", "C9"])
  #expect(book.charges.count == 2)
  #expect(findings.map(\.name) == ["unknown-parent"])
  #expect(findings[0].problem.contains("C9"))
}

@Test func customersThatNoSourceDescribesAreNoFinding() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a", "C1")]))
  #expect(try warehouse.bookAndFindings(["billing"]).findings.isEmpty)
}

@Test func aChargeTakesWhatItLacksFromItsSubscription() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    charges([charge("a", nil, from: nil, with: ["subscription": "S1"])]),
    read(
      "subs", system: "billing",
      files: [
        (
          "subs.csv", nil,
          [(.subscription, [TestRow(["id": "S1", "customer": "C1", "started": "2024-02-03"])])]
        )
      ]))
  let book = try warehouse.book("billing", "subs")
  #expect(try told(book, warehouse) == ["a 2024-02-03.. 100"])
  #expect(book.customers.map(\.name) == ["C1"])
  #expect(book.subscriptions.count == 1)
  #expect(book.charges[0].subscription == 0)
}

@Test func aChargeTakesItsPriceFromItsPlanAndSplitsWhereThatChanged() throws {
  let warehouse = try TestWarehouse()
  func plan(_ amount: String) -> TestRow {
    TestRow(["id": "P", "amount": amount, "currency": "EUR", "interval_unit": "year", "product": "Suite"])
  }
  let bare = charge("a", amount: nil, with: ["plan": "P", "interval_unit": "-", "currency": "-"])
  try warehouse.apply(charges([bare]))
  for (at, amount) in [("2024-03-31", "10000000"), ("2024-06-30", "10000000"), ("2024-09-30", "20000000")] {
    try warehouse.apply(
      read(
        "plans", system: "billing", through: at, rows: .currentState,
        files: [("plans_\(at).csv", at, [(.plan, [plan(amount)])])]))
  }
  let book = try warehouse.book("billing", "plans")
  #expect(
    try told(book, warehouse) == ["a 2024-01-01..2024-09-30 10 proven from 2024-03-31", "a 2024-09-30.. 20"])
  #expect(book.charges.allSatisfy { $0.intervalUnit == 3 && book.currencies[Int($0.currency)].code == "EUR" })
  #expect(book.products == ["Suite"])
  #expect(book.charges[0].product == 0)
}

@Test func aChargeThatCannotBeCountedIsNeverDroppedSilently() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    charges([
      charge("a"), charge("b", amount: nil), charge("c", with: ["currency": "-"]), charge("d", nil),
      charge("e", from: nil),
      charge("f", with: ["interval_unit": "-"]), charge("g", amount: nil, with: ["kind": "tax"]),
    ]))
  let (book, findings) = try warehouse.bookAndFindings(["billing"])
  #expect(book.charges.count == 1)
  #expect(
    Set(findings.map(\.name)) == [
      "charge-without-amount", "charge-without-currency", "charge-without-customer", "charge-without-start",
      "charge-without-interval",
    ])
  #expect(findings.allSatisfy { $0.severity == .error && $0.place?.file == "billing.csv" })
}

@Test func linkedAccountsAreOneCustomerWithMergedAttributes() throws {
  let warehouse = try TestWarehouse()
  let crm = accounts(
    "crm",
    [
      customer(
        "A1",
        [
          "name": "Acme (CRM)", "country": "DE", "employees": "40", "link_system": "billing", "link_id": "C1",
          "attributes": #"{"industry":"Steel"}"#,
        ]),
      customer("A2", ["name": "Prospect"]),
    ])
  let people = read(
    "people", system: "billing", rows: .currentState,
    files: [
      (
        "people.csv", nil,
        [
          (
            .customer,
            [
              customer("C1", ["name": "ACME", "country": "US", "attributes": #"{"tier":"gold"}"#]),
              customer("C2"),
            ]
          )
        ]
      )
    ])
  try warehouse.apply(charges([charge("a", "C1"), charge("b", "C2")]), crm, people)
  let billingFirst = try warehouse.bookAndFindings(
    ["billing", "crm", "people"], attributeSources: ["people", "crm"]
  ).book
  #expect(billingFirst.customers.map(\.name) == ["ACME", "C2", "Prospect"])
  #expect(billingFirst.customers[0].states.map(\.country) == ["US"])
  #expect(billingFirst.customers[0].states[0].employees == 40)
  #expect(billingFirst.customers[0].states[0].attributes == ["industry": "Steel", "tier": "gold"])
  #expect((billingFirst.unlinkedAccounts, billingFirst.unlinkedCustomers) == (1, 1))
  let crmFirst = try warehouse.bookAndFindings(["billing", "crm", "people"], attributeSources: ["crm"]).book
  #expect(crmFirst.customers[0].name == "Acme (CRM)")
  #expect(crmFirst.customers[0].states[0].country == "DE")
}

@Test func ofSeveralAccountsInOneSystemTheSmallestIdSpeaksWhicheverWasReadFirst() throws {
  let warehouse = try TestWarehouse()
  let link = ["link_system": "crm", "link_id": "A"]
  let rows = [
    customer("C1", ["name": "One", "country": "FR"].merging(link) { $1 }),
    customer("C2", ["name": "Two", "country": "US", "employees": "7"].merging(link) { $1 }),
  ]
  let people = read(
    "people", system: "billing", rows: .currentState, files: [("people.csv", nil, [(.customer, rows)])])
  try warehouse.apply(accounts("crm", [customer("A")]), charges([charge("a", "C2")]), people)
  let book = try warehouse.book("billing", "crm", "people")
  let joined = try #require(book.customers.first)
  #expect(joined.name == "One")
  #expect(joined.states.map(\.country) == ["FR"])
  #expect(joined.states.map(\.employees) == [7])
}

@Test func aCorrectedLinkJoinsTheFormerCustomersNoMore() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    charges([charge("a", "C1"), charge("b", "C2")]),
    accounts("crm", [customer("A", ["link_system": "billing", "link_id": "C1"])], at: "2024-01-31"))
  try warehouse.apply(
    accounts("crm", [customer("A", ["link_system": "billing", "link_id": "C2"])], at: "2024-02-29"))
  try warehouse.run { transaction in
    let book = try transaction.book(BookRequest(sources: ["billing", "crm"])).book
    #expect(book.customers.count == 2)
    return .publish
  }
  let shared = try warehouse.rows("select natural_id, customer_id from customer_identity order by natural_id")
  #expect(shared == [["A", "2"], ["C1", "1"], ["C2", "2"]])
}

@Test func attributesOfAMonthAreThoseInForceThen() throws {
  let warehouse = try TestWarehouse()
  for (at, country) in [("2024-01-31", "DE"), ("2024-02-29", "DE"), ("2024-03-31", "FR")] {
    try warehouse.apply(accounts("crm", [customer("A", ["country": country])], at: at))
  }
  let states = try warehouse.book("crm").customers[0].states
  #expect(states.map(\.country) == ["DE", "FR"])
  #expect(states.map(\.from) == [nil, day("2024-03-31")])
}

@Test func aParentIsFoundAndParentsOfEachOtherStandAlone() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    accounts(
      "crm",
      [
        customer("child", ["parent": "top"]), customer("top"), customer("x", ["parent": "y"]),
        customer("y", ["parent": "x"]),
      ]))
  let customers = try warehouse.book("crm").customers
  let parents = customers.map { $0.parent.map { customers[Int($0)].name } }
  #expect(
    zip(customers.map(\.name), parents).map { "\($0) \($1 ?? "-")" } == ["child top", "top -", "x -", "y -"])
}

@Test func parentsInACircleAreToldWhereAccountsCountWithTheirParents() throws {
  let warehouse = try TestWarehouse()
  func findings(_ rows: [TestRow], joinsParents: Bool = true) throws -> [Finding] {
    try warehouse.apply(accounts("crm", rows))
    var found: [Finding] = []
    try warehouse.run { transaction in
      found = try transaction.book(BookRequest(sources: ["crm"], joinsParents: joinsParents)).findings
      return .discard
    }
    return found.filter { $0.name == "circular-parent" }
  }
  let rows = [
    customer("child", ["parent": "top"]), customer("top", ["parent": "top"]),
    customer("x", ["parent": "y"]), customer("y", ["parent": "x"]), customer("below", ["parent": "x"]),
    customer("lower", ["parent": "below"]),
  ]
  #expect(try findings(rows, joinsParents: false).isEmpty)
  let finding = try #require(try findings(rows).first)
  #expect(finding.severity == .warning)
  #expect(
    finding.problem
      == "2 accounts have parents that form a circle: x, y; 2 others are below such a circle")
  #expect(finding.consequence?.contains("a customer of its own") == true && finding.remedy != nil)
  #expect(try findings([customer("x", ["parent": "top"]), customer("y")]).isEmpty)
}

/// However long: a chain is no circle.
@Test func aLongChainOfParentsIsNoCircle() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(
    accounts("crm", (0..<200).map { customer("c\($0)", $0 == 0 ? [:] : ["parent": "c\($0 - 1)"]) }))
  #expect(try warehouse.book("crm").customers.count { $0.parent == nil } == 1)
}

@Test func ofTwoSourcesOfOneSystemTheOneReadFurthestCounts() throws {
  let warehouse = try TestWarehouse()
  var full = charges([charge("a", amount: 1_000_000), charge("b")])
  full.dataThrough = day("2024-01-31")
  var delta = read(
    "updates", system: "billing", extent: .delta,
    files: [("updates.csv", nil, [(.recurringCharge, [charge("a", amount: 2_000_000)])])])
  delta.dataThrough = day("2024-02-29")
  try warehouse.apply(delta, full)
  #expect(
    try told(warehouse.book("billing", "updates"), warehouse) == ["a 2024-01-01.. 2", "b 2024-01-01.. 100"])
}

@Test func factsOfASourceThatIsConfiguredNoMoreCountNowhere() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a")]), charges([charge("x")], source: "old"))
  let (book, findings) = try warehouse.bookAndFindings(["billing"])
  #expect(try told(book, warehouse) == ["a 2024-01-01.. 100"])
  #expect(findings.map(\.name) == ["source-not-configured"])
}

@Test func subscriptionsRatesExpensesAndDealsAreInTheBook() throws {
  let warehouse = try TestWarehouse()
  func state(_ at: String, _ status: String, _ more: [String: String] = [:]) -> SourceRead {
    read(
      "subs", system: "billing", through: at, rows: .currentState,
      files: [
        (
          "subs_\(at).csv", at,
          [(.subscription, [TestRow(["id": "S", "customer": "C", "status": status].merging(more) { $1 })])]
        )
      ])
  }
  try warehouse.apply(state("2024-01-31", "active"), state("2024-02-29", "canceled", ["ended": "2024-02-10"]))
  try warehouse.apply(
    read(
      "finance",
      files: [
        (
          "finance.csv", nil,
          [
            (
              .expense,
              [
                TestRow([
                  "id": "e", "day": "2024-01-15", "category": "marketing", "amount": "5", "currency": "EUR",
                ])
              ]
            ),
            (
              .fxRate,
              [TestRow(["id": "r", "day": "2024-01-31", "from": "EUR", "to": "USD", "rate": "1.0843"])]
            ),
            (
              .opportunity,
              [
                TestRow([
                  "id": "o", "customer": "C", "status": "won", "amount": "7", "currency": "USD",
                  "closed": "2024-01-20",
                ])
              ]
            ),
          ]
        )
      ]))
  let book = try warehouse.book("subs", "finance")
  #expect(book.subscriptions.map { $0.states.map(\.status) } == [[0, 5]])
  #expect(book.subscriptions[0].states[0].to == day("2024-02-29"))
  #expect(book.subscriptions[0].states[1].ended == day("2024-02-10"))
  #expect(
    book.expenses == [
      Book.Expense(day: day("2024-01-15"), category: 1, amount: 5, currency: Currency("EUR")!)
    ])
  #expect(book.rates.map(\.rate) == [ExactRate(10843, 10000)])
  #expect(book.opportunities.map(\.amount) == [7])
  #expect(book.currencies.map(\.code) == ["EUR", "USD"])
  #expect(book.fed == [.subscription, .expense, .fxRate, .opportunity])
}

extension Book.Expense: Equatable {
  public static func == (left: Self, right: Self) -> Bool {
    (left.day, left.category, left.amount, left.currency) == (
      right.day, right.category, right.amount, right.currency
    )
  }
}

@Test func aPlainDateComesBeforeEveryInstantOfItsDayInAnyZone() {
  // 02:30 on 3 May, Lord Howe time, is still 2 May in UTC.
  let zone = ReportingZone(name: "Australia/Lord_Howe", firstOffset: 37_800, transitions: [])
  let order = MomentOrder(zone: zone)
  #expect(order.precedes(day("2024-05-03"), day("2024-05-02T16:00:00Z")))
  #expect(!order.precedes(day("2024-05-02T16:00:00Z"), day("2024-05-03")))
  #expect(order.precedes(day("2024-05-02T13:29:59Z"), day("2024-05-03")))
  #expect(!order.precedes(day("2024-05-03"), day("2024-05-03")))
}
