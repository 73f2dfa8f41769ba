import Model

/// The texts of the rows being filled, before they become those of their batch.
///
/// Written through a pointer of its own, because an array asks on every append whether it is shared and whether
/// it has room in it; the batch takes them over a chunk at a time.
struct TextArena: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0
  /// Texts of the configuration, which stand at the beginning of the entity's batch.
  private var constants: [UInt8]
  /// Where the batch will have the first text of this arena.
  private var base: Int

  init(after constants: [UInt8] = []) {
    capacity = 1 << 16
    start = .allocate(capacity: capacity)
    self.constants = constants
    base = constants.count
  }

  deinit {
    start.deallocate()
  }

  /// Appends a text and returns the cell that points at it. A text is at most 16 MiB.
  @inline(__always) mutating func append(_ text: FieldBytes) -> Int64 {
    let cell = Int64(base &+ count) << 24 | Int64(text.count)
    add(text)
    return cell
  }

  /// Appends bytes to the last text.
  @inline(__always) mutating func add(_ text: FieldBytes) {
    guard let source = text.baseAddress else { return }
    let length = text.count
    if capacity &- count < length { grow(by: length) }
    let target = UnsafeMutableRawPointer(start + count)
    if length <= 16 {
      copyShort(source, length, to: target)
    } else if length <= 64 {
      copyMedium(source, length, to: target)
    } else {
      target.copyMemory(from: source, byteCount: length)
    }
    count &+= length
  }

  @inline(__always) mutating func add(_ byte: UInt8) {
    if capacity == count { grow(by: 1) }
    start[count] = byte
    count &+= 1
  }

  /// The cell of a new, empty text.
  var newCell: Int64 { Int64(base &+ count) << 24 }

  /// Takes back what stands behind the first `count` bytes.
  mutating func truncate(to count: Int) { self.count = count }

  /// A text of this arena or of the configuration.
  func text(_ cell: Int64) -> [UInt8] {
    let range = EntityBatch.range(ofText: cell)
    if range.upperBound <= constants.count { return Array(constants[range]) }
    return Array(bytes(cell))
  }

  /// The three letters of a currency, packed in 24 bits.
  @inline(__always) func currencyCode(_ cell: Int64) -> UInt32 {
    let offset = Int(cell >> 24)
    func packed(_ letters: UnsafePointer<UInt8>) -> UInt32 {
      UInt32(letters[0]) << 16 | UInt32(letters[1]) << 8 | UInt32(letters[2])
    }
    if offset >= base { return packed(start + (offset - base)) }
    return constants.withUnsafeBufferPointer { $0.baseAddress.map { packed($0 + offset) } ?? 0 }
  }

  /// A text of this arena, until something is appended.
  @inline(__always) func bytes(_ cell: Int64) -> FieldBytes {
    FieldBytes(start: start + (Int(cell >> 24) - base), count: Int(cell & 0xFF_FFFF))
  }

  /// Moves the texts behind those of `texts`, where the next ones will follow.
  mutating func move(to texts: inout [UInt8]) {
    texts.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
    base = texts.count
    count = 0
  }

  /// Forgets the texts; the next ones will stand at `base` in their batch.
  mutating func begin(at base: Int, after constants: [UInt8]) {
    self.constants = constants
    self.base = base
    count = 0
  }

  private mutating func grow(by length: Int) {
    let larger = max(capacity * 2, count + length)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: start, count: count)
    start.deallocate()
    start = moved
    capacity = larger
  }
}

/// Copies at most 16 bytes with loads that overlap, never touching a byte beside them.
@inline(__always) private func copyShort(
  _ source: UnsafePointer<UInt8>, _ length: Int, to target: UnsafeMutableRawPointer
) {
  let source = UnsafeRawPointer(source)
  if length >= 8 {
    let last = source.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
    target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
    target.storeBytes(of: last, toByteOffset: length &- 8, as: UInt64.self)
  } else if length >= 4 {
    let last = source.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
    target.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
    target.storeBytes(of: last, toByteOffset: length &- 4, as: UInt32.self)
  } else {
    for index in 0..<length {
      target.storeBytes(
        of: source.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
    }
  }
}

/// Copies 17 to 64 bytes likewise.
@inline(__always) private func copyMedium(
  _ source: UnsafePointer<UInt8>, _ length: Int, to target: UnsafeMutableRawPointer
) {
  let source = UnsafeRawPointer(source)
  var done = 0
  while done < length &- 16 {
    target.storeBytes(
      of: source.loadUnaligned(fromByteOffset: done, as: SIMD16<UInt8>.self), toByteOffset: done,
      as: SIMD16<UInt8>.self)
    done &+= 16
  }
  target.storeBytes(
    of: source.loadUnaligned(fromByteOffset: length &- 16, as: SIMD16<UInt8>.self),
    toByteOffset: length &- 16, as: SIMD16<UInt8>.self)
}
