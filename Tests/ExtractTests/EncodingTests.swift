import Extract
import Foundation
import Model
import Testing

private let text = "id,name,amount\r\n1,\"Zoë, \"\"Ü\"\"\r\nÅ\",5\r\n2,ß,7\r\n"

private func encoded(_ text: String, _ encoding: String.Encoding) -> [UInt8] {
  Array(text.data(using: encoding)!)
}

@Test(arguments: [1, 2, 3, 7, 1 << 20])
func theSameTextReadsAlikeInEveryEncoding(blockSize: Int) {
  let plain = read(text, blockSize: blockSize)
  #expect(plain.rows == [["1", "Zoë, \"Ü\"\r\nÅ", "5"], ["2", "ß", "7"]])
  let inputs:
    [(bytes: [UInt8], declared: FileFormat.Encoding?, encoding: String, decision: String, findings: [String])] =
      [
        ([0xEF, 0xBB, 0xBF] + Array(text.utf8), nil, "utf-8", "bom", []),
        (Array(text.utf8), .utf8, "utf-8", "declared", []),
        (encoded(text, .isoLatin1), .latin1, "latin-1", "declared", []),
        (encoded(text, .isoLatin1), nil, "latin-1", "detected", ["encoding-detected"]),
        ([0xFF, 0xFE] + encoded(text, .utf16LittleEndian), nil, "utf-16le", "bom", []),
        ([0xFF, 0xFE] + encoded(text, .utf16LittleEndian), .utf16, "utf-16le", "bom", []),
        ([0xFE, 0xFF] + encoded(text, .utf16BigEndian), nil, "utf-16be", "bom", []),
        (encoded(text, .utf16LittleEndian), nil, "utf-16le", "detected", ["encoding-detected"]),
        (encoded(text, .utf16BigEndian), nil, "utf-16be", "detected", ["encoding-detected"]),
        (encoded(text, .utf16BigEndian), .utf16, "utf-16be", "declared", []),
        (encoded(text, .utf16BigEndian), .utf16be, "utf-16be", "declared", []),
        (encoded(text, .utf16LittleEndian), .utf16le, "utf-16le", "declared", []),
        ([0xEF, 0xBB, 0xBF] + Array(text.utf8), .latin1, "utf-8", "bom", ["encoding-contradicted"]),
      ]
  for input in inputs {
    let reading = read(input.bytes, FileFormat(encoding: input.declared), blockSize: blockSize)
    let shown = "\(input.encoding) \(input.decision)"
    #expect(reading.rows == plain.rows, "\(shown)")
    #expect(reading.raws == plain.raws, "\(shown)")
    #expect(reading.places == plain.places, "\(shown)")
    #expect(reading.malformed == [], "\(shown)")
    #expect(reading.file.header == ["id", "name", "amount"], "\(shown)")
    #expect(reading.file.newline == "crlf")
    #expect([reading.file.encoding, reading.file.encodingDecision] == [input.encoding, input.decision])
    #expect(reading.names == input.findings, "\(shown)")
  }
}

@Test func characterByCharacterUTF16IsTheSameAsFoundation() {
  let all = (0x20...0x2FFF).compactMap { Unicode.Scalar($0 as UInt32) }.filter { $0 != "\"" && $0 != "," }
  let astral = (0x1F600...0x1F64F).compactMap { Unicode.Scalar($0 as UInt32) }
  let text = "x,y\n" + String(String.UnicodeScalarView(all + astral)) + ",1\n"
  let reading = read([0xFF, 0xFE] + encoded(text, .utf16LittleEndian))
  #expect(reading.rows == read(text).rows)
  #expect(reading.rows.count == 1)
}

@Test func whatIsCalledLatin1HoldsTheEuroSignAndCurlyQuotesOfWindows() {
  let all = (0x80...0xFF).map { UInt8($0) }
  let reading = read(Array("x,y\n1,".utf8) + all + [0x0A], FileFormat(encoding: .latin1))
  var expected = encoded("€", .windowsCP1252) == [0x80] ? "" : "this platform has no such encoding"
  // The five bytes that Windows-1252 leaves open are control characters, as in browsers.
  for byte in all {
    expected += String(bytes: [byte], encoding: .windowsCP1252) ?? String(Unicode.Scalar(byte))
  }
  #expect(reading.rows == [["1", expected]])
}

