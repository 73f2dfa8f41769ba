import Model
import Project
import Testing

private func findings(_ source: String) throws -> [Finding] {
  try TemporaryProject.load(["Config/sources/crm.yml": source]).findings
}

/// `line:column name: problem` of each.
private func faults(_ source: String) throws -> [String] {
  try TemporaryProject.faults(["Config/sources/crm.yml": source])
}

private func customer(_ fields: String) -> String {
  "files: a.csv\nentities:\n  customer: {id: A, \(fields)}\n"
}

@Test func anUnknownPresetIsTold() throws {
  let found = try findings("files: a.csv\npreset: stripe_subscription\n")
  #expect(found.map(\.name) == ["unknown-preset"])
  #expect(found.map(\.remedy) == ["did you mean `stripe_subscriptions`?"])
}

@Test func anUnknownEntityIsTold() throws {
  let found = try findings("files: a.csv\nentities:\n  custommer: {id: A}\n")
  #expect(found.map(\.name) == ["unknown-entity"])
  #expect(found.map(\.remedy) == ["did you mean `customer`?"])
  #expect(found.first?.place == Place(file: "Config/sources/crm.yml", line: 3, column: 3))
}

@Test func anUnknownColumnOfAnEntityIsTold() throws {
  let found = try findings(customer("emploees: Size"))
  #expect(found.map(\.name) == ["unknown-column"])
  #expect(found.map(\.remedy) == ["did you mean `employees`?"])
}

@Test func anUnknownOptionOfAFieldIsTold() throws {
  let found = try findings(customer("name: {colum: Name}"))
  #expect(found.map(\.name) == ["missing-key", "unknown-option"])
}

@Test func anEntityWithoutIdIsToldWithTheLineToPaste() throws {
  let found = try findings("files: a.csv\nentities:\n  customer: {name: Name}\n")
  #expect(found.map(\.problem) == ["`customer` does not map `id`: the row's natural id in its system"])
  #expect(found.map(\.remedy) == ["add below `customer` the line `id: COLUMN`"])
}

@Test func aChargeWithoutPriceCurrencyIntervalStartOrOwnerIsTold() throws {
  let found = try findings("files: a.csv\nentities:\n  recurring_charge: {id: A}\n")
  #expect(
    found.map(\.remedy) == [
      "add below `recurring_charge` the line `customer: COLUMN`",
      "add below `recurring_charge` the line `amount: COLUMN`",
      "add below `recurring_charge` the line `currency: {constant: USD}`",
      "add below `recurring_charge` the line `interval_unit: {constant: month}`",
      "add below `recurring_charge` the line `start: COLUMN`",
    ])
}

@Test func aChargeOfAPlanNeedsNoPriceOfItsOwn() throws {
  let source =
    "files: a.csv\nentities:\n  recurring_charge: {id: A, customer: B, plan: C, rows: current_state}\n"
  #expect(try findings(source) == [])
}

@Test func ratesAndExpensesNeedNoId() throws {
  let source = """
    files: a.csv
    entities:
      fx_rate: {day: D, from: F, to: {constant: USD}, rate: R}
      expense: {day: D, category: C, amount: A, currency: {constant: USD}}
    """
  #expect(try findings(source) == [])
}

@Test func anEndThatDoesNotSayItsBoundIsToldWithBothLinesToPaste() throws {
  let found = try findings(
    "files: a.csv\nentities:\n  subscription: {id: A, customer: B, ended: 'Ended, at'}\n")
  #expect(found.map(\.name) == ["missing-bound"])
  #expect(
    found.first?.remedy == """
      write `ended: {column: 'Ended, at', bound: exclusive}` (the first day no longer in force)
      or    `ended: {column: 'Ended, at', bound: inclusive}` (the last day in force)
      """)
}

@Test func anOptionThatMeansNothingForItsColumnIsTold() throws {
  let found = try findings(customer("name: {column: N, date: iso, bound: exclusive, unit: minor}"))
  #expect(
    found.map(\.problem) == [
      "`date` means nothing for `name`: `name` is no date",
      "`bound` means nothing for `name`: `name` is no end",
      "`unit` means nothing for `name`: `name` is no amount of money",
    ])
}

@Test func aFieldWithTwoOriginsIsTold() throws {
  #expect(try findings(customer("name: {column: N, constant: X}")).map(\.name) == ["ambiguous-origin"])
}

