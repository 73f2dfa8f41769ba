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

  /// The rows in order, and where each of the given ones went.
  func sorted<Row>(_ rows: [Row]) -> (rows: [Row], places: [Int32]) {
    let identity = Array(0..<Int32(rows.count))
    let order = bytes.withUnsafeBufferPointer { bytes -> [Int32]? in
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
      return identity.sorted(by: precedes)
    }
    guard let order else { return (rows, identity) }
    var places = identity
    for (place, row) in order.enumerated() { places[Int(row)] = Int32(place) }
    return (order.map { rows[Int($0)] }, places)
  }

  private func id(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }
}