@Test func oneWrongByteFarBehindMakesTheWholeFileLatin1() {
  // The first rows are valid UTF-8, and must not be read as if the last byte did not stand there.
  let start = Array("a,b\nü,1\n".utf8)
  let filler = Array(String(repeating: "x,2\n", count: 100_000).utf8)
  let reading = read(start + filler + [0xFC, 0x2C, 0x33, 0x0A], blockSize: 1 << 12)
  #expect(reading.file.encoding == "latin-1")
  #expect(reading.names == ["encoding-detected"])
  #expect(reading.rows.first == ["Ã¼", "1"])
  #expect(reading.rows.last == ["ü", "3"])
  #expect(reading.malformed == [])
}

@Test func wrongBytesInADeclaredFileSpoilTheirRows() {
  let bytes = Array("a,b\né,1\nx".utf8) + [0xE9] + Array(",2\n3,4\n".utf8)
  for encoding in [FileFormat.Encoding.utf8, nil] {
    let mark: [UInt8] = encoding == nil ? [0xEF, 0xBB, 0xBF] : []
    let reading = read(mark + bytes, FileFormat(encoding: encoding))
    #expect(reading.rows == [["é", "1"], ["3", "4"]])
    #expect(reading.malformed == [.init(line: 3, column: 2, name: "not-text", raw: "x\u{FFFD},2")])
    #expect(reading.file.encoding == "utf-8")
  }
}

@Test(arguments: [1, 1 << 20])
func halfASurrogatePairSpoilsItsRow(blockSize: Int) {
  let pairs: [([UInt16], String)] = [([0xD83D], "high"), ([0xDE00], "low"), ([0xD83D, 0xD83D], "two high")]
  for (wrong, which) in pairs {
    let units = Array("a,b\n1,".utf16) + wrong + Array("\n😀,4\n".utf16)
    let bytes = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let reading = read([0xFF, 0xFE] + bytes, blockSize: blockSize)
    #expect(reading.rows == [["😀", "4"]], "\(which)")
    #expect(reading.malformed.map { "\($0.line):\($0.column) \($0.name)" } == ["2:3 not-text"], "\(which)")
    let cut = read([0xFF, 0xFE] + bytes + [0x41], blockSize: blockSize)
    #expect(cut.malformed.map(\.line) == [2, 4], "\(which)")
  }
}

@Test func aHeaderInAnotherEncodingThanDeclaredIsAnError() {
  let reading = read([0x4E, 0xE4, 0x2C, 0x62, 0x0A, 0x31, 0x2C, 0x32], FileFormat(encoding: .utf8))
  #expect(reading.names == ["header-not-readable"])
  #expect(reading.findings.map(\.severity) == [.error])
}

@Test func everyByteThatIsNotUTF8IsNoticed() {
  // Each case is one ill-formed sequence of Unicode's table 3-7, at every offset of the words it is checked in.
  let wrong: [[UInt8]] = [
    [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
    [0xF0, 0x8F, 0xBF, 0xBF],
    [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFE], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xE2, 0x41],
  ]
  for sequence in wrong {
    for offset in 0..<40 {
      let row = Array(repeating: UInt8(0x61), count: offset) + sequence
      let reading = read(Array("h\n".utf8) + row + [0x0A], FileFormat(encoding: .utf8, delimiter: ","))
      let expected = Reading.Spoilt(
        line: 2, column: offset + 1, name: "not-text", raw: String(decoding: row, as: UTF8.self))
      #expect(reading.malformed == [expected], "\(sequence) at \(offset)")
    }
  }
  let right: [[UInt8]] = [
    [0xC2, 0x80], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
  ]
  for sequence in right {
    let reading = read(Array("h\n".utf8) + sequence + [0x0A])
    #expect(reading.file.encoding == "utf-8")
    #expect(reading.rows == [[String(decoding: sequence, as: UTF8.self)]])
  }
}

@Test func nulBytesSpoilTheirRowAndNoOther() {
  let reading = read("a,b\n1,x\0y\n2,z\n" + String(repeating: "\0", count: 5000))
  #expect(reading.rows == [["2", "z"]])
  #expect(reading.malformed.map { "\($0.line):\($0.column) \($0.name)" } == ["2:4 nul-byte", "4:1 nul-byte"])
  #expect(reading.malformed.last?.raw.utf8.count == 4096)
}
