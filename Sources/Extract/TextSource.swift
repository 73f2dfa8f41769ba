/// A file's text as UTF-8, without byte order mark.
final class TextSource {
  private let stream: any ByteStream
  private let form: TextEncoding.Form
  private var converter: TextConverter
  private var markLeft: Int
  private let block: UnsafeMutableRawBufferPointer
  /// Converted text not yet handed out.
  private var converted: [UInt8] = []
  private var handedOut = 0
  private(set) var isAtEnd = false

  init(_ stream: any ByteStream, _ encoding: TextEncoding) {
    self.stream = stream
    form = encoding.form
    markLeft = encoding.markLength
    converter = TextConverter(form)
    block = .allocate(byteCount: form == .utf8 ? 16 : 1 << 16, alignment: 16)
  }

  deinit {
    block.deallocate()
  }

  /// Appends the next `count` bytes of text, fewer only at its end.
  func extend(_ text: inout [UInt8], by count: Int) throws(ReadFault) {
    guard !isAtEnd else { return }
    try text.append(addingCapacity: count) { (span: inout OutputSpan<UInt8>) throws(ReadFault) in
      try span.withUnsafeMutableBufferPointer { (buffer, used) throws(ReadFault) in
        used += try fill(
          UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[used..<used + count]))
      }
    }
  }

  /// Fills the whole buffer unless the text ends; then ``isAtEnd`` is true.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
    while markLeft > 0 {
      let count = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: block[..<markLeft]))
      markLeft = count == 0 ? 0 : markLeft - count
    }
    var filled = 0
    while filled < buffer.count, !isAtEnd {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      filled += form == .utf8 ? try pass(into: rest) : try convert(into: rest)
    }
    return filled
  }

  private func pass(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
    let count = try stream.read(into: buffer)
    if count == 0 { isAtEnd = true }
    return count
  }

  private func convert(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
    if handedOut == converted.count {
      converted.removeAll(keepingCapacity: true)
      handedOut = 0
      let count = try stream.read(into: block)
      if count == 0 {
        converter.finish(into: &converted)
        if converted.isEmpty { isAtEnd = true }
      } else {
        converter.convert(UnsafeRawBufferPointer(rebasing: block[..<count]), into: &converted)
      }
    }
    let count = min(buffer.count, converted.count - handedOut)
    converted.withUnsafeBytes { text in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[handedOut..<handedOut + count]))
    }
    handedOut += count
    return count
  }
}
