/// Sorts texts as SQLite's BINARY collation compares them: byte by byte, the shorter first.
///
/// Eight bytes behind what all texts have in common are sorted by radix; only those that agree there are compared whole.
func inByteOrder(_ count: Int, text: (Int) -> UnsafeBufferPointer<UInt8>) -> [Int32] {
  guard count > 1 else { return count == 1 ? [0] : [] }
  let common = commonPrefix(count, text)
  var keys = [KeyedRow]()
  keys.reserveCapacity(count)
  for index in 0..<count {
    let bytes = text(index)
    var prefix: UInt64 = 0
    for offset in 0..<8 {
      let place = common + offset
      prefix = prefix << 8 | UInt64(place < bytes.count ? bytes[place] : 0)
    }
    keys.append((prefix, Int32(index)))
  }
  sortByRadix(&keys)
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
typealias KeyedRow = (key: UInt64, index: Int32)

/// Equal keys keep their order.
func sortByRadix(_ rows: inout [KeyedRow]) { sortByRadix(&rows) { $0.key } }

/// Equal keys keep their order. Least significant byte first; bytes that are the same everywhere cost nothing.
@inline(__always)
func sortByRadix<Element>(_ elements: inout [Element], key: (Element) -> UInt64) {
  guard elements.count > 1 else { return }
  var other = elements
  var counts = [Int](repeating: 0, count: 8 * 256)
  for element in elements {
    let key = key(element)
    for byte in 0..<8 { counts[byte * 256 + Int(key >> (8 * UInt64(byte)) & 0xFF)] += 1 }
  }
  for byte in 0..<8 {
    let shift = 8 * UInt64(byte)
    if counts[byte * 256 + Int(key(elements[0]) >> shift & 0xFF)] == elements.count { continue }
    var next = 0
    for value in 0..<256 {
      let count = counts[byte * 256 + value]
      counts[byte * 256 + value] = next
      next += count
    }
    for element in elements {
      let place = byte * 256 + Int(key(element) >> shift & 0xFF)
      other[counts[place]] = element
      counts[place] += 1
    }
    swap(&elements, &other)
  }
}
