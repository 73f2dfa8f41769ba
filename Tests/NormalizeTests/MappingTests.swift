import Model
import Testing

@testable import Normalize

private func customers(
  _ fields: [String: FieldMapping], attributes: [String: FieldMapping] = [:], _ text: String
) -> SourceRead {
  read(source(.customer, fields, attributes: attributes, rows: .currentState), text)
}

@Test func aColumnIsFoundByItsExactNameFirst() {
  let result = customers(["id": .column("ID"), "name": .column("id")], "id,ID\nname,1\n")
  #expect(result.values("id") == ["1"])
  #expect(result.values("name") == ["name"])
}

@Test func aColumnIsFoundWithoutRegardToCaseAndOuterSpaces() {
  #expect(customers(["id": .column("account id")], " Account ID \t,x\n1,\n").values("id") == ["1"])
}

@Test func aMissingColumnFailsTheFileAndNamesTheHeaderAndTheNearestColumn() {
  let fields: [String: FieldMapping] = ["id": .column("acount_id"), "country": .column("zzz")]
  let result = customers(fields, "account_id,name\n1,A\n")
  #expect(result.findings.map(\.name) == ["missing-column", "missing-column"])
  let finding = result.findings.first { $0.problem.contains("acount_id") }
  #expect(finding?.severity == .error)
  #expect(finding?.problem.contains("`account_id`, `name`") == true)
  #expect(finding?.remedy == "did you mean `account_id`?")
  #expect(finding?.place?.description == "Config/sources/test.yml:9:5")
  #expect(result.parts.isEmpty)
}

@Test func everyMissingColumnOfATemplateIsTold() {
  let fields: [String: FieldMapping] = ["id": .template("{one}-{id}-{two}")]
  let result = customers(fields, "id,name\n1,A\n")
  #expect(result.findings.map { $0.problem.contains("`one`") } == [true, false])
  #expect(result.findings.map { $0.problem.contains("`two`") } == [false, true])
}

@Test func twoColumnsThatMatchLooselyAreAmbiguous() {
  let result = customers(["id": .column("ID")], "id,Id\n1,2\n")
  #expect(result.findings.map(\.name) == ["ambiguous-column"])
}

@Test func aMappedColumnThatStandsTwiceIsRefusedNamingBothAndTheWayOut() {
  // As the reader names them: `Name` stood twice.
  let text = "id,Name#1,x,Name#2\n1,A,,B\n"
  var optional = FieldMapping.column("name")
  optional.optional = true
  for field in [FieldMapping.column("Name"), optional] {
    let result = customers(["id": .column("id"), "name": field], text)
    #expect(result.findings.map { "\($0.severity) \($0.name)" } == ["error ambiguous-column"])
    let finding = result.findings.first
    #expect(finding?.problem.contains("may be column 2 (`Name#1`) or column 4 (`Name#2`) of") == true)
    #expect(finding?.remedy?.contains("`name: Name#1`") == true)
    #expect(result.parts.isEmpty)
  }
  #expect(customers(["id": .column("id")], text).findings == [])
  #expect(customers(["id": .column("id"), "name": .column("Name#2")], text).values("name") == ["B"])
}

@Test func anOptionalColumnMayBeMissingFromTheFile() {
  var name = FieldMapping.column("name", defaultValue: "unnamed")
  name.optional = true
  var country = FieldMapping.column("country")
  country.optional = true
  let result = customers(["id": .column("id"), "name": name, "country": country], "id,x\n1,\n")
  #expect(result.values("name") == ["unnamed"])
  #expect(result.values("country") == [nil])
  #expect(result.findings.isEmpty)
}

@Test func whatEveryRowNeedsMustBeMapped() {
  let result = read(source(.recurringCharge, ["id": .column("id")]), "id,x\n1,\n")
  #expect(result.findings.map(\.name) == Array(repeating: "unmapped-column", count: 4))
  #expect(
    read(source(.subscription, ["id": .column("id")]), "id,x\n1,\n").findings.map(\.name) == [
      "unmapped-column"
    ])
}

@Test func textIsTrimmedOutsideAndKeptInside() {
  let result = customers(
    ["id": .column("id"), "name": .column("name")], "id,name\n 1 ,\"  Big  \"\"Corp\"\", Inc. \"\n")
  #expect(result.values("id") == ["1"])
  #expect(result.values("name") == ["Big  \"Corp\", Inc."])
}

@Test func emptyFieldsAndDeclaredTextsAreMissing() {
  let fields: [String: FieldMapping] = ["id": .column("id"), "name": .column("name", missing: ["n/a", "-"])]
  let result = customers(fields, "id,name\n1,\n2,n/a\n3, - \n4,\"\"\n5,x\n")
  #expect(result.values("name") == [nil, nil, nil, nil, "x"])
}