@Test(arguments: ["dd/mm/yyyy", "DD/MM", "YYYY-MM-DD hh:mm:ss:mm", "DMYYYY", "YYYY-MM hh"])
func aDatePatternThatCannotBeReadIsTold(pattern: String) throws {
  #expect(
    try findings(customer("created: {column: C, date: '\(pattern)'}")).map(\.name) == ["bad-date-pattern"])
}

@Test(arguments: ["DD.MM.YYYY", "M/D/YY", "MMM D, YYYY", "YYYY-MM", "YYYY-MM-DDThh:mm:ssZ", "YYYYMMDD"])
func aDatePatternThatCanBeReadIsTaken(pattern: String) throws {
  #expect(try findings(customer("created: {column: C, date: '\(pattern)'}")) == [])
}

@Test func constantsAndMapsThatTheColumnCannotTakeAreTold() throws {
  let source = """
    files: a.csv
    entities:
      opportunity:
        id: A
        status: {column: S, map: {Won: won, Lost: lots}, otherwise: opne}
        amount: {constant: much}
        currency: {constant: UDS}
        created: {constant: 31.12.2024}
    """
  let found = try findings(source)
  #expect(found.map { $0.place?.line } == [5, 5, 6, 7, 8])
  #expect(
    found.map(\.remedy) == [
      "did you mean `lost`?", "did you mean `open`?", "write a number such as `12.50`", "did you mean `USD`?",
      "write a date such as `2024-01-31`",
    ])
}

@Test func aShareThatIsNoPercentageIsTold() throws {
  let source = customer("name: N") + "quarantine: {max_share: 0.01}\nhold: {rows_fall: 120 %}\n"
  #expect(
    try faults(source).map { String($0.split(separator: ": ")[0]) } == [
      "4:25 bad-value", "5:19 bad-value",
    ])
}

@Test func aFileWithoutHeaderNeedsItsColumnsNamed() throws {
  #expect(try findings(customer("name: N") + "format: {header: false}\n").map(\.name) == ["missing-key"])
}

@Test func dataThroughReadFromTwoPlacesOrNoneIsTold() throws {
  #expect(
    try findings(customer("name: N") + "data_through: {}\n").map(\.name) == ["missing-key"])
  #expect(
    try findings(customer("name: N") + "data_through: {column: A, file_name: a_YYYY-MM-DD.csv}\n").map(\.name)
      == ["ambiguous-data-through"])
  #expect(
    try findings(customer("name: N") + "data_through: {file_name: a.csv}\n").map(\.name) == [
      "bad-date-pattern"
    ])
  #expect(try findings(customer("name: N") + "data_through: tomorrow\n").map(\.name) == ["bad-value"])
}

@Test func filesDatedInTwoWaysNeedToSayWhereDataThroughIs() throws {
  let source = "files: [a_YYYY-MM-DD.csv, b_YYYY-MM-DD.csv]\nentities:\n  customer: {id: A}\n"
  #expect(try findings(source).map(\.name) == ["ambiguous-data-through"])
}

@Test func aFormatThatCouldNotBeReadByIsTold() throws {
  let found = try findings(
    customer("name: N") + #"format: {delimiter: "\n", quote: "\n", escape: "\0", skip_empty_lines: blnk}"#)
  #expect(
    found.map(\.problem) == [
      "`delimiter` takes a text without line breaks, not `\n`",
      "`quote` takes one ASCII character, not `\n`",
      "`escape` takes one ASCII character, not `\0`",
      "`skip_empty_lines` takes true, false or blank, not `blnk`",
    ])
  #expect(found.last?.remedy == "did you mean `blank`?")
}

@Test func aLinkToASystemNobodyReadsIsAWarning() throws {
  let found = try findings(customer("link_system: {constant: bilng}, link_id: B"))
  #expect(found.map(\.severity) == [.warning])
  #expect(found.map(\.remedy) == ["did you mean `billing`?"])
}

@Test func oneWrongWordSpoilsNothingElse() throws {
  let source =
    "files: a.csv\nextent: ful\nentities:\n  custommer: {id: A}\n  plan: {nam: B}\nformat: {delimter: ;}\n"
  #expect(
    try findings(source).map { "\($0.place?.line ?? 0) \($0.name)" } == [
      "2 bad-value", "4 unknown-entity", "5 missing-mapping", "5 unknown-column", "6 unknown-key",
    ])
}
