#if canImport(Glibc)
  import Glibc
#endif

/// Brings rows into the order of their natural ids, byte by byte, whatever order they were read in.
struct NaturalOrder {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var systems: [Int32] = []

  mutating func append(_ id: UnsafeBufferPointer<UInt8>, system: Int32) {
    bytes.append(contentsOf: id)
    ends.append(bytes.count)
    systems.append(system)
  }

  mutating func append(_ id: String, system: Int32) {
    bytes.append(contentsOf: id.utf8)
    ends.append(bytes.count)
    systems.append(system)
  }

  mutating func reserveCapacity(_ count: Int) {
    ends.reserveCapacity(count)
    systems.reserveCapacity(count)
  }

  /// Calls `body` with an id and its system.
  func withID(of row: Int, _ body: (UnsafeBufferPointer<UInt8>, Int32) -> Void) {
    bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[id(row)]), systems[row]) }
  }

  /// The ids of rows that were brought into this order.
  func following(_ places: [Int32]) -> NaturalOrder {
    var rows = places
    for (row, place) in places.enumerated() { rows[Int(place)] = Int32(row) }
    var result = NaturalOrder()
    result.reserveCapacity(rows.count)
    for row in rows { withID(of: Int(row)) { result.append($0, system: $1) } }
    return result
  }

  /// The rows in order.
  func sorted<Row>(_ rows: [Row]) -> [Row] {
    var rows = rows
    _ = sort(&rows)
    return rows
  }

  /// Brings the rows into order, in place: invoice lines are millions. Returns where each of them went.
  func sort<Row>(_ rows: inout [Row]) -> [Int32] {
    let identity = Array(0..<Int32(rows.count))
    guard var order = order(identity) else { return identity }
    var places = identity
    for (place, row) in order.enumerated() { places[Int(row)] = Int32(place) }
    rows.withUnsafeMutableBufferPointer { rows in
      for start in rows.indices where Int(order[start]) != start {
        let first = rows[start]
        var place = start
        while Int(order[place]) != start {
          let next = Int(order[place])
          rows[place] = rows[next]
          order[place] = Int32(place)
          place = next
        }
        rows[place] = first
        order[place] = Int32(place)
      }
    }
    return places
  }

  /// The rows' numbers in the order of their ids; nil where they are in order.
  ///
  /// Only ids that agree in eight bytes behind what all have in common are compared whole.
  private func order(_ identity: [Int32]) -> [Int32]? {
    bytes.withUnsafeBufferPointer { bytes -> [Int32]? in
      func precedes(_ left: Int32, _ right: Int32) -> Bool {
        let (first, second) = (id(Int(left)), id(Int(right)))
        let common = min(first.count, second.count)
        if common > 0, let one = bytes.baseAddress {
          let difference = memcmp(one + first.lowerBound, one + second.lowerBound, common)
          if difference != 0 { return difference < 0 }
        }
        if first.count != second.count { return first.count < second.count }
        if systems[Int(left)] != systems[Int(right)] { return systems[Int(left)] < systems[Int(right)] }
        return left < right
      }
      if identity.dropFirst().allSatisfy({ precedes($0 - 1, $0) }) { return nil }
      var keys = prefixes(bytes)
      sortByRadix(&keys)
      var start = 0
      while start < keys.count {
        var end = start + 1
        while end < keys.count, keys[end].key == keys[start].key { end += 1 }
        if end - start > 1 { keys[start..<end].sort { precedes($0.index, $1.index) } }
        start = end
      }
      return keys.map(\.index)
    }
  }

  /// The eight bytes of each id behind those that all begin with.
  private func prefixes(_ bytes: UnsafeBufferPointer<UInt8>) -> [KeyedRow] {
    let first = UnsafeBufferPointer(rebasing: bytes[id(0)])
    var common = first.count
    for row in ends.indices where common > 0 {
      let other = id(row)
      var same = 0
      while same < min(common, other.count), bytes[other.lowerBound + same] == first[same] { same += 1 }
      common = same
    }
    return ends.indices.map { row in
      let id = id(row)
      var prefix: UInt64 = 0
      for place in id.lowerBound + common..<id.lowerBound + common + 8 {
        prefix = prefix << 8 | UInt64(place < id.upperBound ? bytes[place] : 0)
      }
      return KeyedRow(key: prefix, index: Int32(row))
    }
  }

  private func id(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }
}