@Test func aDefaultStandsInForAMissingText() {
  let fields: [String: FieldMapping] = [
    "id": .column("id"), "name": .column("name", defaultValue: "?", missing: ["n/a"]),
    "employees": .column("staff", defaultValue: "12"),
  ]
  let result = customers(fields, "id,name,staff\n1,,\n2,n/a,3\n")
  #expect(result.values("name") == ["?", "?"])
  #expect(result.values("employees") == ["12", "3"])
}

@Test func aMapReplacesTextsAndOtherwiseTakesTheRest() {
  let map = ["Closed Won": "won", "Closed Lost": "lost"]
  func deals(_ status: FieldMapping) -> SourceRead {
    read(
      source(.opportunity, ["id": .column("id"), "status": status]), "id,stage\n1,Closed Won\n2,Prospecting\n"
    )
  }
  #expect(deals(.column("stage", map: map, otherwise: "open")).values("status") == ["won", "open"])
  let strict = deals(.column("stage", map: map))
  #expect(strict.values("status") == ["won"])
  #expect(strict.quarantined.map(\.name) == ["unmapped-value"])
  #expect(strict.quarantined.first?.reason.contains("\"Prospecting\"") == true)
}

@Test func aTextMappedToNothingIsMissing() {
  let fields: [String: FieldMapping] = [
    "id": .column("id"), "name": .column("name", map: ["none": "", "a": "A"], defaultValue: "default"),
  ]
  #expect(customers(fields, "id,name\n1,none\n2,a\n").values("name") == ["default", "A"])
}

@Test func constantsFillEveryRow() {
  let fields: [String: FieldMapping] = [
    "id": .column("id"), "status": .constant("won"), "amount": .constant("12.50"),
    "currency": .constant("eur"),
    "created": .constant("2024-01-31"), "name": .constant("Deal"),
  ]
  let result = read(source(.opportunity, fields), "id,x\n1,\n2,\n")
  #expect(
    result.rowSet == [
      "1|-|Deal|-|won|-|12500000|EUR|2024-01-31|-|-", "2|-|Deal|-|won|-|12500000|EUR|2024-01-31|-|-",
    ])
}

@Test func valuesOfTheConfigurationAreWrittenPlainlyWhateverTheFilesFormat() {
  let fields: [String: FieldMapping] = [
    "id": .column("id"), "status": .constant("won"), "currency": .constant("EUR"),
    "amount": .column("amount", defaultValue: "1234.50"),
    "created": .column("created", date: .pattern("DD.MM.YYYY"), defaultValue: "2024-01-31"),
    "closed": .column("closed", date: .epochSeconds, map: ["soon": "2024-02-01"]),
  ]
  let format = FileFormat(delimiter: ";", decimalMark: 0x2C, thousands: 0x2E)
  let result = read(
    source(.opportunity, fields, format: format), "id;amount;created;closed\n1;;;soon\n2;5,5;01.02.2024;\n")
  #expect(result.values("amount") == ["1234500000", "5500000"])
  #expect(result.values("created") == ["2024-01-31", "2024-02-01"])
  #expect(result.values("closed") == ["2024-02-01", nil])
}

@Test func aConstantEndMayBeInclusive() {
  var fields = periodFields
  fields["end"] = FieldMapping(.constant("2024-12-31"), bound: .inclusive)
  #expect(
    read(source(.recurringCharge, fields), periodHeader + "1,C,2024-01-01,,1,USD\n").values("end") == [
      "2025-01-01"
    ])
}

@Test func aConstantThatCannotBeReadFailsTheFile() {
  for (column, text) in [
    ("status", "maybe"), ("amount", "12,50"), ("currency", "Euro"), ("created", "31.1.2024"),
  ] {
    var fields: [String: FieldMapping] = ["id": .column("id"), "status": .constant("won")]
    fields[column] = .constant(text)
    #expect(
      read(source(.opportunity, fields), "id,x\n1,\n").findings.map(\.name) == ["bad-constant"], "\(column)")
  }
}

@Test func aTemplateJoinsColumnsAndIsMissingWhenOneOfThemIs() {
  let fields: [String: FieldMapping] = [
    "id": .template("{Account ID}-{Month}"), "name": .column("Account ID"),
  ]
  let result = customers(fields, "Account ID,Month\nA,2024-01\nB,\n")
  #expect(result.values("id") == ["A-2024-01"])
  #expect(result.quarantined.map(\.name) == ["missing-value"])
  for template in ["{A", "A}", "{}", "plain", "{A{B}}"] {
    #expect(
      customers(["id": .template(template)], "A,B\n1,2\n").findings.map(\.name) == ["bad-template"],
      "\(template)")
  }
}

