import Foundation
import Model
import Testing

@testable import Deliver

private func document(_ name: String, _ text: String) -> Document {
  Document(name: name, format: .csv, bytes: Array(text.utf8))
}

private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dated-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

@Test func eachDayHasAFolderAndLatestPointsToTheLast() throws {
  try withFolder { folder in
    func text(_ path: String) throws -> String {
      try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
    }
    try writeDated([document("a.csv", "1"), document("b.csv", "1")], to: folder, day: "2024-02-28")
    let second = try writeDated([document("a.csv", "2")], to: folder, day: "2024-02-29")
    #expect(second.written == ["a.csv"])
    #expect(try text("latest/a.csv") == "2" && text("2024-02-28/a.csv") == "1")
    // The same day anew: what was delivered stays.
    try writeDated([document("a.csv", "3")], to: folder, day: "2024-02-29")
    #expect(try text("latest/a.csv") == "3" && text("2024-02-29/a.csv") == "2")
    let again = try writeDated([document("a.csv", "3")], to: folder, day: "2024-02-29")
    #expect(again.unchanged == ["a.csv"] && again.written.isEmpty)
    try writeDated([document("a.csv", "2")], to: folder, day: "2024-02-29")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "2024-02-28", "2024-02-29", "2024-02-29.2", "2024-02-29.3", "latest",
      ])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/latest") == "2024-02-29.3")
  }
}

@Test func whereSomethingElseIsCalledLatestItStays() throws {
  try withFolder { folder in
    try FileManager.default.createDirectory(atPath: folder + "/latest", withIntermediateDirectories: true)
    #expect(throws: DeliveryFailure.self) {
      try writeDated([document("a.csv", "1")], to: folder, day: "2024-02-28")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/latest").isEmpty)
  }
}

@Test func gaugesAreWrittenAsTheCollectorReadsThem() throws {
  try withFolder { folder in
    var gauges = GaugeText()
    gauges.add("a_seconds", "When.", [([], "1")])
    gauges.add("b", "Rows.", [([("source", "x\"\\\n")], "2"), ([("source", "y")], "3")])
    gauges.add("c", "None.", [])
    try gauges.write(to: folder + "/deep/p.prom")
    #expect(
      try String(contentsOfFile: folder + "/deep/p.prom", encoding: .utf8) == """
        # HELP a_seconds When.
        # TYPE a_seconds gauge
        a_seconds 1
        # HELP b Rows.
        # TYPE b gauge
        b{source="x\\"\\\\\\n"} 2
        b{source="y"} 3

        """)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/deep") == ["p.prom"])
  }
}
