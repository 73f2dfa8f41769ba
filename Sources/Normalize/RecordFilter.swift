import Model

/// Takes out of a read what was read before: records whose bytes are those of a known record at the place the file has reached.
///
/// Known records are followed in their order, so changed, new and missing ones are found wherever they stand; of an export in another
/// order few are known again, and all the others are read. Records are compared by 64-bit digests, one or a few comparisons each:
/// two different records are taken for equal once in some 10^12 nights of a million records.
public struct RecordFilter {
  public private(set) var trail: RecordTrail
  /// The next known record.
  private var next = 0
  /// How many known records may be missing at one place.
  private static let reach = 64
  private let fileSize: Int
  /// Of the batch at hand, record by record.
  private var isKnown: [Bool] = []

  /// `known` of a file that was read in another way are of no use, and left aside.
  public init(_ known: KnownRecords?, _ file: SourceFile) {
    let shape = file.shape
    fileSize = file.bytes
    trail = RecordTrail(shape: shape, known: known?.shape == shape ? known : nil)
  }

  /// Takes the known records out of a batch; returns how many.
  public mutating func pass(_ batch: inout RecordBatch) -> Int {
    guard batch.count > 0 else { return 0 }
    guard let known = trail.known else {
      note(batch)
      return 0
    }
    let passed = known.digests.withUnsafeBufferPointer { follow(batch, $0) }
    remove(passed, from: &batch)
    return passed
  }

  /// Notes records of which none is known.
  private mutating func note(_ batch: RecordBatch) {
    // An array that grows by doubling takes three times the memory for a while.
    if trail.count == 0, let end = batch.raws.last.map({ Int($0.offset) + Int($0.length) }), end > 0,
      fileSize > end
    {
      let expected = min(batch.count * (fileSize / end + 1) / 16 * 17, fileSize)
      trail.digests.reserveCapacity(expected)
      trail.lines.reserveCapacity(expected)
    }
    trail.lines.append(contentsOf: batch.lines)
    batch.bytes.withUnsafeBufferPointer { bytes in
      for raw in batch.raws { trail.digests.append(Self.digest(bytes, raw)) }
    }
    trail.add(batch.count)
  }

  /// Tells known records of a batch from others; returns how many.
  private mutating func follow(_ batch: RecordBatch, _ known: UnsafeBufferPointer<UInt64>) -> Int {
    isKnown.removeAll(keepingCapacity: true)
    var passed = 0
    /// Known records side by side that are not noted yet.
    var run = next..<next
    batch.bytes.withUnsafeBufferPointer { bytes in
      for record in 0..<batch.count {
        let digest = Self.digest(bytes, batch.raws[record])
        let place = place(of: digest, in: known)
        isKnown.append(place != nil)
        if let place {
          passed += 1
          if place != run.upperBound {
            trail.add(run.count, known: run.lowerBound)
            run = place..<place
          }
          run = run.lowerBound..<place + 1
        } else {
          trail.add(run.count, known: run.lowerBound)
          run = next..<next
          trail.digests.append(digest)
          trail.lines.append(batch.lines[record])
          trail.add(1)
        }
      }
    }
    trail.add(run.count, known: run.lowerBound)
    return passed
  }

  private mutating func place(of digest: UInt64, in known: UnsafeBufferPointer<UInt64>) -> Int? {
    for index in next..<min(known.count, next + Self.reach) where known[index] == digest {
      next = index + 1
      return index
    }
    return nil
  }

  /// Takes out the records that ``follow(_:_:)`` knew, `passed` of them.
  private func remove(_ passed: Int, from batch: inout RecordBatch) {
    guard passed > 0 else { return }
    guard passed < batch.count else {
      batch.escapes.removeAll(keepingCapacity: true)
      batch.fields.removeAll(keepingCapacity: true)
      batch.lines.removeAll(keepingCapacity: true)
      batch.raws.removeAll(keepingCapacity: true)
      return
    }
    let width = batch.width
    var kept = 0
    var (escape, keptEscapes) = (0, 0)
    for record in 0..<batch.count {
      let fields = record * width..<(record + 1) * width
      while escape < batch.escapes.count, batch.escapes[escape].field < fields.upperBound {
        if !isKnown[record] {
          batch.escapes[keptEscapes] = batch.escapes[escape]
          batch.escapes[keptEscapes].field -= (record - kept) * width
          keptEscapes += 1
        }
        escape += 1
      }
      if isKnown[record] { continue }
      if kept != record {
        for field in 0..<width {
          batch.fields[kept * width + field] = batch.fields[fields.lowerBound + field]
        }
        batch.lines[kept] = batch.lines[record]
        batch.raws[kept] = batch.raws[record]
      }
      kept += 1
    }
    batch.escapes.removeLast(batch.escapes.count - keptEscapes)
    batch.fields.removeLast(passed * width)
    batch.lines.removeLast(passed)
    batch.raws.removeLast(passed)
  }

  /// Never 0. Stored, so how it is made never changes without a change of the schema.
  @inline(__always)
  private static func digest(_ bytes: UnsafeBufferPointer<UInt8>, _ raw: RecordBatch.Field) -> UInt64 {
    let length = Int(raw.length)
    let start = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped) + Int(raw.offset)
    var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: length)
    var offset = 0
    while offset + 16 <= length {
      state = fold(
        state ^ start.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
        start.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self) ^ 0xA076_1D64_78BD_642F)
      offset += 16
    }
    let rest = rest(bytes, start + offset, length - offset)
    state = fold(state ^ rest.low, rest.high ^ 0xE703_7ED1_A0B4_28DB)
    state = fold(state ^ 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3 ^ UInt64(truncatingIfNeeded: length))
    return state == 0 ? 1 : state
  }

  /// The last bytes of a record, fewer than 16, as two numbers filled up with zeros.
  @inline(__always) private static func rest(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: UnsafeRawPointer, _ count: Int
  ) -> (low: UInt64, high: UInt64) {
    let end = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped) + bytes.count
    var words: (low: UInt64, high: UInt64) = (0, 0)
    guard end - start >= 16 else {
      withUnsafeMutableBytes(of: &words) {
        $0.copyMemory(from: UnsafeRawBufferPointer(start: start, count: count))
      }
      return words
    }
    // What lies behind the record is read with it, and taken out again.
    words.low = start.loadUnaligned(as: UInt64.self)
    words.high = start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    return count < 8
      ? (words.low & ~(.max &<< UInt64(count * 8)), 0)
      : (words.low, words.high & ~(.max &<< UInt64(count * 8 - 64)))
  }

  @inline(__always) private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low ^ left
  }
}
