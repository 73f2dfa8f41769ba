/// From identity keys to positions: keys are dense, so that an array answers where a hash table would have to search.
struct KeyMap {
  private var first: Int64 = 0
  private var positions: [Int32] = []

  @inline(__always) subscript(key: Int64) -> Int32? {
    let place = Int(key &- first)
    guard place >= 0, place < positions.count, positions[place] >= 0 else { return nil }
    return positions[place]
  }

  mutating func set(_ key: Int64, to position: Int32) {
    if positions.isEmpty { first = key }
    if key < first {
      // At least doubled, so that keys that come in falling order do not move everything each time.
      let room = max(Int(first - key), min(positions.count, Int(first)))
      positions.insert(contentsOf: repeatElement(-1, count: room), at: 0)
      first -= Int64(room)
    }
    let place = Int(key - first)
    if place >= positions.count {
      positions.append(contentsOf: repeatElement(-1, count: place + 1 - positions.count))
    }
    positions[place] = position
  }
}

/// A set of identity keys, likewise; enumerated in ascending order.
struct KeySet {
  private var map = KeyMap()
  private var keys: [Int64] = []

  @inline(__always) func contains(_ key: Int64) -> Bool { map[key] != nil }

  @inline(__always) mutating func insert(_ key: Int64) {
    guard map[key] == nil else { return }
    map.set(key, to: Int32(keys.count))
    keys.append(key)
  }

  var sorted: [Int64] { keys.inOrder { $0 < $1 } }
}
