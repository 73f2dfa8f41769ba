import Foundation
import Testing

/// The contract with operator and cron: what each command does, and the exit code it ends with.
@Suite struct CommandTests {
  private static let endings =
    "select ending from mrr_bridge where grain = 'month' and dimension = 'all' and valuation = 'as_reported' order by period"

  @Test func aRunPublishesFiguresAndReportsAndEndsWith0() throws {
    let project = try TemporaryProject()
    let outcome = try project.night()
    #expect(outcome.status == 0, "\(outcome.told)")
    #expect(try project.query(Self.endings) == ["150000000", "200000000", "160000000"])
    for name in ["executive_summary", "mrr_bridge", "retention", "customers"] {
      for format in ["md", "html", "csv"] { #expect(project.exists("output/reports/\(name).\(format)")) }
    }
  }

  @Test func aSecondRunWritesNoReportAndTheSameBytes() throws {
    let project = try TemporaryProject()
    try project.night()
    let before = try project.data("output/reports/executive_summary.html")
    let modified =
      try FileManager.default.attributesOfItem(
        atPath: project.folder.path + "/output/reports/executive_summary.html")[.modificationDate] as? Date
    #expect(try project.night().status == 0)
    #expect(try project.data("output/reports/executive_summary.html") == before)
    let again =
      try FileManager.default.attributesOfItem(
        atPath: project.folder.path + "/output/reports/executive_summary.html")[.modificationDate] as? Date
    #expect(modified == again)
  }

  @Test func renderMakesTheRunsReportsAgainToTheByte() throws {
    let project = try TemporaryProject()
    try project.night()
    for name in ["executive_summary", "mrr_bridge", "retention", "customers"] {
      #expect(try project.run("render", name, "--to", "again").status == 0)
      for format in ["md", "html", "csv"] {
        #expect(
          try project.data("again/\(name).\(format)") == project.data("output/reports/\(name).\(format)"),
          "\(name).\(format)")
      }
    }
    let company = try String(decoding: project.data("Config/company.yml"), as: UTF8.self)
    try project.write("Config/company.yml", company + "\ncsv_decimal: \",\"\n")
    try project.night()
    #expect(try project.run("render", "customers", "--to", "again").status == 0)
    #expect(try project.data("again/customers.csv") == project.data("output/reports/customers.csv"))
    let text = try String(decoding: project.data("again/customers.csv"), as: UTF8.self)
    #expect(text.contains(";USD;50,00;0,00;-50,00"))
    #expect(try project.run("render", "customers", "--month", "2031-01").status == 2)
    #expect(try project.run("render", "costumers").told.contains("did you mean `customers`"))
  }

