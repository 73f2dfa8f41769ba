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

  /// `Tests/Cases/*.case` are worked by hand, and judge the program and its independent calculator alike.
  @Test func everyMetricHasACaseWorkedByHandAndOneWithoutAFigure() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Cases")
    var worked: Set<String> = []
    var null: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where file.hasSuffix(".case") {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      let lines = text.split(separator: "\n")
      for line in lines.drop(while: { $0 != "== expected" }).dropFirst() {
        let words = line.split(separator: " ")
        guard words.count > 3 else { continue }
        if line.hasSuffix("= null") {
          null.insert(String(words[1]))
        } else {
          worked.insert(String(words[1]))
        }
      }
    }
    // Where there is a published month these are known of it.
    let always = [
      "mrr", "arr", "mrr_starting", "mrr_new", "mrr_reactivation", "mrr_expansion", "mrr_expansion_quantity",
      "mrr_expansion_price_increase", "mrr_expansion_upsell", "mrr_expansion_cross_sell", "mrr_contraction",
      "mrr_churn", "mrr_fx", "mrr_ending", "mrr_net_new",
    ]
    let ids = metricCatalogue.map(\.id)
    #expect(ids.filter { !worked.contains($0) } == [])
    #expect(ids.filter { !null.contains($0) } == always)
  }
}
