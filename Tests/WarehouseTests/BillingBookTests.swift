import Model
import Testing

@testable import Warehouse

private let allBilling: Set<EntityKind> = [
  .invoice, .invoiceLine, .creditNote, .payment, .refund, .contract,
]

private func invoice(_ id: String, _ more: [String: String] = [:]) -> TestRow {
  TestRow(["id": id, "total": "100", "currency": "USD"].merging(more) { $1 })
}

private func line(_ id: String, _ more: [String: String] = [:]) -> TestRow {
  TestRow(["id": id, "amount": "100", "currency": "USD"].merging(more) { $1 })
}

/// The billing of one source that says all this at once, and the customers' names.
private func billing(
  _ parts: (EntityKind, [TestRow])..., asked: Set<EntityKind> = allBilling
) throws -> (billing: Book.Billing, book: Book) {
  let warehouse = try TestWarehouse()
  try warehouse.apply(read(files: [("billing.csv", nil, parts.map { ($0.0, $0.1) })]))
  let book = try warehouse.bookAndFindings(["billing"], billing: asked).book
  return (book.billing, book)
}

@Test func billingThatNobodyAsksForIsNotRead() throws {
  let (read, book) = try billing(
    (.invoice, [invoice("I1", ["customer": "C1"])]), (.invoiceLine, [line("L1", ["customer": "C2"])]),
    asked: [])
  #expect(read.invoices.isEmpty && read.lines.isEmpty)
  #expect(book.customers.isEmpty)
}

@Test func rowsStandInTheOrderOfTheirIds() throws {
  let (read, _) = try billing(
    (.invoice, [invoice("I9", ["total": "9"]), invoice("I10", ["total": "10"])]),
    (
      .invoiceLine,
      [line("b", ["amount": "2", "invoice": "I9"]), line("a", ["amount": "1", "invoice": "I9"])]
    ))
  #expect(read.invoices.map(\.total) == [10, 9])
  #expect(read.lines.map(\.amount) == [1, 2])
  #expect(read.lines.map(\.invoice) == [1, 1])
}

@Test func aLineNamesItsInvoiceByIdElseByNumberAndIsElseOneOfItsOwn() throws {
  let (read, _) = try billing(
    (.invoice, [invoice("I2", ["number": "N7"]), invoice("I1", ["number": "I2"])]),
    (
      .invoiceLine,
      [
        line("by id", ["invoice": "I2"]), line("by number", ["invoice": "N7"]),
        line("by nothing", ["invoice": "I0"]), line("own"),
      ]
    ))
  #expect(read.invoices.map { $0.row > 0 } == [false, true, true, false])
  #expect(read.lines.map(\.invoice) == [2, 0, 2, 3])
}

@Test func aLineTakesCustomerAndSubscriptionFromItsInvoice() throws {
  let (read, book) = try billing(
    (.subscription, [TestRow(["id": "S1", "customer": "C3"])]),
    (.invoice, [invoice("I1", ["customer": "C2", "subscription": "S1"])]),
    (
      .invoiceLine,
      [
        line("a", ["customer": "C1", "invoice": "I1"]), line("b", ["invoice": "I1"]),
        line("c", ["subscription": "S1"]),
      ]
    ))
  #expect(read.lines.map { book.customers[Int($0.customer)].name } == ["C1", "C2", "C3"])
  #expect(read.lines.map(\.subscription) == [0, 0, 0])
}

@Test func aLineOfAMeteredPlanIsMeteredUnlessItSaysOtherwise() throws {
  let (read, book) = try billing(
    (
      .plan,
      [
        TestRow([
          "id": "P", "usage_type": "metered", "interval_unit": "year", "interval_count": "2",
          "product": "Suite",
        ])
      ]
    ),
    (.invoiceLine, [line("a", ["plan": "P"]), line("b", ["plan": "P", "kind": "recurring"])]))
  #expect(read.lines.map(\.kind) == [2, 0])
  #expect(book.plans.map(\.intervalUnit) == [3])
  #expect(book.plans.map(\.intervalCount) == [2])
  #expect(read.lines.map(\.product) == [0, 0])
  #expect(book.products == ["Suite"])
}

@Test func moneyGivenBackKnowsTheInvoiceOfItsPayment() throws {
  let (read, book) = try billing(
    (.invoice, [invoice("I1", ["customer": "C1", "number": "N1"])]),
    (
      .payment,
      [TestRow(["id": "P1", "invoice": "I1", "amount": "100", "currency": "USD", "status": "succeeded"])]
    ),
    (
      .refund,
      [
        TestRow(["id": "R1", "payment": "P1", "amount": "5", "currency": "USD"]),
        TestRow(["id": "R2", "invoice": "unknown", "amount": "6", "currency": "EUR", "status": "failed"]),
      ]
    ),
    (
      .creditNote,
      [
        TestRow(["id": "N2", "invoice": "N1", "amount": "7", "currency": "USD"]),
        TestRow(["id": "N3", "invoice": "I1", "amount": "8", "currency": "USD", "status": "void"]),
      ]
    ))
  #expect(read.refunds.map(\.invoice) == [0, -1])
  #expect(read.refunds.map(\.status) == [1, 2])
  #expect(read.refunds.map { book.currencies[Int($0.currency)].code } == ["USD", "EUR"])
  #expect(read.refunds[0].customer == 0)
  #expect(read.creditNotes.map(\.invoice) == [0, 0])
  #expect(read.creditNotes.map(\.isVoid) == [false, true])
}

