/// Takes a file piece by piece, each as long as it is known to be.
final class BlockReader {
  private let file: FileBytes
  private let path: String
  private var block: [UInt8]
  private var filled = 0
  private var at = 0

  init(_ path: String) throws(StreamFault) {
    self.path = path
    do throws(ReadFault) {
      file = try FileBytes(path: path)
    } catch {
      throw Self.fault(path, error)
    }
    block = [UInt8](repeating: 0, count: 1 << 18)
  }

  private static func fault(_ path: String, _ fault: ReadFault) -> StreamFault {
    StreamFault(
      .landingNotWritable, path, "the landing folder cannot be read: \(fault.problem)", remedy: fault.remedy)
  }

  func take(_ count: Int) throws(StreamFault) -> ArraySlice<UInt8> {
    if filled - at < count { try fill(count) }
    defer { at += count }
    return block[at..<(at + count)]
  }

  private func fill(_ count: Int) throws(StreamFault) {
    block.replaceSubrange(0..<(filled - at), with: Array(block[at..<filled]))
    filled -= at
    at = 0
    if block.count < count { block.append(contentsOf: repeatElement(0, count: count - block.count)) }
    while filled < count {
      var fault: ReadFault?
      let read = block.withUnsafeMutableBytes { bytes -> Int in
        do throws(ReadFault) {
          return try file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
        } catch {
          fault = error
          return 0
        }
      }
      if let fault { throw Self.fault(path, fault) }
      guard read > 0 else {
        throw Self.fault(
          path,
          ReadFault(
            name: .fileChanged, problem: "a file is shorter than it was",
            remedy: "check the disk, then run again"))
      }
      filled += read
    }
  }
}