@Test func flagsReadTheUsualWords() {
  var fields = periodFields
  fields["trial"] = .column("trial")
  let words = ["true", "FALSE", "Yes", "no", "1", "0", "t", "F", ""]
  let rows = words.enumerated().map { "\($0),C,2024-01-01,,1,USD,\($1)\n" }.joined()
  let header = periodHeader.dropLast() + ",trial\n"
  #expect(
    read(source(.recurringCharge, fields), header + rows).values("trial")
      == ["1", "0", "1", "0", "1", "0", "1", "0", nil])
  let bad = read(source(.recurringCharge, fields), header + "1,C,2024-01-01,,1,USD,maybe\n")
  #expect(bad.quarantined.map(\.name) == ["bad-flag"])
}

@Test func choicesAreTakenByNameInAnyCase() {
  let fields: [String: FieldMapping] = [
    "id": .column("id"), "customer": .constant("C"), "status": .column("status"),
  ]
  let result = read(source(.subscription, fields), "id,status\n1,Active\n2,past_due\n3,\n4,dormant\n")
  #expect(result.values("status") == ["active", "past_due", nil])
  #expect(result.quarantined.first?.reason.contains("one of active, past_due") == true)
}

@Test func wholeNumbersMayHaveZerosBehindTheMark() {
  let fields: [String: FieldMapping] = ["id": .column("id"), "employees": .column("n")]
  let result = customers(fields, "id,n\n1,12\n2,12.0\n3,12.5\n4,-1\n5,1000000000000\n")
  #expect(result.values("employees") == ["12", "12"])
  #expect(result.quarantined.map(\.name) == ["not-whole", "negative-value", "too-large"])
}

@Test func percentagesMayCarryTheirSign() {
  var fields = periodFields
  fields["discount_percent"] = .column("off")
  let result = read(
    source(.recurringCharge, fields),
    periodHeader.dropLast()
      + ",off\nA,C,2024-01-01,,1,USD,25 %\nB,C,2024-01-01,,1,USD,12.5\nD,C,2024-01-01,,1,USD,-5\n")
  #expect(result.values("discount_percent") == ["25000000", "12500000"])
  #expect(result.quarantined.map(\.name) == ["negative-value"])
}

@Test func attributesAreOneJSONObjectWithSortedKeys() {
  let result = customers(
    ["id": .column("id")],
    attributes: [
      "size \"class\"": .column("size"), "Industry": .column("industry"), "fixed": .constant("é\\"),
    ],
    "id,size,industry\n1,\"a\"\"b\tc\nd\",SaaS\n2,,\n")
  #expect(
    result.values("attributes") == [
      #"{"Industry":"SaaS","fixed":"é\\","size \"class\"":"a\"b\tc\nd"}"#, #"{"fixed":"é\\"}"#,
    ])
}

@Test func controlCharactersInAttributesAreEscaped() {
  let result = customers(["id": .column("id")], attributes: ["a": .column("a")], "id,a\n1,x\u{1}\u{1f}y\n")
  #expect(result.values("attributes") == [#"{"a":"x\u0001\u001fy"}"#])
}

@Test func currenciesAreListedCodesInUpperCase() {
  func currency(_ text: String) -> String? {
    let result = read(source(.recurringCharge, periodFields), periodHeader + "1,C,2024-01-01,,1,\(text)\n")
    return result.values("currency").first ?? result.quarantined.first?.name
  }
  #expect(currency("usd") == "USD")
  #expect(currency("XQQ") == "unknown-currency")
  #expect(currency("EURO") == "unknown-currency")
}

@Test func ratesAreKeptAsTheShortestExactDecimal() {
  let fields: [String: FieldMapping] = [
    "day": .column("day"), "from": .constant("EUR"), "to": .constant("USD"), "rate": .column("rate"),
  ]
  let result = read(
    source(.fxRate, fields),
    "day,rate\n2024-01-01,1.08430\n2024-01-02,0.00000012345678901\n2024-01-03,2\n2024-01-04,0\n2024-01-05,-1\n2024-01-06,1.1234567890123456789\n"
  )
  #expect(result.values("rate") == ["1.0843", "0.00000012345678901", "2"])
  #expect(result.values("id").first == "2024-01-01-EUR-USD")
  #expect(result.quarantined.map(\.name) == ["negative-value", "negative-value", "too-precise"])
  #expect(result.quarantined.first?.key == "2024-01-04-EUR-USD")
  for rate in result.values("rate") { #expect(rate.flatMap { ExactRate(decimal: $0) } != nil) }
}
