import Model

/// A JSON document before it is text; members keep the order in which they are given.
indirect enum JSONValue {
  case text(String)
  case integer(Int128)
  case flag(Bool)
  case null
  case list([JSONValue])
  case object([(String, JSONValue)])

  init(_ text: String?) { self = text.map { .text($0) } ?? .null }

  /// UTF-8 that ends with a line break. What stands at most `depth` deep has a line of its own, what is further in shares one.
  func bytes(depth: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, level: 0, depth: depth)
    bytes.append(0x0A)
    return bytes
  }

  private func write(to bytes: inout [UInt8], level: Int, depth: Int) {
    switch self {
    case .text(let text): JSONText.append(text, to: &bytes)
    case .integer(let number): bytes += Array(String(number).utf8)
    case .flag(let flag): bytes += Array((flag ? "true" : "false").utf8)
    case .null: bytes += Array("null".utf8)
    case .list(let items):
      Self.enclose(0x5B, 0x5D, items.count, &bytes, level, depth) { number, bytes in
        items[number].write(to: &bytes, level: level + 1, depth: depth)
      }
    case .object(let members):
      Self.enclose(0x7B, 0x7D, members.count, &bytes, level, depth) { number, bytes in
        JSONText.append(members[number].0, to: &bytes)
        bytes += [0x3A, 0x20]
        members[number].1.write(to: &bytes, level: level + 1, depth: depth)
      }
    }
  }

  private static func enclose(
    _ open: UInt8, _ close: UInt8, _ count: Int, _ bytes: inout [UInt8], _ level: Int, _ depth: Int,
    _ item: (Int, inout [UInt8]) -> Void
  ) {
    func breakLine(_ level: Int) {
      bytes.append(0x0A)
      bytes.append(contentsOf: repeatElement(0x20, count: 2 * level))
    }
    bytes.append(open)
    let hasLines = level < depth && count > 0
    for number in 0..<count {
      if number > 0 { bytes += hasLines ? [0x2C] : [0x2C, 0x20] }
      if hasLines { breakLine(level + 1) }
      item(number, &bytes)
    }
    if hasLines { breakLine(level) }
    bytes.append(close)
  }
}
