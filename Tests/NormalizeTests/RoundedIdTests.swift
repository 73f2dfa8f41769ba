import Model
import Testing

@testable import Normalize

/// What a spreadsheet makes of long numbers in a column of ids: all of them the same.
private func quarantined(_ id: String, _ customer: String = "C1") -> [QuarantinedRow] {
  read(
    source(.recurringCharge, periodFields),
    periodHeader + "\"\(id)\",\"\(customer)\",2024-01-01,,10,USD\n"
  ).quarantined
}

@Test func anIdThatASpreadsheetRoundedIsQuarantined() {
  for text in ["1.23456E+12", "1,23456E+12", "9.9E+99", "1.2E+120", " 1.23456E+12 "] {
    #expect(quarantined(text).map(\.name) == ["rounded-id"], "\(text)")
    #expect(quarantined("S1", text).map(\.name) == ["rounded-id"], "\(text)")
  }
  let row = quarantined("S1", "1.23456E+12").first
  #expect(row?.key == "S1")
  #expect(
    row?.reason
      == "`customer` (column `customer`) is \"1.23456E+12\", which a spreadsheet has rounded: several ids may have become this one. Export it again with the column as text."
  )
}

@Test func whatOnlyLooksLikeARoundedIdIsOne() {
  for text in [
    "1.23456E-12", "12.3456E+12", "1.23456E+1", "1.23456E+1234", "1.23456E12", "1.E+12", ".2E+12", "1.2e+12",
    "A1.23456E+12", "1.23456E+12A", "1.2.3E+12", "1.23456F+12", "1;2E+12", "E+12", "+12", "a+123", "1.2E+1a",
    "1234560000001",
  ] {
    #expect(quarantined(text).isEmpty, "\(text)")
    #expect(quarantined("S1", text).isEmpty, "\(text)")
  }
}

@Test func onlyColumnsThatNameSomethingAreHeldToIt() {
  let opportunity = source(
    .opportunity,
    [
      "id": .column("id"), "name": .column("name"), "status": .constant("open"), "stage": .column("stage"),
    ])
  #expect(read(opportunity, "id,name,stage\nO1,1.5E+12,2.5E+12\n").quarantined.isEmpty)
  let line = source(
    .invoiceLine,
    [
      "id": .column("id"), "invoice": .column("invoice"), "amount": .constant("5"),
      "currency": .constant("EUR"),
    ])
  #expect(read(line, "id,invoice\nL1,1.5E+12\n").quarantined.map(\.name) == ["rounded-id"])
}
