import Foundation
import Rollup
import Testing

@Suite struct MetricReferenceTests {
  @Test(arguments: ["Metrics", "Policies"])
  func theReferenceIsFresh(name: String) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Documentation/\(name).md").standardized
    let fresh = name == "Metrics" ? metricReference() : policyReference()
    if ProcessInfo.processInfo.environment["PERENNIAL_RECORD"] == "1" {
      try fresh.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(file.path)")
      return
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == fresh, "run `make record`")
  }
}
