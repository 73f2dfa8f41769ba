import Testing

@testable import Warehouse

/// Ids of all kinds: small numbers, far ones, numbers no system writes, short and long texts.
private func randomID(_ random: inout Seeded) -> String {
  switch random.next() % 8 {
  case 0...2: String(random.next() % 3000)
  case 3: String(random.next() % 2_000_000_000)
  case 4: "0" + String(random.next() % 50)
  case 5: String(random.next() % 50) + " "
  case 6: "sub_" + String(random.next() % 5000)
  default: String(repeating: "ab", count: Int(random.next() % 12)) + String(random.next() % 9)
  }
}

@Test(arguments: 1...20)
func anIdentityIndexKnowsWhatADictionaryKnows(seed: Int) {
  print("seed \(seed)")
  var random = Seeded(state: UInt64(seed))
  let index = IdentityIndex()
  var known: [String: Int32] = [:]
  for _ in 0..<20_000 {
    let id = randomID(&random)
    #expect(index.slot(of: id) == known[id], "\(id)")
    guard random.next() % 2 == 0 else { continue }
    let slot = index.slot(adding: id)
    #expect(slot == known[id] ?? Int32(known.count), "\(id)")
    known[id] = slot
  }
  #expect(index.count == known.count)
  for (id, slot) in known {
    #expect(index.slot(of: id) == slot)
    #expect(index.text(of: slot) == id)
  }
  var ordered: [String] = []
  index.forEachInOrder { _, id in ordered.append(String(decoding: id, as: UTF8.self)) }
  #expect(ordered == known.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
}
