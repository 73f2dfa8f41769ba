import Foundation
import Testing

/// The demo company from its exports to its reports.
@Suite struct DemoCompanyTests {
  @Test func theDemoCompanysExportsBecomeReportsWithEveryBrokenRowInQuarantine() throws {
    let project = try TemporaryProject()
    let root = URL(fileURLWithPath: BuiltProgram.tests).deletingLastPathComponent()
    for folder in ["Config", "Pipelines", "Reports"] {
      try? FileManager.default.removeItem(at: project.folder.appendingPathComponent(folder))
      try FileManager.default.copyItem(
        at: root.appendingPathComponent(folder), to: project.folder.appendingPathComponent(folder))
    }
    #expect(try project.run("demo", "demo-company", "--customers", "300", "--months", "36").status == 0)
    let outcome = try project.run("run", "nightly")
    #expect(outcome.status == 0, "\(outcome.told)")
    #expect(
      try project.query("select count(*) from (select distinct file, line from quarantined_row)") == ["3"])
    #expect(try project.run("doctor").status == 0)
    #expect(try project.run("status", "--summary").data.contains("MRR"))
    #expect(
      try project.query(
        "select count(*) from mrr_bridge where starting + restatement + transfer_in + transfer_out + new + reactivation + expansion + contraction + churn + fx <> ending"
      ) == ["0"])
  }
}
