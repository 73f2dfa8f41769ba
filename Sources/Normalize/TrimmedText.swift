/// The text's bytes without the ASCII white space around them, as fields are read.
func trimmed(_ text: String) -> [UInt8] {
  let bytes = Array(text.utf8)
  guard let first = bytes.firstIndex(where: { !isSpace($0) }),
    let last = bytes.lastIndex(where: { !isSpace($0) })
  else {
    return []
  }
  return Array(bytes[first...last])
}
