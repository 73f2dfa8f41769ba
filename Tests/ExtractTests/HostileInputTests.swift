import Extract
import Model
import Testing

/// Random text made of what breaks readers, in a random dialect.
private struct HostileInput {
  var text: [UInt8] = []
  var format: FileFormat

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let delimiter = [",", ";", "\t", "|", ", ", "||", " | ", "§"].randomElement(using: &random)!
    format = FileFormat(encoding: .utf8, delimiter: delimiter, header: false)
    if Int.random(in: 0..<4, using: &random) == 0 {
      format.quote = [0x27, 0x7C, 0].randomElement(using: &random)!
    }
    if delimiter.utf8.contains(format.quote) { format.quote = 0x22 }
    if Int.random(in: 0..<4, using: &random) == 0 { format.escape = 0x5C }
    if Int.random(in: 0..<3, using: &random) == 0 {
      format.comment = ["#", "--"].randomElement(using: &random)!
    }
    format.skippedRows = FileFormat.SkippedRows.allCases.randomElement(using: &random)!
    if Bool.random(using: &random) {
      format.columns = (0..<Int.random(in: 1...4, using: &random)).map { "c\($0)" }
    }
    let quote = String(decoding: [format.quote == 0 ? 0x22 : format.quote], as: UTF8.self)
    let ordinary = ["a", "bc", " ", "é", "😀", "0123456789", "\t", "#", "--", "\\"]
    let special = [
      delimiter, delimiter, quote, quote, quote + quote, "\n", "\r\n", "\r", delimiter + quote, quote + "\n",
    ]
    let isDirty = Int.random(in: 0..<4, using: &random) == 0
    for _ in 0..<Int.random(in: 0..<60, using: &random) {
      let pieces = Int.random(in: 0..<5, using: &random) < 2 ? ordinary : special
      text += Array(pieces.randomElement(using: &random)!.utf8)
      if isDirty, Int.random(in: 0..<12, using: &random) == 0 {
        text.append([0, 0xFF, 0xC3, 0x80].randomElement(using: &random)!)
      }
    }
    // A mark at the beginning would be one, not text.
    if text.starts(with: [0x00]) { text[0] = 0x61 }
  }
}

@Test(arguments: 0..<20)
func everyTextIsReadAsAPlainParserReadsItWhateverTheBlockSize(part: Int) {
  for seed in UInt64(part * 150)..<UInt64(part * 150 + 150) {
    let input = HostileInput(seed: seed)
    let expected = ReferenceParser(input.text, input.format)
    var random = SeededGenerator(seed: seed)
    for blockSize in [1 << 20, 1, Int.random(in: 2...64, using: &random)] {
      let found = read(input.text, input.format, blockSize: blockSize)
      let shown =
        "seed \(seed), block size \(blockSize), \(String(reflecting: String(decoding: input.text, as: UTF8.self)))"
      #expect(found.rows == expected.rows, "\(shown)")
      #expect(found.quoted == expected.quoted, "\(shown)")
      #expect(found.lines == expected.lines, "\(shown)")
      #expect(found.raws == expected.raws, "\(shown)")
      #expect(found.malformed == expected.malformed, "\(shown)")
      #expect(found.places == expected.places, "\(shown)")
      #expect(found.findings == [], "\(shown)")
    }
  }
}
