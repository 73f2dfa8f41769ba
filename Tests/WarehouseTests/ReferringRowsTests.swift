import Foundation
import Testing

@testable import Warehouse

/// Rows come by key, then as they came, whether they stay in memory or go to a file in several runs.
@Test(arguments: 1...24)
func rowsAreTakenByKeyThenAsTheyCame(seed: Int) throws {
  var random = Seeded(state: UInt64(seed) &* 7_919)
  let largest: UInt64 = seed % 2 == 0 ? 1 << 32 : 50
  let rows = ReferringRows(folder: FileManager.default.temporaryDirectory.path, runLength: 512)
  var expected: [(key: UInt64, row: Int32)] = []
  #expect(rows.isEmpty)
  // Less than a run, whole runs, and some more.
  let count = [0, 1, 511, 512, 513, 1024, 3000, 512 * 40][seed % 8]
  for number in 0..<count {
    let keys: [UInt64] = [random.next() % largest, 0, largest - 1, 7]
    let key = keys[Int(random.next() % 4)]
    expected.append((key, Int32(number + 1)))
    try rows.append(key: key, row: Int32(number + 1))
  }
  #expect(rows.isEmpty == (count == 0))
  let sorted = expected.enumerated().sorted {
    ($0.element.key, $0.offset) < ($1.element.key, $1.offset)
  }.map(\.element)
  var found: [(key: UInt64, row: Int32)] = []
  try rows.takeInOrder { found.append(($0, $1)) }
  #expect(found.map(\.key) == sorted.map(\.key) && found.map(\.row) == sorted.map(\.row), "seed \(seed)")
  #expect(rows.isEmpty)
}

/// A run longer than what is read of it at once.
@Test func aLongRunIsReadInPieces() throws {
  let rows = ReferringRows(folder: FileManager.default.temporaryDirectory.path, runLength: 32_768)
  for row in 1...Int32(100_000) { try rows.append(key: UInt64(row % 977), row: row) }
  var last: (UInt64, Int32) = (0, 0)
  var count = 0
  try rows.takeInOrder { key, row in
    #expect(last < (key, row) && key == UInt64(row % 977))
    last = (key, row)
    count += 1
  }
  #expect(count == 100_000)
}
