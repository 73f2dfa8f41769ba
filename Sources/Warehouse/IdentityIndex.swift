import Model

/// The natural ids of one entity of one system, each with a dense slot: a hash table over bytes, without a `String` per id.
///
/// An id of up to seven bytes is its table entry: one look in memory says whether it is there. Ids that are numbers without large gaps, as
/// most systems count them, need no hash at all: an array says their slots.
final class IdentityIndex {
  private struct Entry {
    /// The id itself with its length in the last byte, or the hash of a longer one with that byte all ones.
    var word: UInt64
    /// Slot + 1; 0 where the place is free.
    var slot: Int32
  }

  /// The warehouse's key of each slot; 0 until ``IdentityRegistry`` has given it one.
  private(set) var keys: [Int64] = []
  private var starts: [Int] = [0]
  private var arena: [UInt8] = []
  private var inTable = 0
  /// A power of two long.
  private var table: UnsafeMutableBufferPointer<Entry>
  /// Slot + 1 of the ids that are small numbers, by number.
  private var numbered: [Int32] = []
  /// How many numbers stand in the table instead, since they were too far off when they came.
  private var hashedNumbers = 0
  /// Slots without a key yet.
  private(set) var fresh: [Int32] = []
  /// Gives the stored key of an id that is not in the index yet, 0 for none; nil once all stored ones are in it.
  var stored: ((UnsafeBufferPointer<UInt8>) -> Int64)?

  init(expecting count: Int = 0) {
    var size = 1024
    while size < count * 2 { size *= 2 }
    table = .allocate(capacity: size)
    table.initialize(repeating: Entry(word: 0, slot: 0))
  }

  deinit { table.deallocate() }

  var count: Int { keys.count }

  /// Makes room for so many more; what is not needed is never touched.
  func reserve(_ more: Int) {
    keys.reserveCapacity(count + more)
    starts.reserveCapacity(count + more + 1)
    fresh.reserveCapacity(fresh.count + more)
  }

  @inline(__always) func slot(of id: UnsafeBufferPointer<UInt8>) -> Int32? {
    let number = Self.number(id)
    if number >= 0 {
      if number < numbered.count, numbered[number] != 0 { return numbered[number] - 1 }
      if hashedNumbers == 0 { return storedSlot(of: id) }
    }
    let found = table[find(id, Self.word(of: id))].slot
    return found == 0 ? storedSlot(of: id) : found - 1
  }

  private func storedSlot(of id: UnsafeBufferPointer<UInt8>) -> Int32? {
    guard let key = stored?(id), key != 0 else { return nil }
    return slot(adding: id, key: key)
  }

  func slot(of id: String) -> Int32? {
    var id = id
    return id.withUTF8 { slot(of: $0) }
  }

  /// The slot of an id, a new one if it is not known; `key` 0 marks it fresh.
  @inline(__always) func slot(adding id: UnsafeBufferPointer<UInt8>, key: Int64 = 0) -> Int32 {
    let number = Self.number(id)
    if number >= 0 {
      if number < numbered.count, numbered[number] != 0 { return numbered[number] - 1 }
      if hashedNumbers == 0, number <= 1024 + 4 * keys.count { return add(id, number: number, key: key) }
    }
    let word = Self.word(of: id)
    let place = find(id, word)
    let found = table[place].slot
    guard found == 0 else { return found - 1 }
    if number >= 0 { hashedNumbers += 1 }
    table[place] = Entry(word: word, slot: Int32(keys.count) + 1)
    let slot = add(id, key: key)
    inTable += 1
    if inTable * 2 > table.count { grow() }
    return slot
  }

  func slot(adding id: String, key: Int64 = 0) -> Int32 {
    var id = id
    return id.withUTF8 { slot(adding: $0, key: key) }
  }

  private func add(_ id: UnsafeBufferPointer<UInt8>, number: Int, key: Int64) -> Int32 {
    if number >= numbered.count {
      let room = max(number + 1, 2 * numbered.count) - numbered.count
      numbered.append(contentsOf: repeatElement(0, count: room))
    }
    numbered[number] = Int32(keys.count) + 1
    return add(id, key: key)
  }

