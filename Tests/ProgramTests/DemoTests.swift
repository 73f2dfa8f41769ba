import Foundation
import Testing

/// The demo company from its exports to its reports.
@Suite struct DemoCompanyTests {
  @Test func whatDemoSaysToDoNextWorksInAnEmptyFolder() throws {
    let empty = FileManager.default.temporaryDirectory.appendingPathComponent(
      "perennial-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    let project = TemporaryProject(at: empty)
    let demo = ["demo", "larkspur's books", "--customers", "40", "--months", "14"]
    let told = try project.run(demo).told
    let next = try #require(told.split(separator: "\n").last { $0.hasPrefix("next: ") }).dropFirst(6)
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "\(next) 2>/dev/null"]
    shell.currentDirectoryURL = empty
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0, "\(next)")
    #expect(project.exists("larkspur's books/output/reports/executive_summary.html"))

    // Another time the exports are written again, and what is somebody's own stays.
    try project.write("larkspur's books/Config/company.yml", "name: Mine\nreporting_currency: EUR\n")
    try FileManager.default.removeItem(at: empty.appendingPathComponent("larkspur's books/Config/sources"))
    #expect(try project.run(demo).status == 0)
    #expect(
      try String(decoding: project.data("larkspur's books/Config/company.yml"), as: UTF8.self).contains(
        "Mine"))
    #expect(!project.exists("larkspur's books/Config/sources"))
  }

  @Test func theDemoCompanysExportsBecomeReportsWithEveryBrokenRowInQuarantine() throws {
    let project = try demoProject()
    #expect(
      try project.run("demo", "demo-company", "--exports-only", "--customers", "300", "--months", "36").status
        == 0)
    #expect(!project.exists("demo-company/Config"))
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

    let judged = try BuiltProgram.judge("invoices_to_mrr.py", [BuiltProgram.path, project.folder.path])
    #expect(judged.status == 0, "\(judged.text)")

    // A metric that nothing of the demo company feeds would be one nobody ever sees.
    for (missing, condition) in [
      ("without a figure", "value is not null"), ("of nothing but 0", "value <> 0"),
    ] {
      let empty = try project.query(
        "select metric from metric where metric not in (select metric from metric_period where dimension = 'all' and grain = 'month' and \(condition))"
      )
      #expect(empty == [], "\(missing)")
    }

    // The views hang together: charges in force make the native bridge, customers in their segments the segments' bridges.
    let differing = [
      """
      select count(*) from mrr_bridge b where b.grain = 'month' and b.valuation = 'native' and b.ending <> (
        select coalesce(sum(c.mrr), 0) from charge c where c.currency = b.segment
          and c.start_day < date(b.period || '-01', '+1 month')
          and (c.end_day is null or c.end_day >= date(b.period || '-01', '+1 month')))
      """,
      """
      select count(*) from mrr_bridge b where b.grain = 'month' and b.valuation = 'as_reported'
        and b.dimension in ('country', 'employees_band', 'arr_band', 'industry') and b.ending <> (
        select coalesce(sum(m.mrr), 0) from customer_mrr m join customer_segment s on s.customer_id = m.customer_id
          where m.month = b.period and s.dimension = b.dimension and s.segment = b.segment
            and b.period between s.first_month and s.last_month)
      """,
      "select count(*) from customer_movement where mrr_before + amount <> mrr_after",
    ]
    for sql in differing { #expect(try project.query(sql) == ["0"], "\(sql)") }
    let compared = "select count(*) > 30 from mrr_bridge where grain = 'month' and valuation = 'native'"
    #expect(try project.query(compared) == ["1"])
  }

  @Test(arguments: ["stripe@1", "baremetrics@1"])
  func theDemoCompanyRunsUnderAPresetOfTheEventBridgeWithoutOverrides(preset: String) throws {
    let project = try demoProject()
    try project.write("Config/policy.yml", "policy: \(preset)\n")
    #expect(
      try project.run("demo", "demo-company", "--exports-only", "--customers", "300", "--months", "24").status
        == 0)
    let outcome = try project.run("run", "nightly")
    #expect(outcome.status == 0, "\(outcome.told)")
    for sql in [
      "select count(*) from customer_movement where mrr_before + amount <> mrr_after",
      """
      select count(*) from mrr_bridge b where b.grain = 'month' and b.dimension = 'all' and b.valuation = 'as_reported'
        and (b.customers_new, b.customers_reactivated, b.customers_churned, b.new, b.expansion, b.contraction, b.churn) <> (
        select coalesce(sum(movement = 'new'), 0), coalesce(sum(movement = 'reactivation'), 0),
          coalesce(sum(movement = 'churn'), 0), coalesce(sum(amount * (movement = 'new')), 0),
          coalesce(sum(amount * (movement = 'expansion')), 0), coalesce(sum(amount * (movement = 'contraction')), 0),
          coalesce(sum(amount * (movement = 'churn')), 0)
        from customer_movement m where m.month = b.period)
      """,
      """
      select count(*) from customer_movement m join customer_movement n
        on n.month = m.month and n.customer_id = m.customer_id and n.sequence = m.sequence + 1
      where n.mrr_before <> m.mrr_after
      """,
    ] { #expect(try project.query(sql) == ["0"], "\(sql)") }
    // Somebody joined and left inside one month, which month ends never see.
    let visits = """
      select count(*) > 0 from customer_movement m join customer_movement n
        on n.month = m.month and n.customer_id = m.customer_id and n.movement = 'churn' and n.sequence > m.sequence
      where m.movement = 'new'
      """
    #expect(try project.query(visits) == ["1"])
  }

  private func demoProject() throws -> TemporaryProject {
    let project = try TemporaryProject()
    let root = URL(fileURLWithPath: BuiltProgram.tests).deletingLastPathComponent()
    for folder in ["Config", "Pipelines", "Reports"] {
      try? FileManager.default.removeItem(at: project.folder.appendingPathComponent(folder))
      try FileManager.default.copyItem(
        at: root.appendingPathComponent(folder), to: project.folder.appendingPathComponent(folder))
    }
    return project
  }
}
