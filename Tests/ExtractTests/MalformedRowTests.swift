import Extract
import Model
import Testing

private func spoilt(_ reading: Reading) -> [String] {
  reading.malformed.map { "\($0.line):\($0.column) \($0.name)" }
}

@Test func aShortRowIsMalformedWhereItEnds() {
  let reading = read("a,b,c\n1,é\n1,2,3\nx\n")
  #expect(reading.rows == [["1", "2", "3"]])
  #expect(spoilt(reading) == ["2:4 short-row", "4:2 short-row"])
  #expect(reading.malformed[0].raw == "1,é")
  #expect(reading.reasons == ["2 fields, 3 expected", "1 field, 3 expected"])
  #expect(reading.file.rows == 1)
}

@Test func aLongRowIsMalformedAtItsFirstFieldTooMany() {
  let reading = read("a,b\n1,\"x\ny\",\"3\",4\n")
  #expect(spoilt(reading) == ["3:4 long-row"])
  #expect(
    reading.reasons == [
      "4 fields, 2 expected; the first one too many is here; with its quoted line breaks the row runs over 2 lines"
    ])
}

@Test func aQuoteNeverClosedSpoilsItsLineAndNoOther() {
  let rows = (1...2000).map { "\($0),x\n" }.joined()
  let reading = read("a,b\n0,\"open\n" + rows, blockSize: 1 << 10)
  #expect(spoilt(reading) == ["2:3 open-quote"])
  #expect(reading.reasons[0].contains("never closed; only this line is set aside"))
  #expect(reading.malformed[0].raw == "0,\"open")
  #expect(reading.rows.count == 2000)
  #expect(reading.lines.last == 2002)
}

@Test func aQuoteClosedByALaterRowsQuoteSpoilsItsLineAndNoOther() {
  let reading = read("a,b\n1,\"Acme\n2,x\n3,\"y\"\n4,z\n")
  #expect(reading.rows == [["2", "x"], ["3", "y"], ["4", "z"]])
  #expect(spoilt(reading) == ["2:3 open-quote"])
}

@Test func textBehindAClosingQuoteSpoilsTheRow() {
  let reading = read("a,b\n1,\"Acme\" Inc\n2,x\n")
  #expect(reading.rows == [["2", "x"]])
  #expect(spoilt(reading) == ["2:10 text-after-quote"])
}

@Test func manyOpenQuotesDoNotMakeReadingSlow() {
  // Each quote would scan to the end of the file if scanning began anew at every line with a quote still open.
  let text = "a,b\n" + String(repeating: "1,\"x\n", count: 20_001)
  let reading = read(text)
  #expect(reading.malformed.count == 20_001)
  #expect(reading.rows == [])
}

@Test func aRowLongerThanTheBoundIsLeftOutToTheEndOfItsLine() {
  for blockSize in [16, 100, 1 << 16] {
    let long = String(repeating: "y", count: 5000)
    let text = "a,b\n1,x\n2,\(long)\r\n3,z\n4,\"\(long)\n\(long)\n5,w\n"
    let reading = read(Array(text.utf8), blockSize: blockSize, rowSize: 1000)
    #expect(reading.rows.first == ["1", "x"])
    #expect(reading.rows.last == ["5", "w"])
    #expect(reading.rows.contains(["3", "z"]))
    #expect(reading.lines.last == 7)
    if blockSize < 1 << 16 {
      #expect(spoilt(reading).first == "3:1 row-too-long")
      #expect(reading.malformed.count == 3)
    }
  }
}

@Test(arguments: [1 << 10, 1 << 20])
func aFieldOfManyMegabytesIsRead(blockSize: Int) {
  let large = String(repeating: "abcdefgh\"\"\n", count: 300_000)
  let reading = read("a,b\n1,\"\(large)\"\n2,x\n", blockSize: blockSize)
  #expect(reading.rows.count == 2)
  #expect(reading.rows[0][1].utf8.count == 300_000 * 10)
  #expect(reading.lines == [2, 300_003])
}

@Test func aRowOfManyFieldsIsRead() {
  let header = (0..<1_500).map { "c\($0)" }.joined(separator: ",")
  let row = (0..<1_500).map { "\($0)" }.joined(separator: ",")
  let reading = read(header + "\n" + row + "\n", blockSize: 1000)
  #expect(reading.file.header.count == 1_500)
  #expect(reading.rows.first?.last == "1499")
  #expect(reading.places.first?.last == "in.csv:2:\(row.utf8.count - 3)")
}
