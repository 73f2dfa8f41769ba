import Model

/// The natural ids of one entity of one system, each with a dense slot: a hash table over bytes, without a `String` per id.
final class IdentityIndex {
  /// The warehouse's key of each slot; 0 until ``IdentityRegistry`` has given it one.
  private(set) var keys: [Int64] = []
  private var starts: [Int] = [0]
  private var arena: [UInt8] = []
  private var hashes: [UInt64] = []
  /// Slot + 1, or 0; a power of two long.
  private var table: [Int32]
  /// Slots without a key yet.
  private(set) var fresh: [Int32] = []

  init(expecting count: Int = 0) {
    var size = 1024
    while size < count * 2 { size *= 2 }
    table = [Int32](repeating: 0, count: size)
  }

  var count: Int { keys.count }

  func slot(of id: UnsafeBufferPointer<UInt8>) -> Int32? {
    let place = find(id, Self.hash(id))
    return table[place] == 0 ? nil : table[place] - 1
  }

  func slot(of id: String) -> Int32? {
    var id = id
    return id.withUTF8 { slot(of: $0) }
  }

  /// The slot of an id, a new one if it is not known; `key` 0 marks it fresh.
  func slot(adding id: UnsafeBufferPointer<UInt8>, key: Int64 = 0) -> Int32 {
    let hash = Self.hash(id)
    let place = find(id, hash)
    if table[place] != 0 { return table[place] - 1 }
    let slot = Int32(keys.count)
    table[place] = slot + 1
    keys.append(key)
    hashes.append(hash)
    arena.append(contentsOf: id)
    starts.append(arena.count)
    if key == 0 { fresh.append(slot) }
    if keys.count * 2 > table.count { grow() }
    return slot
  }

  func slot(adding id: String, key: Int64 = 0) -> Int32 {
    var id = id
    return id.withUTF8 { slot(adding: $0, key: key) }
  }

  func text(of slot: Int32) -> String {
    String(decoding: arena[starts[Int(slot)]..<starts[Int(slot) + 1]], as: UTF8.self)
  }

  /// Gives every fresh slot the next keys, in the order of their ids' bytes when `sorted`, and hands out each.
  func assignKeys(after last: Int64, sorted: Bool, _ body: (Int64, UnsafeBufferPointer<UInt8>) throws -> Void)
    rethrows
  {
    if sorted {
      fresh.sort {
        arena[starts[Int($0)]..<starts[Int($0) + 1]].lexicographicallyPrecedes(
          arena[starts[Int($1)]..<starts[Int($1) + 1]])
      }
    }
    var key = last
    for slot in fresh {
      key += 1
      keys[Int(slot)] = key
      try arena.withUnsafeBufferPointer {
        try body(key, UnsafeBufferPointer(rebasing: $0[starts[Int(slot)]..<starts[Int(slot) + 1]]))
      }
    }
    fresh.removeAll()
  }

  private func find(_ id: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
    let mask = table.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while table[place] != 0 {
      let slot = Int(table[place] - 1)
      if hashes[slot] == hash, starts[slot + 1] - starts[slot] == id.count, matches(slot, id) { break }
      place = (place + 1) & mask
    }
    return place
  }

  private func matches(_ slot: Int, _ id: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[slot]
    return arena.withUnsafeBufferPointer { arena in
      for index in 0..<id.count where arena[start + index] != id[index] { return false }
      return true
    }
  }

  private func grow() {
    table = [Int32](repeating: 0, count: table.count * 2)
    let mask = table.count - 1
    for slot in 0..<keys.count {
      var place = Int(truncatingIfNeeded: hashes[slot]) & mask
      while table[place] != 0 { place = (place + 1) & mask }
      table[place] = Int32(slot) + 1
    }
  }

  private static func hash(_ id: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var digest = RowDigest()
    digest.add(id)
    return digest.value
  }
}
