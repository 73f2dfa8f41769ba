import Foundation
import Model
import Testing

@testable import Deliver

@Test func whatAReportNoLongerHasIsTakenAwayAndNothingElse() throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("outdated-\(UUID().uuidString)")
    .path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let current = [Document(name: "board.csv", format: .csv, bytes: [0x31])]
  let outdated = ["board.figures.csv", "board.html", "board.png"]
  let others = [
    "board.pack.csv", "board.pack.figures.csv", "close.csv", "notes.csv", "board.txt", "board.csv.1.tmp",
    "board",
    "boards.csv", ".csv",
  ]
  try writeDocuments(
    current + (outdated + others).map { Document(name: $0, format: .csv, bytes: [0x32]) }, to: folder)
  try FileManager.default.createDirectory(
    atPath: folder + "/board.old.csv", withIntermediateDirectories: true)
  let removed = removeOutdated(
    of: ["board"], among: ["board", "board.pack", "close"], besides: current, in: folder)
  #expect(removed == outdated)
  #expect(
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      == (others + ["board.csv", "board.old.csv"]).sorted())
  #expect(removeOutdated(of: ["board"], among: ["board"], besides: [], in: folder + "/none") == [])
}
