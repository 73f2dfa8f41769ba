import Model
import Testing

@testable import Normalize

private func periods(_ rows: String) -> SourceRead {
  read(source(.recurringCharge, periodFields), periodHeader + rows)
}

@Test func aBadRowKeepsItsPlaceReasonRawTextAndKey() {
  let result = periods("S1,C1,2024-01-01,,10,USD\nS2,\"Müller, AG\",2024-02-30,,20,EUR\n")
  #expect(result.values("id") == ["S1"])
  #expect(result.quarantined.count == 1)
  let row = result.quarantined[0]
  #expect(row.place.description == "exports/a.csv:3:17")
  #expect(row.name == "impossible-date")
  #expect(row.reason.contains("`start` (column `start`) is \"2024-02-30\""))
  #expect(row.raw == "S2,\"Müller, AG\",2024-02-30,,20,EUR")
  #expect(row.entity == .recurringCharge)
  #expect(row.key == "S2")
}

@Test func thePlaceOfAFieldBehindQuotedLineBreaksIsOnItsOwnLine() {
  let result = periods("S1,\"C\n1\",2024-01-01,,ten,USD\nS2,\"a\"\"b\",2024-01-01,,10,\"x\"\"y\"\n")
  #expect(result.quarantined.map(\.place.description) == ["exports/a.csv:3:16", "exports/a.csv:4:27"])
}

@Test func requiredValuesMayNotBeMissing() {
  let result = periods(
    ",C1,2024-01-01,,10,USD\nS2,,2024-01-01,,10,USD\nS3,C,,,10,USD\nS4,C,2024-01-01,,,USD\nS5,C,2024-01-01,,1,\n"
  )
  #expect(result.quarantined.map(\.name) == Array(repeating: "missing-value", count: 5))
  #expect(result.quarantined.map(\.key) == [nil, "S2", "S3", "S4", "S5"])
  #expect(result.parts.isEmpty)
}

@Test func anEndBeforeItsStartIsQuarantinedAndAnEmptyPeriodIsNot() {
  let result = periods("S1,C,2024-02-01,2024-01-01,1,USD\nS2,C,2024-02-01,2024-02-01,1,USD\n")
  #expect(result.quarantined.map(\.name) == ["end-before-start"])
  #expect(result.quarantined.first?.place.column == 17)
  #expect(result.values("id") == ["S2"])
}

@Test func negativeQuantitiesAreQuarantined() {
  var fields = periodFields
  fields["quantity"] = .column("quantity")
  let result = read(
    source(.recurringCharge, fields),
    periodHeader.dropLast() + ",quantity\nS1,C,2024-01-01,,1,USD,-2\nS2,C,2024-01-01,,1,USD,0.5\n")
  #expect(result.quarantined.map(\.name) == ["negative-value"])
  #expect(result.values("quantity") == ["500000"])
}

@Test func aCurrentStateNeedsNoStart() {
  var fields = periodFields
  fields["start"] = nil
  let result = read(source(.recurringCharge, fields, rows: .currentState), periodHeader + "S1,C,,,1,USD\n")
  #expect(result.values("start") == [nil])
}

@Test func malformedRowsGoToQuarantineWithTheKeyTheyMostLikelyCarry() {
  let result = periods("S1,C,2024-01-01,,1,USD\nS2,C,2024-01-01\n")
  #expect(result.quarantined.map(\.name) == ["short-row"])
  #expect(result.quarantined.first?.key == "S2")
  #expect(result.quarantined.first?.raw == "S2,C,2024-01-01")
  #expect(result.records == 2)
}

private let accountsAndPlans = source([
  .init(
    entity: .customer, rows: .currentState,
    fields: ["id": .column("customer"), "employees": .column("staff")],
    place: Place(file: "Config/sources/test.yml")),
  .init(
    entity: .recurringCharge, rows: .periods, fields: periodFields,
    place: Place(file: "Config/sources/test.yml")),
])
private let wideHeader = periodHeader.dropLast() + ",staff\n"

@Test func aRowThatIsBadForOneEntityIsQuarantinedForAll() {
  let result = read(
    accountsAndPlans,
    wideHeader + "S1,C1,2024-01-01,,1,USD,5\nS2,C2,2024-01-01,,1,USD,many\nS3,C3,2024-01-01,,x,USD,5\n")
  #expect(result.values("id") == ["C1", "S1"])
  #expect(result.quarantined.map(\.entity) == [.customer, .recurringCharge, .recurringCharge, .customer])
  #expect(result.quarantined.map(\.key) == ["C2", "S2", "S3", "C3"])
  #expect(result.quarantined.map(\.place.line) == [3, 3, 4, 4])
}

@Test func aCustomerWhoseOtherRowsAreGoodIsNotInQuarantineForAnotherEntitysFault() {
  let result = read(accountsAndPlans, wideHeader + "S1,C1,2024-01-01,,1,USD,5\nS2,C1,2024-01-01,,x,USD,5\n")
  #expect(result.quarantined.map(\.key) == ["S2"])
  #expect(result.values("id") == ["C1", "S1"])
}

