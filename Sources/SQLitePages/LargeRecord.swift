import Glibc

/// A record that does not fit its cell, in one piece.
struct LargeRecord {
  private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 1)

  func deallocate() { bytes.deallocate() }

  /// Takes the sealed record over, keeps `local` bytes for the cell and writes the rest; returns the first overflow page.
  mutating func spill(
    _ record: RecordBuffer, size: Int, local: Int, spill: Spill, to output: PageOutput
  ) throws(PageFileError) -> UInt32 {
    if bytes.count < size {
      bytes.deallocate()
      bytes = .allocate(byteCount: 2 * size, alignment: 1)
    }
    if let start = bytes.bindMemory(to: UInt8.self).baseAddress { record.copy(to: start) }
    return try spill.write(UnsafeRawBufferPointer(rebasing: bytes[local..<size]), to: output)
  }

  /// Copies the cell's part and, after it, the address of the rest.
  func copy(local: Int, overflow: UInt32, to cell: UnsafeMutablePointer<UInt8>) {
    if let start = bytes.baseAddress { memcpy(cell, start, local) }
    UnsafeMutableRawPointer(cell + local).storeBytes(of: overflow.bigEndian, as: UInt32.self)
  }
}