  @inline(__always) private func add(_ id: UnsafeBufferPointer<UInt8>, key: Int64) -> Int32 {
    let slot = Int32(keys.count)
    let key = key == 0 ? stored?(id) ?? 0 : key
    keys.append(key)
    arena.append(contentsOf: id)
    starts.append(arena.count)
    if key == 0 { fresh.append(slot) }
    return slot
  }

  func text(of slot: Int32) -> String {
    String(decoding: arena[starts[Int(slot)]..<starts[Int(slot) + 1]], as: UTF8.self)
  }

  @inline(__always) func withText(of slot: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void)
    rethrows
  {
    try arena.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[starts[Int(slot)]..<starts[Int(slot) + 1]]))
    }
  }

  /// Hands out every id with its key, in the order of the ids' bytes.
  func forEachInOrder(_ body: (Int64, UnsafeBufferPointer<UInt8>) throws -> Void) rethrows {
    try arena.withUnsafeBufferPointer { arena in
      func text(_ slot: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: arena[starts[slot]..<starts[slot + 1]])
      }
      for slot in inByteOrder(count, text: text) { try body(keys[Int(slot)], text(Int(slot))) }
    }
  }

  /// Gives every fresh slot the next keys, in the order of their ids' bytes when `sorted`, and hands out each.
  func assignKeys(after last: Int64, sorted: Bool, _ body: (Int64, UnsafeBufferPointer<UInt8>) throws -> Void)
    rethrows
  {
    if sorted {
      fresh = arena.withUnsafeBufferPointer { arena in
        inByteOrder(fresh.count) { position in
          let slot = Int(fresh[position])
          return UnsafeBufferPointer(rebasing: arena[starts[slot]..<starts[slot + 1]])
        }.map { fresh[Int($0)] }
      }
    }
    var key = last
    for slot in fresh {
      key += 1
      keys[Int(slot)] = key
      try withText(of: slot) { try body(key, $0) }
    }
    fresh.removeAll()
  }

  @inline(__always) private func find(_ id: UnsafeBufferPointer<UInt8>, _ word: UInt64) -> Int {
    let mask = table.count - 1
    var place = Int(truncatingIfNeeded: Self.spread(word)) & mask
    while table[place].slot != 0 {
      if table[place].word == word, id.count < 8 || matches(table[place].slot - 1, id) { break }
      place = (place + 1) & mask
    }
    return place
  }

  private func matches(_ slot: Int32, _ id: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[Int(slot)]
    guard starts[Int(slot) + 1] - start == id.count else { return false }
    return arena.withUnsafeBufferPointer { arena in
      for index in 0..<id.count where arena[start + index] != id[index] { return false }
      return true
    }
  }

  private func grow() {
    let old = table
    table = .allocate(capacity: old.count * 2)
    table.initialize(repeating: Entry(word: 0, slot: 0))
    let mask = table.count - 1
    for entry in old where entry.slot != 0 {
      var place = Int(truncatingIfNeeded: Self.spread(entry.word)) & mask
      while table[place].slot != 0 { place = (place + 1) & mask }
      table[place] = entry
    }
    old.deallocate()
  }

  /// The number an id is, written as numbers are; -1 for any other.
  @inline(__always) private static func number(_ id: UnsafeBufferPointer<UInt8>) -> Int {
    guard id.count > 0, id.count < 10, id[0] != 0x30 else { return -1 }
    var number = 0
    for byte in id {
      let digit = Int(byte) - 0x30
      guard digit >= 0, digit < 10 else { return -1 }
      number = number * 10 + digit
    }
    return number
  }

  @inline(__always) private static func word(of id: UnsafeBufferPointer<UInt8>) -> UInt64 {
    guard id.count < 8 else {
      var digest = RowDigest()
      digest.add(id)
      return digest.value | 0xFF << 56
    }
    var word: UInt64 = 0
    for byte in id { word = word << 8 | UInt64(byte) }
    return word | UInt64(id.count) << 56
  }

  /// Words of short ids differ in few bits: mixed, so that they do not crowd.
  @inline(__always) private static func spread(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
