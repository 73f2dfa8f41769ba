import Glibc

/// A landed file that is not what the server says it sent.
struct NotWhole: Error {
  var fault: TransferEnd.Fault
}

/// The SHA-256 of a fetched file, once everything the reply says of it is true: its length, its digests, the end of its
/// compressed data.
func wholeness(of path: String, _ reply: Reply) -> Result<String, NotWhole> {
  if let text = reply.header("content-length"), let length = Int64(text), length != reply.size {
    return .failure(.init(fault: .notWhole("\(reply.size) of \(length) bytes came")))
  }
  var claims: [DigestClaim] = DigestClaim.all(in: reply)
  let digest = FileDigest()
  do throws(ReadFault) {
    let file = try FileBytes(path: path)
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { block.deallocate() }
    while true {
      let count = try file.read(into: block)
      if count == 0 { break }
      let bytes = UnsafeRawBufferPointer(rebasing: block[..<count])
      digest.add(bytes)
      for index in claims.indices { claims[index].add(bytes) }
    }
    for claim in claims where !claim.isTrue {
      return .failure(.init(fault: .notWhole("the file's digest is not the one in `\(claim.header)`")))
    }
    try file.rewind()
    if let fault = try endOfCompressedData(file) { return .failure(.init(fault: fault)) }
  } catch {
    return .failure(.init(fault: .notWhole(error.problem)))
  }
  return .success(digest.finish())
}

/// Reads compressed data to its end: what is cut off must be fetched again, not be kept until somebody reads it.
private func endOfCompressedData(_ file: FileBytes) throws(ReadFault) -> TransferEnd.Fault? {
  let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  defer { block.deallocate() }
  let stream = try decompressed(file, ReaderLimits()).stream
  do throws(ReadFault) {
    while try stream.read(into: block) > 0 {}
  } catch {
    // Too much is for the reader to say, which knows the bounds.
    return error.name == .gzipTooLarge ? nil : .notWhole(error.problem)
  }
  return nil
}