@Test func aMalformedRowTellsOfNoCustomerWhoseOtherRowsAreGood() {
  let result = read(accountsAndPlans, wideHeader + "S1,C1,2024-01-01,,1,USD,5\nS2,C1,2024\nS3,C3,2024\n")
  #expect(result.quarantined.map(\.key) == ["S2", "C3", "S3"])
}

@Test func aCustomerInManyRowsIsTakenOnceWithoutAWord() {
  let result = read(accountsAndPlans, wideHeader + "S1,C1,2024-01-01,,1,USD,5\nS2,C1,2024-01-01,,1,USD,5\n")
  #expect(result.values("id") == ["C1", "S1", "S2"])
  #expect(result.findings.isEmpty)
}

@Test func theShareDecidesBetweenAWarningAndAnError() {
  let good = (0..<99).map { "S\($0),C,2024-01-01,,1,USD\n" }.joined()
  let atLimit = periods(good + "X,C,2024-01-01,,y,USD\n")
  #expect(atLimit.findings.map(\.name) == ["rows-quarantined"])
  #expect(atLimit.findings.map(\.severity) == [.warning])
  let above = periods(good + "X,C,2024-01-01,,y,USD\nshort,row\n")
  #expect(above.findings.map(\.name) == ["quarantine-share"])
  #expect(above.findings.map(\.severity) == [.error])
  #expect(above.findings[0].problem.contains("2 of 101 records"))
  #expect(above.findings[0].problem.contains("(1.9801 %, allowed 1 %): 1 bad-number, 1 short-row"))
}

@Test func theFirstQuarantinedRowsAreShownWithTheirText() {
  let result = periods("S1,C,2024-01-01,,x,USD\nS2,C,2024-01-01,,y,USD\nS3,C,2024-01-01,,z,USD\n")
  let shown = quarantineExcerpts(result.quarantined, first: 2)
  #expect(shown.map(\.place?.line) == [2, 3])
  #expect(shown.map(\.excerpt) == ["S1,C,2024-01-01,,x,USD", "S2,C,2024-01-01,,y,USD"])
}

@Test func valuesOfTheDataStandInDoubleQuotesSoThatTheyCanBeMasked() {
  let result = periods("S1,C,2024-01-01,,\"12\"\" secret\",USD\n")
  let text = Finding(.warning, "x", at: result.quarantined[0].place, result.quarantined[0].reason).text(
    masked: true)
  #expect(!text.contains("secret"))
}

@Test func everyBadRowIsInQuarantineOnceAndGoodAndBadAreAll() {
  let seed: UInt64 = 20_240_229
  var chance = Chance(seed)
  for _ in 0..<60 {
    let count = chance.number(1...60)
    var bad = Set<Int>()
    var text = periodHeader
    for row in 0..<count {
      var fields = ["S\(row)", "C\(row % 7)", "2024-01-0\(1 + row % 9)", "", "\(row).25", "EUR"]
      if chance.number(0...3) == 0 {
        bad.insert(row)
        switch chance.number(0...6) {
        case 0: fields[4] = "1,5"
        case 1: fields[2] = "2024-02-31"
        case 2: fields[3] = "2023-12-31"
        case 3: fields[5] = "QQQ"
        case 4: fields[1] = ""
        case 5: fields.removeLast()
        default: fields[0] = " "
        }
        // A second fault in the same row makes no second entry.
        if chance.number(0...1) == 0 { fields[4] = "?" }
      }
      text += fields.joined(separator: ",") + "\n"
    }
    let result = read(
      source(.recurringCharge, periodFields), [("a.csv", text)], batchSize: chance.number(1...70))
    #expect(result.quarantined.map { ($0.place.line ?? 0) - 2 } == bad.sorted(), "seed \(seed)")
    #expect(
      result.values("id") == (0..<count).filter { !bad.contains($0) }.map { "S\($0)" }, "seed \(seed)")
    #expect(result.records == count, "seed \(seed)")
  }
}

@Test func chunksAndBatchesLeaveNoTrace() {
  let seed: UInt64 = 20_240_229
  var chance = Chance(seed)
  var text = periodHeader
  for row in 0..<5_000 {
    let amount = chance.number(0...50) == 0 ? "bad" : "\(chance.number(0...999)).5"
    text +=
      "S\(row),C\(chance.number(0...40)),2024-01-01,,\(amount),\(["USD", "EUR"][chance.number(0...1)])\n"
  }
  let setting = source(.recurringCharge, periodFields, share: 1_000_000)
  let small = read(setting, [("a.csv", text)], batchSize: 13)
  let large = read(setting, [("a.csv", text)], batchSize: 100_000)
  #expect(small.parts[0].batch.shownRows == large.parts[0].batch.shownRows, "seed \(seed)")
  #expect(small.quarantined == large.quarantined, "seed \(seed)")
  #expect(!small.quarantined.isEmpty)
}
