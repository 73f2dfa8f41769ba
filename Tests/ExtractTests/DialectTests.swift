import Extract
import Model
import Testing

@Test func aQuotedFieldKeepsDelimitersQuotesAndLineBreaks() {
  let reading = read("a,b\n1,\"x, \"\"y\"\"\r\nz\"\n\"\",\n")
  #expect(reading.file.header == ["a", "b"])
  #expect(reading.rows == [["1", "x, \"y\"\r\nz"], ["", ""]])
  #expect(reading.quoted == [[false, true], [true, false]])
  #expect(reading.lines == [2, 4])
  #expect(reading.raws == ["1,\"x, \"\"y\"\"\r\nz\"", "\"\","])
}

@Test func fieldsAreFoundInTheFileByLineAndCharacter() {
  let reading = read("k,v,w\n😀é,\"a\"\"\n🎈\",zz\n")
  #expect(reading.places == [["in.csv:2:1", "in.csv:2:4", "in.csv:3:4"]])
}

@Test func theExcerptOfAFieldIsItsLine() {
  let folder = ScratchFolder()
  let path = folder.write("in.csv", Array("k,v\n1,\"a\nb\"\n".utf8))
  let reader = try! DelimitedReader.open(path: path, shownAs: "in.csv", format: FileFormat()).get()
  let batch = reader.next()!
  #expect(batch.excerpt(ofField: 0, inRecord: 0) == "1,\"a")
  #expect(batch.excerpt(ofField: 1, inRecord: 0) == "1,\"a")
  #expect(batch.rawText(ofRecord: 0) == "1,\"a\nb\"")
  #expect(reader.next() == nil)
}

@Test func aDeclaredFooterEndsTheRecords() {
  let text = "a,b\n1,2\nGrand Total,3\n\nCopyright,all rights,reserved\n"
  let reading = read(text, FileFormat(footer: ["Copyright", "Grand Total"]))
  #expect(reading.rows == [["1", "2"]])
  #expect(reading.malformed == [] && reading.findings == [])
  // Nothing is taken for a footer that is not declared.
  let undeclared = read(text)
  #expect(undeclared.rows == [["1", "2"], ["Grand Total", "3"]])
  #expect(undeclared.malformed.map(\.name) == ["long-row"])
}

@Test(arguments: [1, 1 << 20])
func recordsBehindAFooterAreWarnedOf(blockSize: Int) {
  let text = "a,b\n1,2\n\"Total Energies\",9\n3,4\n5,6\nTotal,7\n"
  let reading = read(text, FileFormat(footer: ["Total"]), blockSize: blockSize)
  #expect(reading.rows == [["1", "2"]])
  #expect(reading.names == ["rows-after-footer"])
  #expect(reading.findings.first?.place?.description == "in.csv:3")
  #expect(reading.findings.first?.problem.hasPrefix("2 rows") == true)
}

@Test func commentsAreSkippedOnlyWhereTheyAreDeclared() {
  let text = "# exported\na,b\n# \"one\n1,2\n#3,4\n"
  let reading = read(text, FileFormat(comment: "#"))
  #expect(reading.file.header == ["a", "b"])
  #expect(reading.rows == [["1", "2"]])
  #expect(reading.lines == [4])
  #expect(read(text, FileFormat(skipLines: 1)).malformed.map(\.line) == [3])
}

@Test func anEscapeStandsForTheQuoteOrItself() {
  let format = FileFormat(escape: 0x5C)
  let reading = read("a,b\n\"say \\\"x\\\"\",\"c:\\\\\"\n\"\\d\",\"q\"\"q\"\n\\,1\n", format)
  #expect(reading.rows == [["say \"x\"", "c:\\"], ["\\d", "q\"q"], ["\\", "1"]])
}

@Test func noQuoteAtAllCanBeDeclared() {
  let reading = read("a,b\n\"x,y\"\n", FileFormat(quote: 0))
  #expect(reading.rows == [["\"x", "y\""]])
}

@Test func formatsThatCannotBeReadByAreRefused() {
  let impossible = [
    FileFormat(delimiter: ""), FileFormat(delimiter: "\""), FileFormat(quote: 0x0A), FileFormat(escape: 0x0D),
    FileFormat(header: false, columns: []),
  ]
  for format in impossible {
    let reading = read("a,b\n1,2\n", format)
    #expect(reading.names == ["impossible-format"])
    #expect(reading.findings.first?.remedy != nil)
  }
}

@Test(arguments: ["\n", "\r\n", ",\r"])
func aDelimiterThatBreaksLinesIsWarnedOfAndAnotherDetected(delimiter: String) {
  let reading = read("a;b\n1;2\n", FileFormat(delimiter: delimiter))
  #expect(reading.rows == [["1", "2"]])
  #expect(reading.file.delimiter == ";")
  #expect(reading.names == ["impossible-format"])
  #expect(reading.findings.first?.severity == .warning)
}

@Test func blankRowsAreSkippedWhereThatIsDeclared() {
  let text = ",,\n\u{A0}\na;b\n\n;\n \t;\"\n\"\n1;\n \u{E9};2\n\"\";\u{A0} \n"
  let reading = read(text, FileFormat(skipLines: 1, skippedRows: .blank))
  #expect(reading.file.header == ["a", "b"])
  #expect(reading.rows == [["1", ""], [" \u{E9}", "2"]])
  #expect(reading.malformed == [] && reading.findings == [])
  // Otherwise they are rows with nothing in them, and only lines without any character are none.
  #expect(read("a;b\n\n;\n1;2\n").rows == [["", ""], ["1", "2"]])
}

@Test func mixedLineEndsEndRowsAlike() {
  for blockSize in [1, 2, 3, 1 << 20] {
    let reading = read("a,b\r\n1,2\r3,4\n\r\r\n5,6", blockSize: blockSize)
    #expect(reading.rows == [["1", "2"], ["3", "4"], ["5", "6"]])
    #expect(reading.lines == [2, 3, 6])
    #expect(reading.file.newline == "crlf")
  }
}
