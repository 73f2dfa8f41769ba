import Model
import Testing

@testable import Normalize

/// What a read passes over is what was read before, byte by byte; everything else is read as it stands.
@Suite struct RecordFilterTests {
  private static let file: SourceFile = {
    var file = SourceFile(path: "a.csv")
    file.header = ["id", "name", "amount"]
    return file
  }()

  @Test(arguments: 1...40)
  func whatIsPassedOverIsWhatWasThere(_ seed: UInt64) {
    var chance = Chance(seed)
    let before = (0..<Int.random(in: 1...300, using: &chance)).map { row($0, &chance) }
    var after = before
    for _ in 0..<Int.random(in: 0...20, using: &chance) {
      let place = Int.random(in: 0..<max(1, after.count), using: &chance)
      switch Int.random(in: 0..<5, using: &chance) {
      case 0: after.insert(row(1_000 + place, &chance), at: place)
      case 1 where after.count > 1: after.remove(at: place)
      case 2 where !after.isEmpty: after[place] = row(place, &chance)
      case 3 where after.count > 80: after.removeSubrange(place..<min(after.count, place + 80))
      case 4 where after.count > 1: after.swapAt(place, Int.random(in: 0..<after.count, using: &chance))
      default: break
      }
    }
    var first = RecordFilter(nil, Self.file)
    let batchSize = Int.random(in: 1...64, using: &chance)
    for batch in batches(before, batchSize) {
      var kept = batch
      #expect(first.pass(&kept) == 0, "seed \(seed)")
      #expect(texts(kept) == texts(batch), "seed \(seed)")
    }
    #expect(first.trail.digests.count == before.count, "seed \(seed)")
    let known = KnownRecords(
      shape: Self.file.shape, entities: 1, digests: first.trail.digests,
      identities: first.trail.digests.indices.map { UInt32($0) })

    var second = RecordFilter(known, Self.file)
    var read: [[String]] = []
    var passed = 0
    for batch in batches(after, batchSize) {
      var kept = batch
      passed += second.pass(&kept)
      read += texts(kept)
      #expect(kept.fields.count == kept.count * kept.width && kept.raws.count == kept.count, "seed \(seed)")
      // An escape still belongs to the field it was of: the one with a quote in it.
      let quoted = kept.fields.indices.filter { field in fieldText(kept, field).contains("\"") }
      #expect(kept.escapes.map(\.field) == quoted, "seed \(seed)")
    }
    let positions = second.trail.runs.flatMap { run in
      (0..<run.count).map { place in run.known.map { $0 + place } ?? -1 }
    }
    #expect(positions.count == after.count && second.trail.count == after.count, "seed \(seed)")
    #expect(passed == positions.count { $0 >= 0 } && second.trail.passedOver == passed, "seed \(seed)")
    let unseen = Set(before.indices).subtracting(positions.filter { $0 >= 0 })
    #expect(second.trail.unseen.flatMap { Array($0) } == unseen.sorted(), "seed \(seed)")
    #expect(second.trail.digests.count == after.count - passed, "seed \(seed)")
    #expect(second.trail.lines.count == after.count - passed, "seed \(seed)")
    let seen = positions.filter { $0 >= 0 }
    #expect(seen == seen.sorted() && Set(seen).count == seen.count, "seed \(seed)")
    for (record, position) in positions.enumerated() where position >= 0 {
      #expect(after[record] == before[position], "seed \(seed)")
    }
    let wanted = after.indices.filter { positions[$0] < 0 }.map { fields(after[$0]) }
    #expect(read == wanted, "seed \(seed)")
    if after == before { #expect(passed == before.count, "seed \(seed)") }
  }

  @Test func changedRecordsAreFoundAmongUnchangedOnes() {
    var chance = Chance(5)
    let before = (0..<500).map { row($0, &chance) }
    var after = before
    after[100] = "100,other,1"
    after.remove(at: 200)
    after.insert("x,new,1", at: 300)
    var first = RecordFilter(nil, Self.file)
    for batch in batches(before, 50) {
      var batch = batch
      _ = first.pass(&batch)
    }
    let known = KnownRecords(
      shape: Self.file.shape, entities: 1, digests: first.trail.digests,
      identities: [UInt32](repeating: 1, count: 500))
    var second = RecordFilter(known, Self.file)
    let passed = batches(after, 50).reduce(0) { sum, batch in
      var batch = batch
      return sum + second.pass(&batch)
    }
    #expect(passed == 498)
  }

  /// Digests are stored: another way to make them would have every night read everything once.
  @Test(arguments: [1, 3, 64]) func digestsStayWhatTheyWereWhereverARecordStands(_ batchSize: Int) {
    let rows = (0..<40).map { "7,\(String(repeating: "x", count: $0)),1" }
    var filter = RecordFilter(nil, Self.file)
    for batch in batches(rows, batchSize) {
      var batch = batch
      _ = filter.pass(&batch)
    }
    // By a program of another language, byte by byte.
    #expect(filter.trail.digests.reduce(0) { $0 &* 31 &+ $1 } == 0x34C3_C18E_23E6_5787)
  }

  @Test func aFileReadInAnotherWayIsReadAsAWhole() {
    let known = KnownRecords(shape: Self.file.shape, entities: 1, digests: [1], identities: [1])
    let changes: [(inout SourceFile) -> Void] = [
      { $0.delimiter = ";" }, { $0.header = ["id", "amount", "name"] }, { $0.encoding = "latin-1" },
    ]
    for change in changes {
      var file = Self.file
      change(&file)
      #expect(RecordFilter(known, file).trail.known == nil)
    }
    #expect(RecordFilter(known, Self.file).trail.known == known)
  }

  private func row(_ number: Int, _ chance: inout Chance) -> String {
    let name = ["a", "\"a \"\"b\"\"\"", "\"x, y\"", "", "longer than sixteen bytes"].randomElement(
      using: &chance)
    return "\(number),\(name ?? ""),\(Int.random(in: 0..<5, using: &chance))"
  }

  private func fields(_ row: String) -> [String] {
    let (_, batches) = recordBatches("id,name,amount\n\(row)\n")
    return batches.flatMap(texts).first ?? []
  }

  private func batches(_ rows: [String], _ size: Int) -> [RecordBatch] {
    let text = (["id,name,amount"] + rows).joined(separator: "\n") + "\n"
    return recordBatches(text, batchSize: size).batches.map { batch in
      var batch = batch
      for field in batch.fields.indices where fieldText(batch, field).contains("\"") {
        batch.escapes.append(.init(field: field, offset: batch.fields[field].offset))
      }
      return batch
    }
  }

  private func fieldText(_ batch: RecordBatch, _ field: Int) -> String {
    let slice = batch.fields[field]
    return String(
      decoding: batch.bytes[Int(slice.offset)..<Int(slice.offset + slice.length)], as: UTF8.self)
  }

  private func texts(_ batch: RecordBatch) -> [[String]] {
    (0..<batch.count).map { record in
      (0..<batch.width).map { fieldText(batch, record * batch.width + $0) }
    }
  }
}
