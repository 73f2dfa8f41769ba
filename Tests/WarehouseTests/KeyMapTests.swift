import Testing

@testable import Warehouse

/// Near each other, far apart, and both in turn; rising, falling and in no order.
@Test(arguments: 1...20)
func aMapOfKeysAnswersAsADictionaryDoes(seed: UInt64) {
  var random = Seeded(state: seed &* 77_777)
  var map = KeyMap()
  var set = KeySet()
  var known: [Int64: Int32] = [:]
  var next: Int64 = seed % 3 == 0 ? 4_000_000 : 1
  for position in 0..<Int32(3_000) {
    switch seed % 4 {
    case 0: next = Int64.random(in: 1...4_000_000, using: &random)
    case 1: next += position == 700 ? 2_000_000 : 1
    case 2: next = max(1, next - Int64.random(in: 0...2, using: &random))
    default: next += Int64.random(in: 0...(position < 900 ? 900 : 3), using: &random)
    }
    map.set(next, to: position)
    #expect(set.insert(next) == (known[next] == nil))
    known[next] = position
    for key in [next - 1, next, next + 1, next + 40, -next, 0] {
      #expect(map[key] == known[key])
      #expect(set.contains(key) == (known[key] != nil))
    }
  }
  #expect(known.allSatisfy { map[$0] == $1 })
  #expect(set.sorted == known.keys.sorted())
}