@Test func triesToPayAnInvoiceNobodyKnowsBelongTogether() throws {
  func payment(_ id: String, _ invoice: String) -> TestRow {
    TestRow(["id": id, "invoice": invoice, "amount": "1", "currency": "USD", "status": "failed"])
  }
  let (read, _) = try billing(
    (.invoice, [invoice("I5", ["number": "N5"])]),
    (.payment, [payment("a", "I9"), payment("b", "N5"), payment("c", "I9"), payment("d", "I1")]),
    (.creditNote, [TestRow(["id": "K", "invoice": "I9", "amount": "7", "currency": "USD"])]))
  #expect(read.invoices.map { $0.row > 0 } == [false, true, false])
  #expect(read.payments.map(\.invoice) == [2, 1, 2, 0])
  #expect(read.creditNotes.map(\.invoice) == [-1])
}

@Test func stepsOfARampBelongTogetherAlsoWhereNoRowDescribesIt() throws {
  let (read, book) = try billing(
    (
      .contract,
      [
        TestRow(["id": "K1", "customer": "C1", "ramp_of": "K1"]),
        TestRow(["id": "K2", "ramp_of": "K1", "amount": "5", "currency": "EUR"]),
        TestRow(["id": "K3", "customer": "C2", "ramp_of": "K0"]),
      ]
    ))
  #expect(read.contracts.map { $0.row > 0 } == [false, true, true, true])
  #expect(read.contracts.map(\.rampOf) == [-1, -1, 1, 0])
  #expect(read.contracts[2].customer == read.contracts[1].customer)
  #expect(book.currencies.map(\.code) == ["EUR"])
}

@Test func aLineIsBilledUnderItsOwnContractElseItsInvoices() throws {
  let (read, _) = try billing(
    (.contract, [TestRow(["id": "K2"]), TestRow(["id": "K1"])]),
    (.invoice, [invoice("I1", ["contract": "K2"]), invoice("I2")]),
    (
      .invoiceLine,
      [
        line("a", ["invoice": "I1"]), line("b", ["invoice": "I1", "contract": "K1"]),
        line("c", ["invoice": "I2"]), line("d", ["invoice": "I2", "contract": "unknown"]),
        line("e", ["invoice": "I1", "contract": "unknown"]),
      ]
    ))
  #expect(read.lines.map(\.contract) == [1, 0, -1, -1, -1])
}

@Test func anInvoiceThatACompleteReadDoesNotHaveAnyMoreIsGone() throws {
  let warehouse = try TestWarehouse()
  for (at, ids) in [("2024-01-31", ["I1", "I2"]), ("2024-02-29", ["I2"])] {
    try warehouse.apply(
      read(
        extent: .full, through: at, rows: .currentState,
        files: [
          ("invoices_\(at).csv", at, [(.invoice, ids.map { invoice($0, ["total": at.suffix(2) + "0"]) })])
        ]))
  }
  let read = try warehouse.bookAndFindings(["billing"], billing: allBilling).book.billing
  #expect(read.invoices.map(\.total) == [290])
}

@Test(arguments: 1...10)
func theOrderOfRowsPlaysNoPartInBilling(_ seed: UInt64) throws {
  var generator = Seeded(state: seed)
  let invoices = (0..<6).map { number in
    invoice("I\(number)", ["number": "N\(number / 2)", "customer": "C\(number % 3)", "total": "\(number)"])
  }
  let names = ["I1", "I5", "N0", "N1", "N2", "X1", "X2"]
  let lines = (0..<20).map { number in
    var cells = ["amount": "\(number)", "currency": number % 5 == 0 ? "EUR" : "USD"]
    if number % 8 > 0 { cells["invoice"] = names[number % 7] }
    if number % 4 == 0 { cells["customer"] = "C\(number % 5)" }
    return line("L\(number)", cells)
  }
  let notes = (0..<5).map { number in
    TestRow(["id": "K\(number)", "invoice": names[number], "amount": "\(number)", "currency": "USD"])
  }
  /// Everything but the warehouse's own row numbers, customers by name.
  func told(_ rows: (invoices: [TestRow], lines: [TestRow], notes: [TestRow])) throws -> [String] {
    let (read, book) = try billing(
      (.invoice, rows.invoices), (.invoiceLine, rows.lines), (.creditNote, rows.notes))
    func name(_ customer: Int32) -> String { customer < 0 ? "-" : book.customers[Int(customer)].name }
    return read.invoices.map { "\(name($0.customer)) \($0.total) \($0.row > 0)" }
      + read.lines.map {
        "\($0.amount) on \($0.invoice) of \(name($0.customer)) in \(book.currencies[Int($0.currency)].code)"
      } + read.creditNotes.map { "\($0.amount) of \($0.invoice)" }
  }
  let inOrder = try told((invoices, lines, notes))
  #expect(inOrder.count == 6 + 2 + 3 + 20 + 5)
  let shuffled = (
    invoices.shuffled(using: &generator), lines.shuffled(using: &generator),
    notes.shuffled(using: &generator)
  )
  #expect(try told(shuffled) == inOrder, "seed \(seed)")
}

