import Model
import Testing

@testable import Normalize

/// Rows of one document, as the reader of JSON gives them: they have its line.
private func discounts(
  _ rows: [String], lines: [Int32], isShared: Bool = true, batchSize: Int = 7
) throws -> [String?] {
  var discount = FieldMapping.column("discount", unit: .minor)
  discount.isShared = isShared
  let source = source(
    .recurringCharge,
    [
      "id": .column("id"), "customer": .constant("C"), "start": .constant("2024-01-01"),
      "amount": .column("amount", unit: .minor), "quantity": .column("quantity"), "discount_amount": discount,
      "currency": .constant("USD"), "interval_unit": .constant("month"),
    ])
  let text = "id,amount,quantity,discount\n" + rows.map { $0 + "\n" }.joined()
  let (header, batches) = recordBatches(text, batchSize: batchSize)
  let file = SourceFile(path: "subscriptions.ndjson", header: header)
  var mapper = try #require(RowMapper.compile(source: source, file: file).mapper)
  var first = 0
  for var batch in batches {
    batch.lines = Array(lines[first..<first + batch.count])
    first += batch.count
    mapper.map(batch)
  }
  var assembler = SourceAssembler(source: source, asOf: asOf)
  assembler.add(mapper, file: file)
  return try assembler.finish { _, _ in ([:], []) }.values("discount_amount")
}

@Test func anAmountOfTheDocumentIsSharedOutByPriceTimesQuantity() throws {
  // 10.00 over 30.00 and 2 x 10.00; another document alone; one without any price.
  let rows = ["A,3000,1,1000", "B,1000,2,1000", "C,500,1,100", "D,0,1,300", "E,0,5,300"]
  #expect(
    try discounts(rows, lines: [1, 1, 2, 3, 3]) == ["6000000", "4000000", "1000000", "1500000", "1500000"])
  #expect(
    try discounts(rows, lines: [1, 1, 2, 3, 3], isShared: false)
      == ["10000000", "10000000", "1000000", "3000000", "3000000"])
}

@Test func sharesAddUpToTheLastMicroUnit() throws {
  let shares = try discounts(["A,100,1,1000", "B,100,1,1000", "C,100,1,1000"], lines: [4, 4, 4])
  #expect(shares == ["3333334", "3333333", "3333333"])
}
