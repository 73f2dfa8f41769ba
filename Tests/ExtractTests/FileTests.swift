import Extract
import Foundation
import Model
import Testing

private func onlyFinding(_ path: String) -> Finding? {
  let reading = read(path: path)
  return reading.findings.count == 1 ? reading.findings[0] : nil
}

@Test func aFileThatCannotBeReadIsAFindingWithARemedy() throws {
  let folder = ScratchFolder()
  mkfifo(folder.path + "/pipe.csv", 0o600)
  let inputs = [
    (folder.path + "/none.csv", "file-not-found"), (folder.path + "/none/none.csv", "file-not-found"),
    (folder.path, "not-a-file"), (folder.path + "/pipe.csv", "not-a-file"),
    (folder.write("book.csv", [0x50, 0x4B, 3, 4, 20]), "not-text-file"),
    (folder.write("old.xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1]), "not-text-file"),
    (folder.write("wide.csv", [0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0]), "not-text-file"),
  ]
  for (path, name) in inputs {
    let finding = try #require(onlyFinding(path))
    #expect(finding.name == name, "\(path)")
    #expect(finding.severity == .error)
    #expect(finding.place == Place(file: "in.csv"))
    #expect(finding.remedy?.isEmpty == false)
    #expect(finding.consequence?.isEmpty == false)
  }
}

@Test(.enabled(if: geteuid() != 0, "root may read everything"))
func aFileWithoutPermissionIsAFinding() throws {
  let folder = ScratchFolder()
  let path = folder.write("in.csv", [0x61])
  chmod(path, 0)
  #expect(try #require(onlyFinding(path)).name == "file-not-readable")
}

@Test func aFileWrittenToWhileItIsReadIsAnError() throws {
  let folder = ScratchFolder()
  let path = folder.write("in.csv", Array(("a,b\n" + String(repeating: "1,2\n", count: 1000)).utf8))
  var limits = ReaderLimits()
  limits.blockSize = 256
  let reader = try DelimitedReader.open(path: path, shownAs: "in.csv", format: FileFormat(), limits: limits)
    .get()
  #expect(reader.next() != nil)
  let descriptor = open(path, O_WRONLY)
  ftruncate(descriptor, 1000)
  close(descriptor)
  while reader.next() != nil {}
  #expect(reader.findings.map(\.name) == ["file-changed"])
  #expect(reader.findings.first?.severity == .error)
  #expect(reader.next() == nil)
}

@Test func rowsAreCountedWhileTheyAreRead() throws {
  let folder = ScratchFolder()
  let path = folder.write("in.csv", Array("a;b\n1;2\n3\n4;5\n".utf8))
  let reader = try DelimitedReader.open(path: path, shownAs: "exports/in.csv", format: FileFormat()).get()
  #expect(reader.file.rows == 0)
  #expect(reader.file.path == "exports/in.csv")
  while reader.next() != nil {}
  #expect(reader.file.rows == 2)
  #expect(
    [reader.file.encoding, reader.file.encodingDecision, reader.file.delimiter, reader.file.newline]
      == ["utf-8", "detected", ";", "lf"])
}

@Test func patternsNameFilesSortedAndOnce() {
  let folder = ScratchFolder()
  for name in ["b.csv", "a.csv", "a.csv.gz", "x1.txt", "x[1].txt", ".hidden.csv", "é.csv"] {
    folder.write(name, [1])
  }
  for name in ["2024", "2024/01", "2025", ".git"] { mkdir(folder.path + "/" + name, 0o700) }
  for name in ["2024/01/p.csv", "2024/q.csv", "2025/p.csv", ".git/p.csv"] { folder.write(name, [1]) }
  symlink("..", folder.path + "/2024/up")
  symlink("a.csv", folder.path + "/link.csv")
  let cases: [([String], [String])] = [
    (["*.csv"], ["a.csv", "b.csv", "link.csv", "é.csv"]), (["a.csv*"], ["a.csv", "a.csv.gz"]),
    (["?.csv"], ["a.csv", "b.csv", "é.csv"]),
    (["b.csv", "*.csv", "./a.csv"], ["a.csv", "b.csv", "link.csv", "é.csv"]),
    (["[ab].csv"], ["a.csv", "b.csv"]),
    (["[!a].csv"], ["b.csv", "é.csv"]), (["x[[]1].txt"], ["x[1].txt"]), (["x[0-9].txt"], ["x1.txt"]),
    (["*/p.csv"], ["2025/p.csv"]), (["202[45]/*.csv"], ["2024/q.csv", "2025/p.csv"]),
    (["**/p.csv"], ["2024/01/p.csv", "2025/p.csv"]), (["2024/**"], ["2024/01/p.csv", "2024/q.csv"]),
    ([".*.csv"], [".hidden.csv"]),
    (
      ["../" + (folder.path as NSString).lastPathComponent + "/a.csv"],
      ["../" + (folder.path as NSString).lastPathComponent + "/a.csv"]
    ),
    ([folder.path + "/*.gz"], [folder.path + "/a.csv.gz"]),
  ]
  for (patterns, expected) in cases {
    let (files, findings) = matchingFiles(patterns, in: folder.path)
    #expect(files == expected, "\(patterns)")
    #expect(findings == [], "\(patterns)")
  }
}

@Test func aPatternThatMatchesNothingIsAnError() {
  let folder = ScratchFolder()
  folder.write("a.csv", [1])
  mkdir(folder.path + "/folder.csv", 0o700)
  let place = Place(file: "Config/sources/billing.yml", line: 2)
  let (files, findings) = matchingFiles(
    ["a.csv", "c*.csv", "folder.csv", "no/where", ""], in: folder.path, at: place)
  #expect(files == ["a.csv"])
  #expect(findings.map(\.name) == Array(repeating: "no-matching-file", count: 4))
  #expect(findings.allSatisfy { $0.severity == .error && $0.place == place })
}

@Test func aPatternOfManyStarsIsMatchedInReasonableTime() {
  let folder = ScratchFolder()
  folder.write(String(repeating: "a", count: 120), [1])
  let (files, _) = matchingFiles([String(repeating: "*a", count: 60) + "b"], in: folder.path)
  #expect(files == [])
}
