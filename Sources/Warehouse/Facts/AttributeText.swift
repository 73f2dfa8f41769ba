/// Reads attributes, and remembers what it read: most customers say one of a few things.
struct AttributeReader {
  private var known: [String: [String: String]] = [:]

  mutating func attributes(_ text: String) -> [String: String] {
    if let known = known[text] { return known }
    let read = readAttributes(text)
    if known.count < 10_000 { known[text] = read }
    return read
  }
}

/// Reads the free attributes of a customer: one flat JSON object of texts, as normalization writes it.
///
/// Anything else in it (numbers, nested values) ends the reading; what came before is kept.
func readAttributes(_ text: String) -> [String: String] {
  var attributes: [String: String] = [:]
  var bytes = Array(text.utf8)[...]
  skipSpace(&bytes)
  guard bytes.popFirst() == 0x7B else { return [:] }
  while true {
    skipSpace(&bytes)
    guard let name = readText(&bytes) else { return attributes }
    skipSpace(&bytes)
    guard bytes.popFirst() == 0x3A else { return attributes }
    skipSpace(&bytes)
    guard let value = readText(&bytes) else { return attributes }
    attributes[name] = value
    skipSpace(&bytes)
    guard bytes.popFirst() == 0x2C else { return attributes }
  }
}

/// Writes attributes, and remembers what it wrote, likewise.
final class AttributeWriter {
  private var known: [[String: String]: String] = [:]

  func text(of attributes: [String: String]) -> String {
    if let known = known[attributes] { return known }
    let text = writeAttributes(attributes)
    if known.count < 10_000 { known[attributes] = text }
    return text
  }
}

/// The same object written back, names in byte order.
func writeAttributes(_ attributes: [String: String]) -> String {
  let members = attributes.sorted { $0.key < $1.key }.map { quotedText($0.key) + ":" + quotedText($0.value) }
  return "{" + members.joined(separator: ",") + "}"
}

private func quotedText(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

private func skipSpace(_ bytes: inout ArraySlice<UInt8>) {
  while let first = bytes.first, first == 0x20 || (0x09...0x0D).contains(first) { bytes.removeFirst() }
}

private func readText(_ bytes: inout ArraySlice<UInt8>) -> String? {
  guard bytes.first == 0x22 else { return nil }
  bytes.removeFirst()
  var text: [UInt8] = []
  while let byte = bytes.popFirst() {
    switch byte {
    case 0x22: return String(decoding: text, as: UTF8.self)
    case 0x5C:
      guard let escaped = bytes.popFirst() else { return nil }
      switch escaped {
      case 0x6E: text.append(0x0A)
      case 0x72: text.append(0x0D)
      case 0x74: text.append(0x09)
      case 0x62: text.append(0x08)
      case 0x66: text.append(0x0C)
      case 0x75:
        guard let scalar = readScalar(&bytes) else { return nil }
        text.append(contentsOf: Array(String(Character(scalar)).utf8))
      default: text.append(escaped)
      }
    default: text.append(byte)
    }
  }
  return nil
}

/// The four digits after `\u`, and the other half of a surrogate pair.
private func readScalar(_ bytes: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
  guard let high = readUnit(&bytes) else { return nil }
  guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) }
  guard bytes.starts(with: [0x5C, 0x75]) else { return nil }
  bytes.removeFirst(2)
  guard let low = readUnit(&bytes), (0xDC00..<0xE000).contains(low) else { return nil }
  return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
}

private func readUnit(_ bytes: inout ArraySlice<UInt8>) -> UInt32? {
  guard bytes.count >= 4 else { return nil }
  defer { bytes.removeFirst(4) }
  return UInt32(String(decoding: bytes.prefix(4), as: UTF8.self), radix: 16)
}
