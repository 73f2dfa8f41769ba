import Foundation
import Model
import Rollup
import Testing

@Suite struct RegistryTests {
  @Test func everyFileOfMetricsIsListedOnceInTheCatalogue() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Rollup/Metrics")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    func fileName(_ id: String) -> String {
      id.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + ".swift"
    }
    #expect(metricCatalogue.map { fileName($0.id) }.sorted() == files)
    #expect(Set(metricCatalogue.map(\.id)).count == metricCatalogue.count)
  }
}
