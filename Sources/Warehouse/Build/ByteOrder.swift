/// Sorts texts as SQLite's BINARY collation compares them: byte by byte, the shorter first.
///
/// Eight bytes behind what all texts have in common are sorted by radix; only those that agree there are compared whole.
func inByteOrder(_ count: Int, text: (Int) -> UnsafeBufferPointer<UInt8>) -> [Int32] {
  var room = SortingRoom()
  return inByteOrder(count, &room, text: text)
}

/// The same for who sorts again and again, in memory that stays.
func inByteOrder(
  _ count: Int, _ room: inout SortingRoom, text: (Int) -> UnsafeBufferPointer<UInt8>
) -> [Int32] {
  guard count > 1 else { return count == 1 ? [0] : [] }
  let common = commonPrefix(count, text)
  var keys: [KeyedRow] = []
  swap(&keys, &room.keys)
  defer { swap(&keys, &room.keys) }
  keys.removeAll(keepingCapacity: true)
  keys.reserveCapacity(count)
  for index in 0..<count {
    let bytes = text(index)
    var prefix: UInt64 = 0
    for offset in 0..<8 {
      let place = common + offset
      prefix = prefix << 8 | UInt64(place < bytes.count ? bytes[place] : 0)
    }
    keys.append(KeyedRow(key: prefix, index: Int32(index)))
  }
  sortByRadix(&keys, &room.spare)
  var start = 0
  while start < count {
    var end = start + 1
    while end < count, keys[end].key == keys[start].key { end += 1 }
    if end - start > 1 {
      keys[start..<end].sort { text(Int($0.index)).lexicographicallyPrecedes(text(Int($1.index))) }
    }
    start = end
  }
  return keys.map(\.index)
}

private func commonPrefix(_ count: Int, _ text: (Int) -> UnsafeBufferPointer<UInt8>) -> Int {
  let first = text(0)
  var length = first.count
  for index in 1..<count {
    let other = text(index)
    var same = 0
    while same < min(length, other.count), first[same] == other[same] { same += 1 }
    length = same
    if length == 0 { break }
  }
  return length
}

/// What is sorted by, and what it is of.
struct KeyedRow: BitwiseCopyable {
  var key: UInt64
  var index: Int32
}

/// What texts are sorted in.
struct SortingRoom {
  fileprivate var keys: [KeyedRow] = []
  fileprivate var spare: [KeyedRow] = []
}

/// Equal keys keep their order.
func sortByRadix(_ rows: inout [KeyedRow]) { sortByRadix(&rows) { $0.key } }

/// The same with room that stays.
private func sortByRadix(_ rows: inout [KeyedRow], _ spare: inout [KeyedRow]) {
  let count = rows.count
  if spare.count < count { spare = Array(repeating: KeyedRow(key: 0, index: 0), count: count) }
  rows.withUnsafeMutableBufferPointer { rows in
    spare.withUnsafeMutableBufferPointer { spare in
      guard let start = rows.baseAddress, let other = spare.baseAddress else { return }
      let sorted = sortByRadix(start, count, spare: other) { $0.key }
      if sorted != start { start.update(from: sorted, count: count) }
    }
  }
}

/// Equal keys keep their order.
@inline(__always)
func sortByRadix<Element: BitwiseCopyable>(_ elements: inout [Element], key: (Element) -> UInt64) {
  let count = elements.count
  guard count > 1 else { return }
  let spare = UnsafeMutablePointer<Element>.allocate(capacity: count)
  defer { spare.deallocate() }
  elements.withUnsafeMutableBufferPointer { elements in
    guard let start = elements.baseAddress else { return }
    let sorted = sortByRadix(start, count, spare: spare, key: key)
    if sorted != start { start.update(from: sorted, count: count) }
  }
}

/// Sorts so many elements with as much spare room; returns which of the two they are in then. Equal keys keep their order.
///
/// Least significant byte first; bytes that are the same everywhere cost nothing, and neither does what is in order already.
@inline(__always)
func sortByRadix<Element: BitwiseCopyable>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, spare: UnsafeMutablePointer<Element>,
  key: (Element) -> UInt64
) -> UnsafeMutablePointer<Element> {
  guard count > 1 else { return elements }
  let first = key(elements[0])
  var (differing, ascends, last): (UInt64, Bool, UInt64) = (0, true, first)
  for index in 0..<count {
    let next = key(elements[index])
    differing |= next ^ first
    if next < last { ascends = false }
    last = next
  }
  if ascends { return elements }
  var (from, to) = (elements, spare)
  withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
    for shift in stride(from: UInt64(0), to: 64, by: 8) where differing >> shift & 0xFF != 0 {
      places.initialize(repeating: 0)
      for index in 0..<count { places[Int(key(from[index]) >> shift & 0xFF)] += 1 }
      var next = 0
      for value in 0..<256 {
        let count = places[value]
        places[value] = next
        next += count
      }
      for index in 0..<count {
        let element = from[index]
        let value = Int(key(element) >> shift & 0xFF)
        (to + places[value]).initialize(to: element)
        places[value] += 1
      }
      swap(&from, &to)
    }
  }
  return from
}
