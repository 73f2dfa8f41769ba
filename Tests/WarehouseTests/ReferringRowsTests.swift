import Testing

@testable import Warehouse

/// Rows come by key, then as they came, also where keys need more than the 32 bits that most are packed into.
@Test(arguments: 1...12)
func rowsAreTakenByKeyThenAsTheyCame(seed: Int) throws {
  var random = Seeded(state: UInt64(seed) &* 7_919)
  let bounds: [UInt64] = [1 << 40, 1 << 32, 50]
  let largest = bounds[seed % 3]
  var rows = ReferringRows()
  var expected: [(key: UInt64, row: Int32)] = []
  #expect(rows.isEmpty)
  for number in 0..<Int(random.next() % 400) {
    // The bounds of what can be packed, too.
    let keys: [UInt64] = [random.next() % largest, 0, largest - 1, (1 << 32) - 1, 7]
    let key = keys[Int(random.next() % 5)]
    expected.append((key, Int32(number + 1)))
    rows.append(key: key, row: Int32(number + 1))
  }
  let sorted = expected.enumerated().sorted {
    ($0.element.key, $0.offset) < ($1.element.key, $1.offset)
  }.map(\.element)
  var found: [(key: UInt64, row: Int32)] = []
  rows.takeInOrder { found.append(($0, $1)) }
  #expect(found.map(\.key) == sorted.map(\.key) && found.map(\.row) == sorted.map(\.row), "seed \(seed)")
  #expect(rows.isEmpty)
}