@Test func aVoidedDocumentWhoseStatusIsNotVoidIsToldWithItsPlace() throws {
  let warehouse = try TestWarehouse()
  func note(_ id: String, _ more: [String: String]) -> TestRow {
    TestRow(["id": id, "amount": "100", "currency": "USD"].merging(more) { $1 })
  }
  let voided = ["voided": "2024-02-01"]
  let invoices = [
    invoice("I3", voided), invoice("I2", ["status": "paid"].merging(voided) { $1 }), invoice("I1"),
    invoice("I0", ["status": "void"].merging(voided) { $1 }), invoice("I4", ["status": "void"]),
  ]
  let notes = [
    note("N1", ["status": "void"].merging(voided) { $1 }),
    note("N2", ["status": "issued"].merging(voided) { $1 }),
  ]
  try warehouse.apply(read(files: [("billing.csv", nil, [(.invoice, invoices), (.creditNote, notes)])]))
  let findings = try warehouse.bookAndFindings(["billing"], billing: allBilling).findings
  #expect(
    findings.map { $0.headline() } == [
      """
      billing.csv:3: warning: 2 invoices say when they were voided, and their status is not void; the first by id: \
      "I2", its status is `paid` [voided-but-counted]
      """,
      """
      billing.csv:3: warning: a credit note says when it was voided, and its status is `issued`: "N2" [voided-but-counted]
      """,
    ])
  // One entity does not make the other's rows its own.
  try warehouse.apply(
    read(files: [("billing.csv", nil, [(.invoice, [invoice("I3", voided)]), (.creditNote, [])])]))
  #expect(
    try warehouse.bookAndFindings(["billing"], billing: allBilling).findings.map(\.problem) == [
      "an invoice says when it was voided, and it has no status: \"I3\""
    ])
}

private func sharedNumbers(_ parts: (EntityKind, [TestRow])...) throws -> [String] {
  let warehouse = try TestWarehouse()
  try warehouse.apply(read(files: [("billing.csv", nil, parts)]))
  return try warehouse.bookAndFindings(["billing"], billing: allBilling).findings.map { $0.headline() }
}

@Test func aNumberThatSeveralInvoicesBearIsToldWhereALineNamesItsInvoiceByIt() throws {
  let invoices = ["I1": "N2", "I2": "N1", "I3": "N1", "I4": "N2", "I5": "N1", "I6": "N3", "I7": "N3"]
    .sorted { $0.key > $1.key }.map { invoice($0.key, ["number": $0.value]) }
  #expect(
    try sharedNumbers(
      (.invoice, invoices),
      (
        .invoiceLine,
        [line("a", ["invoice": "N2"]), line("b", ["invoice": "N1"]), line("c", ["invoice": "N1"])]
      )
    ) == [
      """
      billing.csv:7: warning: invoices share their number, and lines, payments, refunds or credit notes name their \
      invoice by it: 2 numbers; "N1" is that of 3 invoices [shared-invoice-number]
      """
    ])
}

@Test(arguments: [(EntityKind.payment, "failed"), (.creditNote, "issued"), (.refund, "succeeded")])
func aNumberThatSeveralInvoicesBearIsToldWhereMoneyNamesItsInvoiceByIt(
  _ entity: EntityKind, _ status: String
) throws {
  let money = TestRow(["id": "a", "invoice": "N1", "amount": "1", "currency": "USD", "status": status])
  let told = try sharedNumbers(
    (.invoice, [invoice("I1", ["number": "N1"]), invoice("I2", ["number": "N1"])]), (entity, [money]))
  #expect(told.count == 1 && told[0].contains("1 number;"), "\(told)")
}

@Test func aNumberThatSeveralInvoicesBearIsNoFindingWhereTheyAreNamedById() throws {
  #expect(
    try sharedNumbers(
      (.invoice, [invoice("I1", ["number": "I2"]), invoice("I2", ["number": "I2"]), invoice("I3")]),
      (.invoiceLine, [line("a", ["invoice": "I1"]), line("b", ["invoice": "I2"]), line("c")])) == [])
}

@Test func invoicesOfTwoSystemsMayBearOneNumber() throws {
  let warehouse = try TestWarehouse()
  for source in ["east", "west"] {
    try warehouse.apply(
      read(
        source,
        files: [
          (
            "\(source).csv", nil,
            [(.invoice, [invoice("I1", ["number": "N1"])]), (.invoiceLine, [line("a", ["invoice": "N1"])])]
          )
        ]))
  }
  #expect(try warehouse.bookAndFindings(["east", "west"], billing: allBilling).findings.isEmpty)
}
