import Model
import Testing

@testable import Extract

@Test func rowsAreFoundAgainByTheirLine() throws {
  let folder = ScratchFolder()
  let path = folder.write("in.csv", Array("a,b\n1,\"two\nlines\"\n\n3,4\n5,\"6\"\"\"\n7,8\n".utf8))
  let reader = try DelimitedReader.open(path: path, shownAs: "in.csv", format: FileFormat()).get()
  let found = rawRecords(ofLines: [2, 6, 99], in: reader.file, at: path, of: sourceOf([]))
  #expect(found.records.mapValues(\.text) == [2: "1,\"two\nlines\"", 6: "5,\"6\"\"\""])
  #expect(found.findings.isEmpty)
}

@Test func rowsOfAFileThatHasChangedAreNotLookedFor() throws {
  let folder = ScratchFolder()
  let path = folder.write("in.csv", Array("a,b\n1,2\n".utf8))
  let reader = try DelimitedReader.open(path: path, shownAs: "in.csv", format: FileFormat()).get()
  folder.write("in.csv", Array("a,b\n1,3\n".utf8))
  let found = rawRecords(ofLines: [2], in: reader.file, at: path, of: sourceOf([]))
  #expect(found.records.isEmpty)
  #expect(found.findings.map(\.name) == ["file-changed"])
  #expect(found.findings.first?.severity == .error)
}

@Test func aBatchReadIntoUsedMemoryHoldsItsOwnRecordsOnly() throws {
  let folder = ScratchFolder()
  let rows = (1...500).map {
    $0 % 7 == 0 ? "\($0),\"q\"\"\($0)\"\n" : $0 % 11 == 0 ? "\($0)\n" : "\($0),x\($0)\n"
  }
  let path = folder.write("in.csv", Array(("a,b\n" + rows.joined()).utf8))
  var limits = ReaderLimits()
  limits.blockSize = 300
  let fresh = try DelimitedReader.open(path: path, shownAs: "in.csv", format: FileFormat(), limits: limits)
    .get()
  let reusing = try DelimitedReader.open(path: path, shownAs: "in.csv", format: FileFormat(), limits: limits)
    .get()
  var (expected, found) = (Reading(), Reading())
  while let batch = fresh.next() { expected.add(batch) }
  var batch = RecordBatch(width: 0)
  while reusing.next(into: &batch) { found.add(batch) }
  #expect(found == expected)
  #expect(found.rows.count + found.malformed.count == 500)
}
