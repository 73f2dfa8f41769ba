import Model
import Testing

@testable import Warehouse

private let march = Month(year: 2024, month: 3)

private func invoice(_ id: String, _ customer: String, _ status: String, _ more: [String: String] = [:])
  -> TestRow
{
  TestRow(
    [
      "id": id, "customer": customer, "total": "1", "currency": "USD", "status": status,
      "issued": "2024-03-01",
    ]
    .merging(more) { $1 })
}

private func atRisk(
  _ mrr: [String: Int64], _ parts: [(EntityKind, [TestRow])], rows: SourceConfiguration.Rows = .periods
) throws -> [String: [CustomerAtRisk.Sign]] {
  let warehouse = try PublishedLevels(month: march, mrr: mrr).publish(parts, rows: rows)
  let names = try warehouse.names()
  return Dictionary(
    uniqueKeysWithValues: try warehouse.notes(march).atRisk.map { (names[$0.customer] ?? "", $0.signs) })
}

@Test func anOpenInvoicePastDueIsASignAndOneThatIsPaidVoidDraftOrNotYetDueIsNone() throws {
  let found = try atRisk(
    ["due": 5, "undated": 5, "paid": 5, "void": 5, "draft": 5, "later": 5, "written off": 5, "without": 0],
    [
      (
        .invoice,
        [
          invoice("1", "due", "open", ["due": "2024-03-31"]),
          // Without a due date it is due on its day of issue.
          invoice("2", "undated", "open"),
          invoice("3", "paid", "paid", ["due": "2024-03-10"]),
          invoice("4", "void", "void", ["due": "2024-03-10"]),
          invoice("5", "draft", "draft", ["due": "2024-03-10"]),
          invoice("6", "later", "open", ["due": "2024-04-01"]),
          invoice("7", "written off", "uncollectible", ["due": "2024-03-10"]),
          invoice("8", "without", "open", ["due": "2024-03-10"]),
        ]
      )
    ])
  #expect(found == ["due": [.invoicePastDue], "undated": [.invoicePastDue]])
}

@Test func eachSignIsToldOnceAndTheLargestCustomerFirst() throws {
  let warehouse = try PublishedLevels(month: march, mrr: ["small": 5, "large": 50]).publish([
    (
      .invoice,
      [
        invoice("1", "small", "open", ["due": "2024-03-10"]),
        invoice("2", "small", "open", ["due": "2024-03-20"]),
        invoice("3", "large", "open", ["due": "2024-03-20"]),
      ]
    ),
    (
      .subscription,
      [
        TestRow(["id": "s", "customer": "small", "status": "past_due"]),
        TestRow([
          "id": "l", "customer": "large", "status": "active", "cancel_requested": "2024-03-02",
          "cancel_effective": "2024-06-30",
        ]),
      ]
    ),
  ])
  let names = try warehouse.names()
  let found = try warehouse.notes(march).atRisk
  #expect(found.map { names[$0.customer] } == ["large", "small"])
  #expect(found.map(\.signs) == [[.invoicePastDue, .cancelRequested], [.invoicePastDue, .paymentPastDue]])
  #expect(found.map { $0.end?.description } == ["2024-06-30", nil])
}

@Test func whoIsKnownToLeaveComesBeforeLargerOnesThatAreLate() throws {
  let warehouse = try PublishedLevels(month: march, mrr: ["small": 5, "large": 50, "middle": 20]).publish([
    (
      .invoice,
      [
        invoice("1", "large", "open", ["due": "2024-03-10"]),
        invoice("2", "middle", "open", ["due": "2024-03-10"]),
      ]
    ),
    (
      .subscription,
      [
        TestRow([
          "id": "s", "customer": "small", "status": "active", "cancel_requested": "2024-03-02",
          "cancel_effective": "2024-06-30",
        ])
      ]
    ),
  ])
  let names = try warehouse.names()
  #expect(try warehouse.notes(march).atRisk.map { names[$0.customer] } == ["small", "large", "middle"])
}
