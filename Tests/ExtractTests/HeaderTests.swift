import Extract
import Model
import Testing

@Test func headerNamesAreMadeUniqueAndEachChangeIsSaid() {
  let reading = read("amount, amount ,,id,amount,amount#2,\n1,2,3,4,5,6,7\n")
  #expect(
    reading.file.header == ["amount#1", "amount#3", "column#3", "id", "amount#4", "amount#2", "column#7"])
  #expect(
    reading.findings.map { "\($0.severity) \($0.name) \($0.place!)" } == [
      "warning duplicate-column in.csv:1:8", "warning unnamed-column in.csv:1:17",
      "warning duplicate-column in.csv:1:21",
      "warning unnamed-column in.csv:1:37",
    ])
  #expect(
    reading.findings[0].consequence == "a mapping says `amount#1` for the first and `amount#3` for this one")
  #expect(reading.findings[0].excerpt == "amount, amount ,,id,amount,amount#2,")
  #expect(reading.rows == [["1", "2", "3", "4", "5", "6", "7"]])
}

@Test func aHeaderMayBeQuotedAndRunOverLines() {
  let reading = read("\"say \"\"x\"\"\",\"two\nlines\"\r\n1,2\r\n")
  #expect(reading.file.header == ["say \"x\"", "two\nlines"])
  #expect(reading.file.newline == "crlf")
  #expect(reading.lines == [3])
}

@Test func namesOfAHeaderlessFileAreDeclaredOrNumbered() {
  let declared = read("1,2\n3,4\n", FileFormat(header: false, columns: ["a", "b"]))
  #expect(declared.file.header == ["a", "b"])
  #expect(declared.rows == [["1", "2"], ["3", "4"]])
  let numbered = read("\n1;2;3\n4;5;6\n", FileFormat(header: false))
  #expect(numbered.file.header == ["column#1", "column#2", "column#3"])
  #expect(numbered.rows.count == 2)
  #expect(numbered.lines == [2, 3])
}

@Test func namesDeclaredBesideAHeaderAreSaidToBeIgnored() {
  let reading = read("x,y\n1,2\n", FileFormat(columns: ["a", "b"]))
  #expect(reading.file.header == ["x", "y"])
  #expect(reading.names == ["columns-ignored"])
}

@Test(arguments: ["", "\n\r\n", "\u{FEFF}"])
func aFileWithoutHeaderOrRecordIsWarnedOf(text: String) {
  let reading = read(text)
  #expect(reading.names == ["empty-file"])
  #expect(reading.findings.first?.severity == .warning)
  #expect(reading.file.header == [])
  #expect(reading.rows == [])
}

@Test func aHeaderAloneIsAFileWithoutRecords() {
  for text in ["a,b", "a,b\n", "a,b\r\n\r\n"] {
    let reading = read(text)
    #expect(reading.file.header == ["a", "b"])
    #expect(reading.file.rows == 0)
    #expect(reading.rows == [] && reading.malformed == [] && reading.findings == [])
  }
}

@Test(arguments: [1, 1 << 20])
func linesBeforeTheHeaderAreSkippedWhateverTheyHold(blockSize: Int) {
  let text = "Report \"of\r\n;;;\r\n\r\na,b\r\n1,2\r\n"
  let reading = read(text, FileFormat(skipLines: 3), blockSize: blockSize)
  #expect(reading.file.header == ["a", "b"])
  #expect(reading.file.delimiter == ",")
  #expect(reading.lines == [5])
  #expect(read(text, FileFormat(skipLines: 9), blockSize: blockSize).names == ["empty-file"])
}

@Test func aHeaderThatCannotBeReadIsAnError() {
  let reading = read("a,\"b\n1,2\n")
  #expect(reading.names == ["header-not-readable"])
  #expect(reading.findings.first?.problem.hasPrefix("line 1, the header: ") == true)
}

@Test func delimitersAreDetectedByWhatMostRowsAgreeOn() {
  let files = [
    ("id;name;amount\n1;x;1,50\n2;y;2,75\n", ";"), ("id\tname\n1\tx, y; z\n", "\t"), ("a|b\n1|2\n", "|"),
    ("a,b\n1,\"x;y;z\"\n2,p|q\n", ","), ("Total; all\na,b\n1,2\n3,4\n5,6\n", ";"), ("a\n1\n", ","),
    // One broken row does not turn the decision.
    ("a;b;c\n1;2;3\n4;5\n6,5;7,5;8,5\n", ";"),
  ]
  for (text, delimiter) in files {
    #expect(read(text).file.delimiter == delimiter, "\(text)")
  }
  #expect(read("a\n1\n").names == ["one-column"])
  // With names declared, the delimiter is the one that makes as many fields.
  let names = ["a", "b"]
  #expect(read("1,5;2,5\n3,5;4,5\n", FileFormat(header: false, columns: names)).file.delimiter == ";")
  // Either would make two fields of these: a declared decimal comma decides.
  #expect(read("1,5;2\n3,5;4\n", FileFormat(header: false, columns: names)).file.delimiter == ",")
  #expect(read("1,5;2,5\n3,5;4,5\n", FileFormat(header: false, decimalMark: 0x2C)).file.delimiter == ";")
}
