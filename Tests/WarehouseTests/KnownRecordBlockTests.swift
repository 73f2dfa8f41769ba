import GRDB
import Model
import Testing

@testable import Warehouse

/// Whatever comes, goes and stays from night to night, the records that are kept are those of the latest one in their order; and blocks
/// of which nothing changed are not written again.
@Test(arguments: 1...30)
func recordsKeptInBlocksAreThoseOfTheLatestNight(seed: UInt64) throws {
  var random = Seeded(state: seed &* 0x9E6D_62D0)
  func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a", "C")]))
  let entities = 1 + Int(seed % 3)
  var made: UInt64 = 0
  func new() -> Kept {
    made += 1
    return Kept(
      digest: made, identities: (0..<entities).map { UInt32(truncatingIfNeeded: made) &* 7 + UInt32($0) })
  }
  var records: [Kept] = []
  for night in 0..<8 {
    let before = records
    // Some at one place, some here and there; or all anew.
    var isGone = Set((0..<draw(20)).map { _ in draw(max(1, before.count)) })
    if draw(3) == 0, !before.isEmpty {
      let start = draw(before.count)
      isGone.formUnion(start..<min(before.count, start + draw(2_000)))
    }
    if draw(9) == 0 { isGone = Set(before.indices) }
    let place = draw(before.count + 1)
    var comes: [Int: Int] = [place: night == 0 ? 5_000 : [0, 1, 40, 3_000][draw(4)]]
    for _ in 0..<draw(9) { comes[draw(before.count + 1)] = 1 + draw(3) }
    // Most come last.
    if draw(2) == 0 { comes[before.count] = 1 + draw(40) }
    records = []
    var runs: [Run] = []
    for position in 0...before.count {
      let more = (0..<(comes[position] ?? 0)).map { _ in new() }
      if !more.isEmpty { runs.append(.new(more)) }
      records += more
      guard position < before.count, !isGone.contains(position) else { continue }
      if case .known(let last)? = runs.last, last.upperBound == position {
        runs[runs.count - 1] = .known(last.lowerBound..<position + 1)
      } else {
        runs.append(.known(position..<position + 1))
      }
      records.append(before[position])
    }
    let comment: Comment = "seed \(seed), night \(night)"
    try warehouse.run { transaction in
      var blocks = KnownRecordBlocks(transaction.database, source: 1, entities: entities)
      // With so little room between them, blocks have to be written anew now and then.
      if seed % 2 == 0 { blocks.spacing = 3 }
      let empty = KnownRecords(shape: "csv", entities: entities)
      let known = try #require(try blocks.read(empty, count: before.count), comment)
      let changes = transaction.database.totalChangesCount
      try blocks.write(over: night == 0 ? nil : known) { writer in
        for run in runs {
          switch run {
          case .known(let positions): try writer.add(known, positions)
          case .new(let more):
            for record in more {
              for identity in record.identities { writer.add(identity: identity) }
              try writer.add(digest: record.digest)
            }
          }
        }
      }
      let written = transaction.database.totalChangesCount - changes
      let found = try #require(try blocks.read(empty, count: records.count), comment)
      #expect(found.digests == records.map(\.digest), comment)
      #expect(found.identities == records.flatMap(\.identities), comment)
      #expect(found.blocks.map(\.place) == found.blocks.map(\.place).sorted(), comment)
      #expect(found.blocks.allSatisfy { (1...blocks.capacity).contains($0.count) }, comment)
      #expect(found.blocks.dropLast().allSatisfy { $0.count >= blocks.capacity / 2 }, comment)
      if seed % 2 == 1 {
        let changed = isGone.count + comes.values.reduce(0) { $0 + 2 + $1 / blocks.capacity }
        #expect(written <= 4 + 3 * changed, comment)
      }
      return .publish
    }
  }
  #expect(try warehouse.rows("pragma integrity_check") == [["ok"]])
}

private struct Kept: Equatable {
  var digest: UInt64
  var identities: [UInt32]
}

private enum Run {
  case known(Range<Int>)
  case new([Kept])
}

@Test func aWarehouseOfTheEighteenthSchemaReadsAllRecordsOnceMore() throws {
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a", "C")]))
  try warehouse.goBack(toSchema: 18)
  let source = try #require(Int64(try warehouse.rows("select source from source")[0][0]))
  try warehouse.warehouse.queue.write {
    try $0.execute(
      sql: "insert into known_record values (?, 'terms', 'csv', 1, zeroblob(12))", arguments: [source])
  }
  let migrated = try Warehouse(opening: warehouse.path)
  #expect(try migrated.queue.read { try Int.fetchOne($0, sql: "select count(*) from known_record") } == 0)
  #expect(try WarehouseReader(reading: warehouse.path).integrityProblems().isEmpty)
}
