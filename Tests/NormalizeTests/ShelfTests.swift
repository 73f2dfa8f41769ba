import Model
import Testing

@testable import Normalize

/// Keeps batches aside, to be given back; every third has to stay in memory.
private func shelf(_ chance: Chance) -> BatchShelf {
  BatchShelf(batchSize: 1) { batch in
    var chance = chance
    guard (batch.count + chance.number(0...2)) % 3 > 0 else { return nil }
    let copy = batch
    return HeldBatch(kind: batch.kind, count: batch.count) { copy }
  }
}

/// What was read, in words.
private func told(_ read: SourceRead) -> [String] {
  read.parts.flatMap { part in
    let batch = part.batch
    return zip(batch.lines, batch.shownRows).map { "\(part.file):\($0) \(part.kind) \($1)" }
  }
    + read.quarantined.map { "\($0)" } + read.findings.map { "\($0)" } + [
      "\(read.records) \(read.dataThrough)"
    ]
}

/// Ids in order and out of order, repeated in one file or in two, in quarantine and not, of records that feed one entity or two.
@Test(arguments: 1...60)
func rowsThatWerePutAwayAreTheRowsThatStayed(seed: UInt64) {
  var chance = Chance(seed)
  var setting = source(.recurringCharge, periodFields, share: 1_000_000)
  if seed % 3 == 0 {
    setting.entities.append(
      .init(
        entity: .customer, rows: .periods, fields: ["id": .column("customer")], place: setting.place))
  }
  if seed % 5 == 0 { setting.extent = .delta }
  var number = 0
  let files = (0..<chance.number(1...3)).map { file in
    var text = periodHeader
    for row in 0..<chance.number(0...60) {
      number += seed % 2 == 0 || chance.number(0...20) > 0 ? 1 : -1
      let amount = chance.number(0...15) == 0 ? "bad" : "\(chance.number(0...3))"
      let customer = seed % 6 == 0 ? "D\(1_000 + number)" : "C\(row % 7)"
      text += "S\(1_000 + number),\(customer),2024-01-01,,\(amount),USD\n"
    }
    return (path: "file\(file).csv", text: text)
  }
  let stayed = read(setting, files)
  let putAway = read(setting, files, shelf: shelf(chance))
  #expect(told(putAway) == told(stayed), "seed \(seed)")
}

@Test func rowsWithAscendingIdsStayWhereTheyWerePut() {
  var text = periodHeader
  for row in 0..<200 { text += "\(row),C\(row % 7),2024-01-01,,1,USD\n" }
  let all = BatchShelf(batchSize: 1) { batch in
    let copy = batch
    return HeldBatch(kind: batch.kind, count: batch.count) { copy }
  }
  let setting = source(.recurringCharge, periodFields)
  let putAway = read(setting, [("a.csv", text)], shelf: all)
  #expect(putAway.parts.count { $0.held.isPutAway } > 20)
  #expect(putAway.rowSet == read(setting, [("a.csv", text)]).rowSet)
  // One id that stands twice is settled with all rows at hand.
  let repeated = read(setting, [("a.csv", text + "7,C0,2024-01-01,,1,USD\n")], shelf: all)
  #expect(repeated.parts.map(\.held.isPutAway) == [false])
  #expect(repeated.rowSet == putAway.rowSet)
}
