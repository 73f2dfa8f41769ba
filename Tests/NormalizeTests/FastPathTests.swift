import Model
import Testing

@testable import Normalize

/// Texts near those a fast path takes: digits with signs, marks and letters in odd places.
private func text(_ chance: inout Chance, of characters: String, _ length: ClosedRange<Int>) -> [UInt8] {
  let letters = Array(characters.utf8)
  return (0..<chance.number(length)).map { _ in letters[chance.number(0...letters.count - 1)] }
}

@Test(arguments: [1, 2, 3] as [UInt64])
func shortNumbersAreReadAsTheCarefulReaderReadsThem(seed: UInt64) {
  var chance = Chance(seed)
  var taken = 0
  for _ in 0..<30_000 {
    let characters = chance.number(0...3) == 0 ? "0123456789.,- e+\u{1}é" : "0012345678901."
    let bytes = (chance.number(0...9) == 0 ? [0x2D] : []) + text(&chance, of: characters, 0...9)
    for mark in [0x2E, 0x2C] as [UInt8] {
      bytes.withUnsafeBufferPointer { bytes in
        guard let short = ShortDecimal(bytes, mark: mark) else { return }
        taken += 1
        var scanner = NumberScanner(text: bytes, format: NumberFormat(decimalMark: mark))
        scanner.read()
        let careful = scanner.number.scaled(by: 6)
        #expect(
          careful.fault == .none && careful.value == short.scaled(by: 6), "seed \(seed): \(Array(bytes))")
      }
    }
  }
  #expect(taken > 10_000)
}

@Test(arguments: [1, 2, 3] as [UInt64])
func isoDatesAreReadAsTheCalendarHasThem(seed: UInt64) throws {
  let reader = try #require(DateReader(.iso, bound: nil))
  var chance = Chance(seed)
  var exist = 0
  for _ in 0..<30_000 {
    let year = chance.number(0...2) == 0 ? chance.number(0...9999) : chance.number(1890...2110)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let padded = String(repeating: "0", count: 4 - String(year).count) + String(year)
    var written = "\(padded)-\(two(chance.number(0...13)))-\(two(chance.number(0...32)))"
    if chance.number(0...1) == 0 {
      written += "T\(two(chance.number(0...25))):\(two(chance.number(0...61))):\(two(chance.number(0...61)))Z"
    }
    var bytes = Array(written.utf8)
    if chance.number(0...4) == 0 {
      bytes[chance.number(0...bytes.count - 1)] = UInt8(chance.number(0...255))
    }
    let cell = bytes.withUnsafeBufferPointer { reader.read($0) }
    // What the model reads, the reader reads so; the reader knows more forms of an instant.
    if let moment = Moment(iso: String(decoding: bytes, as: UTF8.self)) {
      exist += 1
      #expect(cell.fault == .none && cell.value == moment.packed, "seed \(seed): \(written)")
    } else if bytes.count == 10 {
      #expect(cell.fault != .none, "seed \(seed): \(written)")
    }
  }
  #expect(exist > 10_000)
}

@Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
func rowsOfOneIdAreFoundWhetherIdsAscendOrNot(seed: UInt64) {
  var chance = Chance(seed)
  let isSorted = seed % 2 == 0
  var batches: [(file: Int, batch: EntityBatch)] = []
  var rows: [String: [RowPosition]] = [:]
  var next = chance.number(0...95)
  for file in 0..<3 {
    var batch = EntityBatch(kind: .customer)
    for row in 0..<chance.number(0...400) {
      next += isSorted ? chance.number(1...3) : chance.number(-40...40)
      let id = seed % 3 == 0 ? "customer-\(1_000_000 + next)" : "\(abs(next))"
      var cells = [Int64](repeating: EntityColumn.null, count: batch.width)
      cells[0] = batch.appendText(id)
      batch.cells += cells
      batch.lines.append(Int32(row + 2))
      rows[id, default: []].append(RowPosition(file: file, row: row))
    }
    batches.append((file, batch))
  }
  let table = KeyTable(batches)
  var groups: [[RowPosition]] = []
  table.forEachGroup { groups.append($0) }
  let expected = rows.values.filter { $0.count > 1 }.sorted {
    ($0[0].file, $0[0].row) < ($1[0].file, $1[0].row)
  }
  #expect(groups == expected, "seed \(seed)")
  #expect(isSorted == groups.isEmpty, "seed \(seed)")
  for (id, positions) in rows { #expect(table.rows(withKey: id) == positions, "seed \(seed): \(id)") }
  for id in ["", "0-", "nobody", "99999999999", "customer-999999"] {
    #expect(table.rows(withKey: id) == rows[id, default: []], "seed \(seed): \(id)")
  }
}