  @Test func customersAreMaskedWhereverARefusalIsTold() throws {
    let project = try TemporaryProject()
    let amount = "9223372036854.775807"
    try project.write(
      "exports/periods.csv",
      TemporaryProject.header
        + "1,Secret Person,2024-01-01,,\(amount)\n2,Secret Person,2024-01-01,,\(amount)\n")
    let outcome = try project.night()
    #expect(outcome.status == 1)
    #expect(
      outcome.told.contains("nothing was published: a year's movements of the ARR of all charges"),
      "\(outcome.told)")
    #expect(!outcome.told.contains("Secret"), "\(outcome.told)")
    let status = try project.run("status")
    #expect(status.data.contains("does not fit"), "\(status.data)")
    #expect(!(status.data + status.told).contains("Secret"), "\(status.data)")
  }

  @Test func aDryRunPublishesNothing() throws {
    let project = try TemporaryProject()
    let outcome = try project.night("--dry-run")
    #expect(outcome.status == 0)
    #expect(outcome.told.contains("dry run"))
    #expect(!project.exists("output/reports/executive_summary.md"))
    #expect(!project.exists("output/warehouse.sqlite") && !project.exists("output/warehouse.sqlite.lock"))
    let left = (try? FileManager.default.contentsOfDirectory(atPath: project.folder.path + "/output")) ?? []
    #expect(left.filter { $0.contains("warehouse") } == [])
    #expect(try project.run("status").told.contains("no warehouse there yet"))
    // A warehouse that is there stays as it is.
    try project.night()
    let before = try project.query(Self.endings)
    try project.write(
      "exports/periods.csv", TemporaryProject.header + TemporaryProject.rows + "6,f,2024-01-01,,1\n")
    #expect(try project.night("--dry-run").status == 0)
    #expect(try project.query(Self.endings) == before)
    #expect(try project.query("select count(*) from run") == ["1"])
  }

  @Test func connectorsAreListedOutsideOfAProject() throws {
    let project = try TemporaryProject()
    let within = try project.run("connector", "list")
    try FileManager.default.removeItem(at: project.folder.appendingPathComponent("Config"))
    let outside = try project.run("connector", "list")
    #expect(outside.status == 0, "\(outside.told)")
    #expect(outside.data == within.data && outside.data.contains("stripe  Stripe\n"))
    try project.write("Config/company.yml", "nmae: x\n")
    #expect(try project.run("connector", "list").status == 2)
  }

  // MARK: Files with nothing, or too much, in them

  @Test func aFileWithoutAHeaderIsOneFault() throws {
    let project = try TemporaryProject()
    for (text, words) in [("", "the file is empty"), ("\n\n", "the file has no header")] {
      try project.write("exports/periods.csv", text)
      let outcome = try project.night()
      #expect(outcome.status == 1)
      #expect(outcome.told.contains("exports/periods.csv: error: \(words)"), "\(outcome.told)")
      #expect(outcome.told.components(separatedBy: "error:").count == 2, "\(outcome.told)")
    }
    try project.write("exports/periods.csv", TemporaryProject.header)
    #expect(try project.night().status == 0)
  }

  private static let lines = TemporaryProject.source.replacingOccurrences(
    of: "periods.csv", with: "periods.ndjson")

  @Test func anEmptyFileOfLinesIsNamedAndNoFolderWithoutReports() throws {
    let project = try TemporaryProject()
    try project.write("Config/sources/billing.yml", Self.lines)
    try project.write("exports/periods.ndjson", "")
    let outcome = try project.night()
    #expect(outcome.status == 0)
    #expect(
      outcome.told.contains("exports/periods.ndjson: warning: the file holds no record"), "\(outcome.told)")
    #expect(outcome.told.contains("published as run 1, without figures and reports\n"), "\(outcome.told)")
    #expect(!outcome.told.contains("output") && !outcome.told.contains("header"), "\(outcome.told)")
  }

  @Test func aNumberThatIsTooLargeIsToldWithItsPlace() throws {
    let project = try TemporaryProject()
    try project.write("Config/sources/billing.yml", Self.lines + "\n    quantity: quantity\n")
    func line(_ amount: String, _ quantity: String) -> String {
      #"{"id": "i7", "customer": "c", "start": "2024-01-01", "end": null, "amount": \#(amount), "quantity": \#(quantity)}"#
        + "\n"
    }
    try project.write("exports/periods.ndjson", line("1e400", "1") + line("1e-400", "1"))
    let exponent = try project.night()
    #expect(
      exponent.told.contains("[too-large]") && exponent.told.contains("[too-precise]"), "\(exponent.told)")
    #expect(!exponent.told.contains("exponent"), "\(exponent.told)")
    try project.write("exports/periods.ndjson", "\n" + line("9000000000000", "9000000000"))
    let product = try project.night()
    #expect(product.status == 1)
    #expect(
      product.told.contains(
        "exports/periods.ndjson:2: error: charge `i7` is larger than the program can count exactly"),
      "\(product.told)")
  }

  @Test func jsonGivesOneObjectAStage() throws {
    let project = try TemporaryProject()
    let outcome = try project.night("--json")
    let stages = try outcome.data.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])["stage"] as? String
    }
    #expect(stages == ["extract", "warehouse", "rollup", "store", "render", "deliver"])
  }

  @Test func aMistakeInTheConfigurationEndsWith2AndNamesItsPlace() throws {
    let project = try TemporaryProject()
    try project.write("Config/policy.yml", "policy: standard@1\noverrides:\n  trails: exclude\n")
    for command in [["validate"], ["run", "nightly"], ["status"]] {
      let outcome = try project.run(command)
      #expect(outcome.status == 2)
      #expect(outcome.told.contains("Config/policy.yml:3:3: error"))
      #expect(outcome.told.contains("did you mean `trials`"))
    }
  }

  @Test func aMistakeInATemplateIsToldBeforeThereIsAFigureAndPublishesNothing() throws {
    let project = try TemporaryProject()
    try project.write("Reports/templates/tiles.md.mustache", "{{#tiles}}\n{{tile_titel}}\n{{/tiles}}\n")
    let checked = try project.run(["validate"])
    let place = "Reports/templates/tiles.md.mustache:2:1: error: the report has no value named 'tile_titel'"
    #expect(checked.status == 2 && checked.told.contains(place), "\(checked.told)")
    #expect(checked.told.contains("write `tile_title`"))
    let night = try project.night()
    #expect(night.status == 1 && night.told.contains(place), "\(night.told)")
  }

  @Test func wrongUseEndsWith2() throws {
    let project = try TemporaryProject()
    for arguments in [
      ["frobnicate"], ["run"], ["run", "weekly"], ["metrics", "no_such_metric"], ["query", "selekt 1"],
    ] {
      #expect(try project.run(arguments).status == 2, "\(arguments)")
    }
  }

  @Test func aMissingExportEndsWith1AndPublishesNothing() throws {
    let project = try TemporaryProject()
    try project.night()
    try FileManager.default.removeItem(at: project.folder.appendingPathComponent("exports/periods.csv"))
    let outcome = try project.night()
    #expect(outcome.status == 1)
    #expect(outcome.told.contains("no file matches"))
    #expect(try project.query(Self.endings) == ["150000000", "200000000", "160000000"])
  }

  @Test func tooManyBrokenRowsEndWith1AndCanBeLookedAt() throws {
    let project = try TemporaryProject()
    try project.write(
      "exports/periods.csv", TemporaryProject.header + TemporaryProject.rows + "6,f,2024-02-30,,10\n")
    let outcome = try project.night()
    #expect(outcome.status == 1)
    #expect(outcome.told.contains("exports/periods.csv:7:5"))
    let quarantine = try project.run("quarantine")
    #expect(quarantine.status == 0)
    #expect(quarantine.data.contains("6,f,2024-02-30,,10"))
    #expect(try project.query(Self.endings).isEmpty)
  }

  @Test func aFallInRowsIsHeldUntilAccepted() throws {
    let project = try TemporaryProject()
    try project.night()
    try project.write(
      "exports/periods.csv", TemporaryProject.header + "1,a,2024-01-01,,100\n3,c,2024-02-01,,30\n")
    let held = try project.night()
    #expect(held.status == 1)
    #expect(held.told.contains("rows fell from 5 to 2"))
    #expect(try project.query(Self.endings) == ["150000000", "200000000", "160000000"])
    #expect(try project.run("accept", "biling").status == 2)
    #expect(try project.run("accept", "billing").status == 0)
    #expect(try project.night().status == 0)
    #expect(try project.query(Self.endings) == ["100000000", "130000000", "130000000"])
    #expect(try project.run("accept", "billing").status == 2)
  }

  /// Without it every amount would be that of one piece, in all history.
  @Test(arguments: [("amount,quantity", "amount,qty"), ("amount,quantity", "amount")])
  func aColumnThatIsGoneIsHeldUntilAccepted(before: String, after: String) throws {
    let project = try TemporaryProject()
    try project.write(
      "Config/sources/billing.yml",
      TemporaryProject.source + "\n    quantity: {column: quantity, optional: true}\n")
    let header = TemporaryProject.header.replacing("amount", with: before)
    let rows = TemporaryProject.rows.split(separator: "\n").map { $0 + ",2" }.joined(separator: "\n") + "\n"
    try project.write("exports/periods.csv", header + rows)
    #expect(try project.night().status == 0)
    #expect(try project.query(Self.endings) == ["300000000", "400000000", "320000000"])
    let without = after == "amount" ? rows.replacing(",2\n", with: "\n") : rows
    try project.write(
      "exports/periods.csv", TemporaryProject.header.replacing("amount", with: after) + without)
    let held = try project.night()
    #expect(held.status == 1)
    let hint = after == "amount" ? "" : ", which may be `qty` now"
    #expect(
      held.told.contains("the last read had the column `quantity`\(hint); exports/periods.csv has not"),
      "\(held.told)")
    #expect(try project.query(Self.endings) == ["300000000", "400000000", "320000000"])
    // A hold does not wear off by itself.
    #expect(try project.night().status == 1)
    #expect(try project.run("accept", "billing").status == 0)
    #expect(try project.night().status == 0)
    #expect(try project.query(Self.endings) == ["150000000", "200000000", "160000000"])
    #expect(try project.night().status == 0, "it has been without the column since")
  }

  @Test func aPublishedMonthThatChangesIsTold() throws {
    let project = try TemporaryProject()
    let first = try project.night()
    #expect(!first.told.contains("published-months-changed"))
    // Of a month that was not published there is nothing to tell.
    let more = TemporaryProject.header + TemporaryProject.rows + "6,f,2024-04-05,,7\n"
    try project.write("exports/periods.csv", more)
    let april = try project.run("run", "nightly", "--as-of", "2024-04-30")
    #expect(april.status == 0 && !april.told.contains("published-months-changed"), "\(april.told)")
    try project.write("exports/periods.csv", more + "7,g,2024-02-05,2024-04-01,12.5\n")
    let corrected = try project.run("run", "nightly", "--as-of", "2024-04-30")
    #expect(corrected.status == 0)
    #expect(
      corrected.told.contains(
        "MRR of 2 published months is another one now: 2024-02 212.50 (was 200.00), 2024-03 172.50 (was 160.00)"
      ),
      "\(corrected.told)")
    let again = try project.run("run", "nightly", "--as-of", "2024-04-30")
    #expect(again.status == 0 && !again.told.contains("published-months-changed"), "\(again.told)")
    #expect(try project.query("select name from finding where name like 'published%'").count == 1)
    // A run as of an earlier day publishes fewer months: those are not another one.
    #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 1)
    #expect(try project.run("accept", "billing").status == 0)
    let earlier = try project.run("run", "nightly", "--as-of", "2024-03-31")
    #expect(earlier.status == 0 && !earlier.told.contains("published-months-changed"), "\(earlier.told)")
  }

  @Test func aFallInMRRIsHeldToo() throws {
    let project = try TemporaryProject()
    try project.night()
    let cheaper = TemporaryProject.rows.split(separator: "\n").map {
      $0.hasPrefix("1,") ? "1,a,2024-01-01,,1" : $0
    }
    try project.write("exports/periods.csv", TemporaryProject.header + cheaper.joined(separator: "\n") + "\n")
    let held = try project.night()
    #expect(held.status == 1)
    #expect(held.told.contains("MRR of 2024-03 fell from 160 to 61"))
  }

  @Test func asecondRunAtTheSameTimeEndsWith4() throws {
    let project = try TemporaryProject()
    try project.night()
    let lock = open(project.folder.path + "/output/warehouse.sqlite.lock", O_RDWR)
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    defer { close(lock) }
    let outcome = try project.night()
    #expect(outcome.status == 4)
    #expect(outcome.told.contains("another run holds the lock"))
  }

  @Test func queryReadsAndCannotWrite() throws {
    let project = try TemporaryProject()
    try project.night()
    #expect(try project.run("query", "select 1 as one, 'a,b' as two").data == "one,two\n1,\"a,b\"\n")
    #expect(
      try project.run("query", "--json", "select 1 as one, null as two").data == "{\"one\":1,\"two\":null}\n")
    for sql in ["delete from run", "select 1; delete from run", "attach 'x' as y"] {
      #expect(try project.run("query", sql).status == 2, "\(sql)")
    }
    #expect(try project.query("select count(*) from run where status = 'published'") == ["1"])
  }

  @Test func compareStartsAtThePublishedFigureAndChangesNothing() throws {
    let project = try TemporaryProject()
    try project.night()
    let before = try project.data("output/warehouse.sqlite")
    let gap = try project.run("compare", "--policy", "stripe@1", "--format", "csv")
    #expect(gap.status == 0)
    let first = try #require(gap.data.split(separator: "\r\n").dropFirst().first).split(
      separator: ",", omittingEmptySubsequences: false)
    let published = try project.query(
      "select period || ',' || cast(value / 1000000 as text) from metric_period where metric = 'mrr' and grain = 'month' and dimension = 'all' and valuation = 'as_reported' and state <> 'provisional' order by period desc limit 1"
    )
    #expect(published == ["\"\(first[0].drop { $0 == "\u{FEFF}" }),\(first[9])\""])
    #expect(
      try project.run("compare", "--policy", "standard@1", "--policy", "stripe@1", "--to", "gap").status == 0)
    #expect(project.exists("gap/comparison.html") && project.exists("gap/comparison.md"))
    #expect(try project.data("output/warehouse.sqlite") == before)
  }

  @Test(arguments: [
    (["--policy", "strip@1"], "did you mean `stripe@1`?"), ([], "--policy A --policy B"),
    (["--policy", "stripe@1", "--metric", "mmr"], "did you mean `mrr`?"),
    (["--policy", "stripe@1", "--month", "1999-01"], "not published"),
    (["--policy", "stripe@1", "--keep", "basiss"], "did you mean `basis`?"),
    (["--policy", "chartmogul@1"], "--keep basis"),
  ])
  func aComparisonThatCannotBeMadeEndsWith2AndSaysWhatToWrite(_ arguments: [String], _ remedy: String) throws
  {
    let project = try TemporaryProject()
    try project.night()
    let outcome = try project.run(["compare"] + arguments)
    #expect(outcome.status == 2)
    #expect(outcome.told.contains(remedy), "\(outcome.told)")
  }

  @Test func aProjectsOwnMetricsAreLikeBuiltInOnes() throws {
    let project = try TemporaryProject()
    try project.write("Config/segments.yml", "segments:\n  country: {attribute: country}\n")
    try project.write(
      "Config/metrics/mrr_per_head.yml",
      "title: MRR a head\nunit: money\ndefinition: MRR by customers.\ngood: up\nexpression: mrr / customers\n"
    )
    try project.write(
      "Config/metrics/largest.yml",
      """
      title: Largest customer
      unit: money
      definition: The MRR of the largest customer.
      query: |
        select month, 'all' as segment, max(mrr) as value from customer_mrr group by month

      """)
    for night in 1...2 {
      #expect(try project.night(night == 2 ? "--full-refresh" : "--json").status == 0)
      #expect(
        try project.query(
          "select period, metric, value, unit, grade from metric_period where metric in ('mrr_per_head', 'largest') and grain = 'month' and period >= '2024-02' and dimension = 'all' and valuation = 'as_reported' order by 2, 1"
        ) == [
          "2024-02,largest,100000000,money,exact", "2024-03,largest,100000000,money,exact",
          "2024-02,mrr_per_head,50000000,money,exact", "2024-03,mrr_per_head,40000000,money,exact",
        ])
    }
    let report = try project.data("output/reports/executive_summary.md")
    #expect(String(decoding: report, as: UTF8.self).contains("| Largest customer[^"))
    #expect(
      try project.run("render", "executive_summary", "--format", "markdown").data.utf8.elementsEqual(report))
    #expect(try project.run("metrics", "mrr_per_head").data.contains("= mrr / customers"))
    #expect(
      try project.run("compare", "--policy", "stripe@1", "--metric", "mrr_per_head").data.contains(
        "MRR a head"))
  }

  @Test(arguments: [
    ("select month, mrr from customer_mrr", "its columns are month, mrr"),
    ("delete from run returning 1 as month, 2 as segment, 3 as value", "the statement could write"),
    ("select '2024-1' as month, 'all' as segment, 1 as value", "row 1: `2024-1` is no published month"),
    ("select '2024-02' as month, 'x' as segment, 1 as value", "without `dimension`"),
    ("select '2024-02' as month, 'all' as segment, 1.5 as value", "money is an integer of millionths"),
    ("select '2024-02' as month, 'all' as segment, 1 as value union all select '2024-02', 'all', 2", "twice"),
    ("select wrong", "no such column"), ("select 1; select 2", "not one statement"),
  ])
  func aQueryThatGivesNoFiguresPublishesNothing(_ sql: String, _ problem: String) throws {
    let project = try TemporaryProject()
    try project.write(
      "Config/metrics/mine.yml", "title: Mine\nunit: money\ndefinition: Mine.\nquery: \"\(sql)\"\n")
    let outcome = try project.night()
    #expect(outcome.status == 1)
    #expect(outcome.told.contains("bad-metric-query") && outcome.told.contains(problem), "\(outcome.told)")
    #expect(try project.query("select count(*) from metric_period") == ["0"])
  }

  @Test func doctorFindsAWholeInstallationWholeAndADamagedFileDamaged() throws {
    let project = try TemporaryProject()
    try project.night()
    let outcome = try project.run("doctor")
    #expect(outcome.status == 0, "\(outcome.data)\(outcome.told)")
    #expect(outcome.data.contains("every bridge row adds up"))
    let file = project.folder.appendingPathComponent("output/warehouse.sqlite")
    var bytes = try Data(contentsOf: file)
    for offset in stride(from: 8192, to: min(bytes.count, 120_000), by: 7) { bytes[offset] = 0xFF }
    try bytes.write(to: file)
    #expect(try project.run("doctor").status == 5)
  }

  @Test func initTakesTheReportingCurrency() throws {
    let project = try TemporaryProject()
    #expect(try project.run("init", "euro", "--currency", "EUR").status == 0)
    let company = try String(decoding: project.data("euro/Config/company.yml"), as: UTF8.self)
    #expect(company.contains("reporting_currency: EUR\n"))
    #expect(try project.run("init", "other", "--currency", "EURO").told.contains("did you mean `EUR`"))
    #expect(!project.exists("other"))
  }

  @Test func initNeverOverwrites() throws {
    let project = try TemporaryProject()
    try project.write("Config/company.yml", "name: Mine\nreporting_currency: EUR\n")
    #expect(try project.run("init", ".").status == 0)
    #expect(try String(decoding: project.data("Config/company.yml"), as: UTF8.self).contains("Mine"))
  }

  @Test func everyCommandHasHelpWithAnExample() throws {
    let project = try TemporaryProject()
    let help = try project.run("--help").data
    for command in [
      "run", "init", "validate", "demo", "status", "accept", "metrics", "quarantine", "render", "query",
      "doctor", "schema",
    ] {
      #expect(help.contains(command))
      #expect(try project.run(command, "--help").data.contains("EXAMPLE"), "\(command)")
    }
  }

  @Test func schemaPrintsJSONForEveryKindOfFileAndTheWarehousesViews() throws {
    let project = try TemporaryProject()
    for kind in ["company", "policy", "segments", "rates", "source", "pipeline", "report"] {
      let schema = try project.run("schema", kind).data
      #expect((try? JSONSerialization.jsonObject(with: Data(schema.utf8))) is [String: Any], "\(kind)")
    }
    #expect(try project.run("schema", "--warehouse").data.lowercased().contains("create view mrr_bridge"))
  }
}
