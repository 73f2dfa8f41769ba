import Foundation
import Rollup
import Testing

@Suite struct MetricReferenceTests {
  @Test func theMetricReferenceIsFresh() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Documentation/Metrics.md").standardized
    if ProcessInfo.processInfo.environment["PERENNIAL_RECORD"] == "1" {
      try metricReference().write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(file.path)")
      return
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == metricReference())
  }
}
