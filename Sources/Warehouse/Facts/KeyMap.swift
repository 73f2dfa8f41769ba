/// From identity keys to positions: keys are dense, so that an array answers where a hash table would have to search.
///
/// Those of a part of a book are not: as long as few keys lie far apart they are in a hash table all the same, since an array over all
/// that lies between them takes longer to be made than to be asked.
struct KeyMap {
  private struct Entry {
    var key: Int64 = 0
    var position: Int32 = -1
  }

  /// As many places of the array may be free for each that is not.
  private static let room = 16

  /// The key of the first position.
  private var first: Int64 = 0
  private var positions: [Int32] = []
  /// Empty once there is an array; a power of two long.
  private var table: [Entry] = []
  private var count = 0

  @inline(__always) subscript(key: Int64) -> Int32? {
    guard table.isEmpty else { return find(key) }
    let place = Int(key &- first)
    guard place >= 0, place < positions.count, positions[place] >= 0 else { return nil }
    return positions[place]
  }

  @inline(__always) mutating func set(_ key: Int64, to position: Int32) {
    let place = Int(key &- first)
    guard place >= 0, place < positions.count else { return add(key, position) }
    if positions[place] < 0 { count += 1 }
    positions[place] = position
  }

  /// Sets a key that is not in the array's reach.
  private mutating func add(_ key: Int64, _ position: Int32) {
    let reach = max(key + 1, first + Int64(positions.count)) - min(key, first)
    if !positions.isEmpty, reach > Int64((count + 64) * Self.room) {
      var entries: [Entry] = []
      for (place, position) in positions.enumerated() where position >= 0 {
        entries.append(Entry(key: first + Int64(place), position: position))
      }
      positions = []
      makeTable(entries)
    }
    guard !positions.isEmpty else { return insert(key, position) }
    if key < first {
      // At least doubled, so that keys that come in falling order do not move everything each time.
      let room = max(Int(first - key), min(positions.count, Int(first)))
      positions.insert(contentsOf: repeatElement(-1, count: room), at: 0)
      first -= Int64(room)
    } else {
      let missing = Int(key - first) + 1 - positions.count
      positions.append(contentsOf: repeatElement(-1, count: missing))
    }
    count += 1
    positions[Int(key - first)] = position
  }

  private func find(_ key: Int64) -> Int32? {
    let entry = table[place(of: key)]
    return entry.position < 0 ? nil : entry.position
  }

  /// Where a key is, or belongs.
  private func place(of key: Int64) -> Int {
    let mask = table.count - 1
    var place = Int(truncatingIfNeeded: UInt64(bitPattern: key) &* 0x9E37_79B9_7F4A_7C15 >> 32) & mask
    while table[place].position >= 0, table[place].key != key { place = (place + 1) & mask }
    return place
  }

  private mutating func insert(_ key: Int64, _ position: Int32) {
    if count * 2 >= table.count {
      grow()
      if table.isEmpty { return set(key, to: position) }
    }
    let place = place(of: key)
    if table[place].position < 0 { count += 1 }
    table[place] = Entry(key: key, position: position)
  }

  /// Twice the table, or the array where that takes no more than its share.
  private mutating func grow() {
    let entries = table.filter { $0.position >= 0 }
    if let least = entries.map(\.key).min(), let most = entries.map(\.key).max(),
      most - least < Int64(entries.count * Self.room)
    {
      first = least
      positions = Array(repeating: -1, count: Int(most - least) + 1)
      for entry in entries { positions[Int(entry.key - least)] = entry.position }
      table = []
    } else {
      makeTable(entries)
    }
  }

  private mutating func makeTable(_ entries: [Entry]) {
    var size = 64
    while size < entries.count * 4 { size *= 2 }
    table = Array(repeating: Entry(), count: size)
    for entry in entries { table[place(of: entry.key)] = entry }
  }
}

/// What was noted of identity keys, in bits: who asks for several looks in one place.
struct KeyMarks<Mark: OptionSet> where Mark.RawValue == Int32 {
  private var map = KeyMap()
  private var keys: [Int64] = []

  @inline(__always) func contains(_ mark: Mark, _ key: Int64) -> Bool { marks(of: key).isSuperset(of: mark) }

  @inline(__always) mutating func insert(_ mark: Mark, _ key: Int64) {
    let known = map[key]
    if known == nil { keys.append(key) }
    let marks = Mark(rawValue: known ?? 0)
    if !marks.isSuperset(of: mark) { map.set(key, to: marks.union(mark).rawValue) }
  }

  /// The keys it was noted of, in ascending order.
  func sorted(_ mark: Mark) -> [Int64] { keys.filter { contains(mark, $0) }.inOrder { $0 < $1 } }

  @inline(__always) private func marks(of key: Int64) -> Mark { Mark(rawValue: map[key] ?? 0) }
}

/// A set of identity keys, likewise; enumerated in ascending order.
struct KeySet {
  private var map = KeyMap()
  private var keys: [Int64] = []

  @inline(__always) func contains(_ key: Int64) -> Bool { map[key] != nil }

  /// False for one that is in it already.
  @discardableResult
  @inline(__always) mutating func insert(_ key: Int64) -> Bool {
    guard map[key] == nil else { return false }
    map.set(key, to: Int32(keys.count))
    keys.append(key)
    return true
  }

  var sorted: [Int64] { keys.inOrder { $0 < $1 } }
}
