import Glibc

/// Writes a file of the landing folder's parts, and knows its digest.
final class PartWriter {
  let path: String
  private var file: PartFile
  private var buffer: [UInt8] = []
  private let hash = FileDigest()
  private(set) var size: Int64 = 0

  private static let room = 1 << 18

  init(_ path: String) throws(StreamFault) {
    self.path = path
    file = PartFile(path: path)
    if let code = file.open(at: 0) { throw Self.fault(path, code) }
    buffer.reserveCapacity(Self.room)
  }

  deinit { file.close() }

  func write(_ bytes: some Collection<UInt8>) throws(StreamFault) {
    size += Int64(bytes.count)
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.room { try flush() }
  }

  func write(_ byte: UInt8) throws(StreamFault) {
    size += 1
    buffer.append(byte)
  }

  private func flush() throws(StreamFault) {
    let code = buffer.withUnsafeBytes { bytes in
      hash.add(bytes)
      return file.write(bytes)
    }
    if let code { throw Self.fault(path, code) }
    buffer.removeAll(keepingCapacity: true)
  }

  /// The SHA-256 of what was written.
  func finish() throws(StreamFault) -> String {
    try flush()
    file.close()
    return hash.finish()
  }

  func remove() {
    file.close()
    unlink(path)
  }

  static func fault(_ path: String, _ code: Int32) -> StreamFault {
    StreamFault(
      .landingNotWritable, path, "the landing folder cannot be written: \(String(cString: strerror(code)))",
      remedy: "make room, or give the account that runs this permission to write there")
  }
}
