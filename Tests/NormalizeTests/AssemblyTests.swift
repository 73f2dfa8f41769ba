import Model
import Testing

@testable import Normalize

private let row1 = "S1,C1,2024-01-01,,10,USD\n"
private let row2 = "S2,C2,2024-01-01,,20,USD\n"
private let dated = SourceConfiguration.DataThrough.fileName("p_YYYY-MM-DD.csv")

@Test func equalRowsOfOneIdAreOneWithANote() {
  let result = read(
    source(.recurringCharge, periodFields),
    [("b.csv", periodHeader + row1), ("a.csv", periodHeader + row1 + row2 + row1)])
  #expect(result.values("id") == ["S1", "S2"])
  #expect(result.findings.map(\.name) == ["repeated-row"])
  #expect(result.findings.map(\.severity) == [.note])
  #expect(result.findings[0].problem.hasPrefix("2 rows"))
  #expect(result.findings[0].place?.description == "a.csv:4")
  #expect(result.quarantined.isEmpty)
}

@Test func differentRowsOfOneIdAreAllQuarantinedAndNameEachOther() {
  let result = read(
    source(.recurringCharge, periodFields, share: 1_000_000),
    periodHeader + row1 + row2 + "S1,C1,2024-01-01,,11,USD\n")
  #expect(result.values("id") == ["S2"])
  #expect(result.quarantined.map(\.name) == ["duplicate-id", "duplicate-id"])
  #expect(result.quarantined.map(\.key) == ["S1", "S1"])
  #expect(result.quarantined.map(\.place.description) == ["exports/a.csv:2:1", "exports/a.csv:4:1"])
  #expect(result.quarantined.map(\.raw) == ["S1,C1,2024-01-01,,10,USD", "S1,C1,2024-01-01,,11,USD"])
  for row in result.quarantined {
    #expect(row.reason.contains("differ in `amount`: exports/a.csv:2, exports/a.csv:4"))
  }
  #expect(result.records == 3)
}

@Test func aGoodRowBesideABadOneOfTheSameIdIsQuarantinedToo() {
  let result = read(
    source(.recurringCharge, periodFields, share: 1_000_000),
    periodHeader + row1 + row2 + "S1,C1,2024-01-01,,?,USD\n")
  #expect(result.values("id") == ["S2"])
  #expect(result.quarantined.map(\.name) == ["duplicate-id", "bad-number"])
}

@Test func datedSnapshotsMayHaveTheSameIds() {
  let fields: [String: FieldMapping] = ["id": .column("id"), "name": .column("name")]
  let setting = source(.customer, fields, rows: .currentState, dataThrough: dated)
  let result = read(
    setting, [("p_2024-02-29.csv", "id,name\n1,B\n"), ("p_2024-01-31.csv", "id,name\n1,A\n2,X\n2,X\n")])
  #expect(result.files.map(\.path) == ["p_2024-01-31.csv", "p_2024-02-29.csv"])
  #expect(result.files.map { $0.snapshot?.description } == ["2024-01-31", "2024-02-29"])
  #expect(result.values("name") == ["A", "X", "B"])
  #expect(result.parts.map(\.file) == [0, 1])
  #expect(result.findings.map(\.name) == ["repeated-row"])
  #expect(result.dataThrough.description == "2024-02-29")
}

@Test func aLaterFileOfADeltaSourceReplacesARow() {
  let setting = source(.recurringCharge, periodFields, dataThrough: dated, extent: .delta)
  let result = read(
    setting,
    [
      ("p_2024-02-29.csv", periodHeader + "S1,C1,2024-01-01,2024-02-15,10,USD\n"),
      ("p_2024-01-31.csv", periodHeader + row1 + row2),
    ])
  #expect(result.values("id") == ["S2", "S1"])
  #expect(result.values("end") == [nil, "2024-02-15"])
  #expect(result.findings.map(\.name) == ["superseded-row"])
}

@Test func aFileWhoseNameHasNoDateIsRefused() {
  let setting = source(.recurringCharge, periodFields, dataThrough: dated)
  #expect(read(setting, [("q.csv", periodHeader + row1)]).findings.map(\.name) == ["file-name-without-date"])
}

@Test func dataThroughIsTheLatestValueOfItsColumn() {
  let setting = source(.recurringCharge, periodFields, dataThrough: .column(.column("exported")))
  let header = periodHeader.dropLast() + ",exported\n"
  func row(_ id: String, _ day: String) -> String { "\(id),C,2024-01-01,,1,USD,\(day)\n" }
  let result = read(
    setting,
    [
      ("a.csv", header + row("1", "2024-03-01") + row("2", "2024-03-02T10:00:00Z")),
      ("b.csv", header + row("3", "2024-03-01")),
    ])
  #expect(result.dataThrough.description == "2024-03-02T10:00:00Z")
  // A plain day reaches to its end, an instant only to itself.
  let days = read(setting, header + row("1", "2024-03-02") + row("2", "2024-03-02T10:00:00Z"))
  #expect(days.dataThrough.description == "2024-03-02")
  #expect(read(setting, header + row("1", "")).findings.map(\.name) == ["no-data-through"])
  let bad = read(setting, header + row("1", "soon") + row("2", "2024-03-02"))
  #expect(bad.quarantined.map(\.name) == ["bad-date"])
  #expect(bad.quarantined.first?.reason.contains("`data_through`") == true)
}

@Test func dataThroughMayBeFixedOrTheRunsOwn() {
  let day = Moment(iso: "2024-05-31")!
  #expect(
    read(source(.recurringCharge, periodFields, dataThrough: .fixed(day)), periodHeader + row1).dataThrough
      == day)
  #expect(read(source(.recurringCharge, periodFields), periodHeader + row1).dataThrough == asOf)
}

@Test func theOrderOfRowsAndFilesDoesNotMatter() {
  let seed: UInt64 = 20_240_229
  var chance = Chance(seed)
  for _ in 0..<40 {
    var rows = (0..<chance.number(2...40)).map { row in
      "S\(chance.number(0...25)),C\(row % 3),2024-01-01,,\(["1", "2", "?"][chance.number(0...2)]),USD\n"
    }
    let setting = source(.recurringCharge, periodFields, share: 1_000_000)
    func result(_ rows: [String], cut: Int, reversed: Bool) -> SourceRead {
      let files = [
        ("a.csv", periodHeader + rows[..<cut].joined()), ("b.csv", periodHeader + rows[cut...].joined()),
      ]
      return read(setting, reversed ? files.reversed() : files)
    }
    let first = result(rows, cut: 1, reversed: false)
    // The same files in another order: the same result to the last line.
    let again = result(rows, cut: 1, reversed: true)
    #expect(first.quarantined == again.quarantined, "seed \(seed)")
    #expect(first.findings == again.findings, "seed \(seed)")
    #expect(first.parts.map(\.batch.shownRows) == again.parts.map(\.batch.shownRows), "seed \(seed)")
    rows.shuffle(using: &chance)
    let shuffled = result(rows, cut: chance.number(0...rows.count), reversed: false)
    #expect(shuffled.rowSet == first.rowSet, "seed \(seed)")
    #expect(
      shuffled.quarantined.map { "\($0.name) \($0.raw)" }.sorted()
        == first.quarantined.map { "\($0.name) \($0.raw)" }.sorted(), "seed \(seed)")
  }
}
