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
