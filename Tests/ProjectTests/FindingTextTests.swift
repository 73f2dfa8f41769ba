import Model
import Testing

private let bad = Finding(
  .error, "bad-amount", at: Place(file: "exports/a.csv", line: 12, column: 7), "\"12,5O\" is no amount",
  excerpt: "Acme,\"12,5O\"", consequence: "the row is in quarantine", remedy: "ask Acme's clerk for \"Zoë\"")

@Test func aFindingShowsWhereAndWhatAndWhatToDo() {
  #expect(
    bad.text() == """
      exports/a.csv:12:7: error: "12,5O" is no amount [bad-amount]
          Acme,"12,5O"
                ^
        the row is in quarantine
        ask Acme's clerk for "Zoë"
      """)
}

@Test func customerDataIsMaskedButKeepsItsShape() {
  #expect(
    bad.text(masked: true) == """
      exports/a.csv:12:7: error: "00,0x" is no amount [bad-amount]
          xxxx,"00,0x"
                ^
        the row is in quarantine
        ask Acme's clerk for "xxx"
      """)
}

@Test func configurationIsNeverMasked() {
  let finding = Finding(
    .error, "unknown-key", at: Place(file: "Config/company.yml", line: 1, column: 1), "no key \"nam\"",
    excerpt: "nam: Acme")
  #expect(finding.text(masked: true) == finding.text())
}

@Test func aLongLineIsCutAroundTheCaret() throws {
  let line = String(repeating: "a", count: 300) + "!" + String(repeating: "b", count: 300)
  let finding = Finding(
    .warning, "odd", at: Place(file: "x.csv", line: 1, column: 301), "odd", excerpt: line)
  let shown = finding.text().split(separator: "\n")
  #expect(shown[1].count == 4 + 102)
  let caret = try #require(shown[2].firstIndex(of: "^"))
  let excerpt = Array(shown[1])
  #expect(excerpt[shown[2].distance(from: shown[2].startIndex, to: caret)] == "!")
}

@Test func dataCannotSendControlCharactersToTheTerminal() {
  let finding = Finding(
    .error, "odd", at: Place(file: "x.csv", line: 1), "says \"\u{1B}[2J\"", excerpt: "a\tb\u{1B}[31m\nc")
  #expect(finding.text() == "x.csv:1: error: says \"·[2J\" [odd]\n    a b·[31m·c")
}

@Test func theNearestNameIsSuggestedAndAFarOneIsNot() {
  let names = ["customer", "subscription", "recurring_charge"]
  #expect(nearest(to: "custmoer", among: names) == "customer")
  #expect(nearest(to: "RecurringCharge", among: names) == "recurring_charge")
  #expect(nearest(to: "invoice", among: names) == nil)
  #expect(nearest(to: "", among: names) == nil)
}

@Test func aPlaceInJSONHasItsPointerAndInOneDocumentItsByte() {
  #expect(Place(file: "a.csv", line: 3, column: 7).description == "a.csv:3:7")
  #expect(Place(file: "a.ndjson", line: 3, column: 7, pointer: "/id").description == "a.ndjson:3:7#/id")
  #expect(Place(file: "a.ndjson", line: 3, column: 1, pointer: "").description == "a.ndjson:3:1")
  #expect(Place(file: "a.json", byte: 12, pointer: "/data/0").description == "a.json:byte 12#/data/0")
}
