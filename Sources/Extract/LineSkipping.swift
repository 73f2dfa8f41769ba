/// Finding line ends where quotes mean nothing: in lines that are skipped.
enum LineSkipping {
  /// Length of the text through its first line end; nil when there is none, or only half of one may be there.
  static func endOfLine(in text: [UInt8], from start: Int = 0, isLast: Bool) -> Int? {
    text.withUnsafeBufferPointer { text in
      var index = start
      while index < text.count {
        let byte = text[index]
        index += 1
        if byte == 0x0A { return index }
        guard byte == 0x0D else { continue }
        if index == text.count { return isLast ? index : nil }
        return text[index] == 0x0A ? index + 1 : index
      }
      return nil
    }
  }
}
