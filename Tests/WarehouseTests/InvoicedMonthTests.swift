import Model
import Testing

@testable import Warehouse

private let march = Month(year: 2024, month: 3)

/// A line of an invoice of its own, for a term, in whole units of USD.
private func line(
  _ id: String, of customer: String?, _ amount: Int64, _ start: String?, _ end: String?, issued: String,
  with more: [String: String] = [:]
) -> TestRow {
  var cells = ["id": id, "amount": String(amount * 1_000_000), "currency": "USD", "issued": issued]
  cells["customer"] = customer
  cells["period_start"] = start
  cells["period_end"] = end
  return TestRow(cells.merging(more) { $1 })
}

private func invoiced(
  _ mrr: [String: Int64], _ lines: [TestRow], more: [(EntityKind, [TestRow])] = [],
  charges: [(customer: String, from: String, to: String?)] = []
) throws -> (month: InvoicedMonth, reasons: [String: InvoicedMonth.Reason]) {
  let warehouse = try PublishedLevels(month: march, mrr: mrr, charges: charges).publish(
    [(.invoiceLine, lines)] + more)
  let month = try #require(try warehouse.notes(march).invoiced)
  let names = try warehouse.names()
  let steps = month.steps.values.reduce(0, +)
  #expect(steps == month.invoiced, "the steps add up")
  #expect(
    month.invoiced + month.reasons.values.reduce(0) { $0 + $1.amount } == month.mrr, "the reasons add up")
  return (
    month, Dictionary(uniqueKeysWithValues: month.largest.map { (names[$0.customer] ?? "", $0.reason) })
  )
}

private func whole(_ amount: Int128) -> Int { Int(amount / 1_000_000) }

@Test func anAnnualPrepaymentIsATwelfthOfItselfAndAnEarlierOneStillCounts() throws {
  let (month, reasons) = try invoiced(
    ["A": 100, "B": 50, "C": 30],
    [
      line("1", of: "A", 1200, "2024-03-10", "2025-03-10", issued: "2024-03-10"),
      line("2", of: "B", 600, "2023-11-01", "2024-11-01", issued: "2023-11-01"),
      line("3", of: "C", 30, "2024-03-15", "2024-04-15", issued: "2024-03-15"),
    ])
  #expect(month.steps.mapValues(whole) == [.issued: 1230, .longerTerms: -1100, .earlier: 50])
  #expect(whole(month.invoiced) == 180 && month.mrr == month.invoiced)
  #expect(reasons.isEmpty && month.reasons.isEmpty)
}

@Test func whatIsNoMonthsWorthIsTakenOutByName() throws {
  let (month, _) = try invoiced(
    ["A": 100],
    [
      line("1", of: "A", 100, "2024-03-05", "2024-04-05", issued: "2024-03-05"),
      // Over before the month's end, and for a time to come.
      line("2", of: "A", 40, "2024-03-01", "2024-03-20", issued: "2024-03-01"),
      line("3", of: "A", 70, "2024-04-02", "2024-05-02", issued: "2024-03-28"),
      line("4", of: "A", 9, "2024-03-20", "2024-04-05", issued: "2024-03-20", with: ["proration": "1"]),
      line("5", of: "A", 500, nil, nil, issued: "2024-03-20", with: ["kind": "one_time"]),
      line("6", of: "A", 19, nil, nil, issued: "2024-03-20", with: ["kind": "tax"]),
      line("7", of: "A", 12, "2024-03-28", "2024-04-04", issued: "2024-03-28"),
      line("8", of: "A", 1000, "2024-03-05", "2024-04-05", issued: "2024-03-05", with: ["status": "void"]),
    ])
  #expect(
    month.steps.mapValues(whole) == [.issued: 231, .otherTime: -110, .prorated: -9, .shorterTerms: 40],
    "a week of 12 is 52 a month")
  #expect(whole(month.billed) == 731, "all but the tax and the void")
}

@Test func everyCustomerThatDiffersHasOneReason() throws {
  let term = ("2024-03-05", "2024-04-05")
  func of(_ id: String, _ customer: String, _ amount: Int64, _ more: [String: String] = [:]) -> TestRow {
    line(id, of: customer, amount, term.0, term.1, issued: term.0, with: more)
  }
  let (month, reasons) = try invoiced(
    [
      "late": 10, "never": 20, "gone": 0, "credited": 10, "discounted": 100, "settled": 60, "raised": 50,
      "priced": 45, "same": 7,
    ],
    [
      line("1", of: "late", 10, "2024-02-01", "2024-03-01", issued: "2024-02-01"),
      of("3", "gone", 25), of("4", "credited", 40, ["invoice": "I4"]),
      of("5", "discounted", 100, ["discount": "30000000"]), of("6", "settled", 40),
      line(
        "6b", of: "settled", 5, "2024-03-20", "2024-04-05", issued: "2024-03-20", with: ["proration": "1"]),
      of("7", "raised", 40), of("8", "priced", 40), of("9", "same", 7),
    ],
    more: [
      (.invoice, [TestRow(["id": "I4", "customer": "credited", "total": "40000000", "currency": "USD"])]),
      (
        .creditNote,
        [
          TestRow([
            "id": "N", "invoice": "I4", "amount": "30000000", "currency": "USD", "issued": "2024-03-07",
          ])
        ]
      ),
    ],
    charges: [
      ("raised", "2024-03-20", nil), ("priced", "2024-01-05", nil), ("same", "2024-01-01", nil),
    ])
  #expect(
    reasons == [
      "late": .notYetInvoiced, "never": .neverInvoiced, "gone": .withoutMRR, "credited": .credited,
      "discounted": .discounted, "settled": .changed, "raised": .changedSince, "priced": .other,
    ])
  #expect(
    month.reasons.mapValues { whole($0.amount) } == [
      .notYetInvoiced: 10, .neverInvoiced: 20, .withoutMRR: -25, .credited: -30, .discounted: 30,
      .changed: 20, .changedSince: 10, .other: 5,
    ])
  #expect(month.largest.count == 8 && month.largest[0].reason != .other, "the largest first")
}

