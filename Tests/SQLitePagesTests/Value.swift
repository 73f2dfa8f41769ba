/// A value as SQLite keeps it.
enum Value: Equatable, CustomStringConvertible {
  case null
  case integer(Int64)
  case real(Double)
  case text([UInt8])
  case blob([UInt8])

  var description: String {
    switch self {
    case .null: "NULL"
    case .integer(let value): "\(value)"
    case .real(let value): "real \(value)"
    case .text(let bytes): "text[\(bytes.count)] \(String(decoding: bytes.prefix(20), as: UTF8.self))"
    case .blob(let bytes): "blob[\(bytes.count)] \(bytes.prefix(20))"
    }
  }
}

/// Random numbers that a seed repeats (SplitMix64).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// An integer of any width, often at the edge of one.
  mutating func integer() -> Int64 {
    switch below(4) {
    case 0: return Int64(below(4)) - 1
    case 1:
      let edge = Int64(1) << Int64([7, 8, 15, 16, 23, 24, 31, 32, 47, 48, 53, 62][below(12)])
      return (chance(50) ? edge : -edge) + Int64(below(3)) - 1
    case 2: return [Int64.min, .max, .min + 1, .max - 1][below(4)]
    default: return Int64(bitPattern: next()) >> Int64(below(64))
    }
  }

  mutating func real() -> Double {
    switch below(4) {
    case 0: return Double(below(7) - 3)
    case 1: return Double(integer())
    case 2:
      return [
        0.0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0x1p63, -0x1p63,
        9_007_199_254_740_992, 1e-300,
      ][below(10)]
    default: return Double(Int64(bitPattern: next()) >> Int64(below(64))) / 1024
    }
  }

  /// Bytes of a length around the edges of what a page or a cell holds; few are long.
  mutating func bytes(pageSize: Int) -> [UInt8] {
    let count: Int
    switch below(100) {
    case 0..<15: count = 0
    case 15..<80: count = below(20)
    case 80..<95: count = 50 + below(20)
    case 95..<98: count = below(pageSize)
    case 98: count = pageSize + below(pageSize)
    default: count = below(40) == 0 ? 100_000 + below(10_000) : below(3 * pageSize)
    }
    // Few letters, so that texts share beginnings; NUL and bytes that are not UTF-8 among them.
    let letters: [UInt8] = [0, 0x61, 0x62, 0x61, 0x7f, 0x80, 0xc3, 0xff]
    // Sixteen of them, over and over.
    let choice = next()
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
      for position in 0..<min(count, 16) {
        bytes[position] = letters[Int(choice >> UInt64(3 * position) & 7)]
      }
      var done = min(count, 16)
      while done < count, let start = bytes.baseAddress {
        let more = min(done, count - done)
        (start + done).update(from: start, count: more)
        done += more
      }
      initialized = count
    }
  }
}