@Test func anInvoicesDiscountIsSharedOverItsLines() throws {
  let (month, _) = try invoiced(
    ["A": 90],
    [
      line("1", of: nil, 60, "2024-03-05", "2024-04-05", issued: "2024-03-05", with: ["invoice": "I"]),
      line("2", of: nil, 40, "2024-03-05", "2024-04-05", issued: "2024-03-05", with: ["invoice": "I"]),
    ],
    more: [
      (
        .invoice,
        [
          TestRow([
            "id": "I", "customer": "A", "total": "90000000", "currency": "USD", "discount": "10000000",
          ])
        ]
      )
    ])
  #expect(whole(month.invoiced) == 90 && month.reasons.isEmpty)
}

@Test func whatIsBilledIsAddedUpToTheMicroUnit() throws {
  func of(_ invoice: String, _ id: String, _ amount: Int64, kind: String = "one_time") -> TestRow {
    line(id, of: "A", amount, nil, nil, issued: "2024-03-05", with: ["invoice": invoice, "kind": kind])
  }
  func invoice(_ id: String, _ total: Int64, with more: [String: String] = [:]) -> TestRow {
    let cells = ["id": id, "total": String(total * 1_000_000), "currency": "USD", "issued": "2024-03-05"]
    return TestRow(cells.merging(more) { $1 })
  }
  func note(_ id: String, on invoice: String?, _ amount: Int64) -> TestRow {
    var cells = ["id": id, "amount": String(amount * 1_000_000), "currency": "USD", "issued": "2024-03-20"]
    cells["invoice"] = invoice
    return TestRow(cells)
  }
  let (month, _) = try invoiced(
    ["A": 1],
    [
      of("thirds", "1", 1), of("thirds", "2", 1), of("thirds", "3", 1), of("void", "4", 30),
      of("N-7", "5", 70), of("taxed", "6", 9, kind: "tax"), of("back", "7", 3),
      // Fees bear what nothing else can of a discount.
      of("fees", "8", 20), of("fees", "9", 180, kind: "fee"),
    ],
    more: [
      (
        .invoice,
        [
          invoice("thirds", 2, with: ["discount": "1000000"]), invoice("whole", 50, with: ["tax": "8000000"]),
          invoice("void", 30, with: ["status": "void"]), invoice("seven", 70, with: ["number": "N-7"]),
          invoice("draft", 11, with: ["status": "draft"]), invoice("taxed", 9), invoice("back", 3),
          invoice("fees", 150, with: ["discount": "50000000"]),
        ]
      ),
      (
        .creditNote,
        [
          note("a", on: "void", 30), note("b", on: "N-7", 20), note("c", on: "nowhere", 5),
          note("d", on: nil, 6),
          note("e", on: "taxed", 9), note("f", on: "back", -4), note("g", on: "whole", 2),
          note("h", on: "draft", 1),
        ]
      ),
    ])
  // Thirds 2, whole 50 - 8 - 2, seven 70 - 20, back 3, fees 150; of nowhere and of none -11.
  #expect(month.billed == 234_000_000)
}

/// Usage is a reason only where it is MRR.
@Test(arguments: [(Policy.Metered.exclude, InvoicedMonth.Reason.other), (.includeInvoiced, .usage)])
func usageExplainsADifferenceWhereItCounts(metered: Policy.Metered, reason: InvoicedMonth.Reason) throws {
  var policy = Policy.standard
  policy.metered = metered
  let warehouse = try PublishedLevels(month: march, mrr: ["A": 100]).publish([
    (
      .invoiceLine,
      [
        line("1", of: "A", 90, "2024-03-05", "2024-04-05", issued: "2024-03-05"),
        line("2", of: "A", 3, "2024-03-05", "2024-04-05", issued: "2024-03-05", with: ["kind": "metered"]),
      ]
    )
  ])
  let month = try #require(try warehouse.notes(march, policy).invoiced)
  #expect(month.reasons.keys.elementsEqual([reason]))
}

@Test func withoutInvoicesNothingIsHeldAgainstThem() throws {
  let warehouse = try PublishedLevels(month: march, mrr: ["A": 5]).publish([])
  #expect(try warehouse.notes(march).invoiced == nil)
  // A currency without a rate: no sum of it means anything.
  let foreign = try PublishedLevels(month: march, mrr: ["A": 5]).publish([
    (
      .invoiceLine,
      [line("1", of: "A", 5, "2024-03-01", "2024-04-01", issued: "2024-03-01", with: ["currency": "JPY"])]
    )
  ])
  #expect(try foreign.notes(march).invoiced == nil)
}

@Test func rowsInForceAreCountedByTheRecordsBehindThem() throws {
  let warehouse = try PublishedLevels(month: march, mrr: ["A": 5, "B": 6]).publish([
    (.invoiceLine, [line("1", of: "A", 5, "2024-03-01", "2024-04-01", issued: "2024-03-01")])
  ])
  #expect(
    try warehouse.notes(march).heldRows == [
      HeldRows(source: "billing", entity: .customer, records: 2),
      HeldRows(source: "billing", entity: .invoiceLine, records: 1),
    ])
}
