import Foundation
import Testing

extension ProgramTests {
  /// What an earlier run knew and published can be seen again. Figures are counted by hand.
  @Suite(.serialized) struct KnownAtTests {
    private let march = ["run", "nightly", "--as-of", "2024-03-31"]

    /// Run 1 knows MRR of 150, 200 and 160; run 2 that d never was: 150, 180 and 140.
    private func project() throws -> TemporaryProject {
      let project = try TemporaryProject()
      try project.write("Config/company.yml", project.text("Config/company.yml") + "\n")
      #expect(try project.run(march).status == 0)
      try FileManager.default.copyItem(
        at: project.folder.appendingPathComponent("output/reports"),
        to: project.folder.appendingPathComponent("delivered"))
      try project.write(
        "exports/periods.csv",
        TemporaryProject.header
          + TemporaryProject.rows.replacingOccurrences(of: "4,d,2024-02-10,,20\n", with: ""))
      #expect(try project.run(march + ["--full-refresh"]).status == 0)
      return project
    }

    private let mrr =
      "select value / 1000000 from metric_period where metric = 'mrr' and grain = 'month' and dimension = 'all' and valuation = 'as_reported' order by period"

    @Test func figuresAreThoseOfTheRunThatIsAsked() throws {
      let project = try project()
      #expect(try project.run("query", mrr).data.hasSuffix("\n150\n180\n140\n"))
      let then = try project.run("query", mrr, "--known-at", "1")
      #expect(then.status == 0 && then.data.hasSuffix("\n150\n200\n160\n"), "\(then.told)\(then.data)")
      #expect(then.told.contains("as run 1 knew it, published 20"), "\(then.told)")
      #expect(!then.told.contains("[known-"), "\(then.told)")
      #expect(try project.run("query", mrr, "--known-at", "2").data.hasSuffix("\n150\n180\n140\n"))
      let names = try project.run("query", "select name from customer order by 1", "--known-at", "1").data
      #expect(names.hasSuffix("\na\nb\nc\nd\ne\n"), "\(names)")
      let runs = try project.run("query", "select run, status from run", "--known-at", "1").data
      #expect(runs.hasSuffix("\n1,published\n"), "\(runs)")
    }

    @Test func whatIsLookedIntoLeavesNothingAndChangesNothing() throws {
      let project = try project()
      let before = try project.data("output/warehouse.sqlite")
      #expect(try project.run("query", mrr, "--known-at", "1").status == 0)
      #expect(try project.data("output/warehouse.sqlite") == before)
      let left = try FileManager.default.contentsOfDirectory(
        atPath: project.folder.appendingPathComponent("output").path)
      #expect(!left.contains { $0.hasPrefix(".known-at-") }, "\(left)")
    }

    @Test func whatAKilledCommandLeftIsTakenAway() throws {
      let project = try project()
      for end in ["", ".lock"] { try project.write("output/.known-at-abcdef/warehouse.sqlite\(end)", "left") }
      #expect(try project.run("query", mrr, "--known-at", "1").status == 0)
      #expect(!project.exists("output/.known-at-abcdef"))
    }

    @Test func reportsAreThoseThatWereDelivered() throws {
      let project = try project()
      let reports = try FileManager.default.contentsOfDirectory(
        atPath: project.folder.appendingPathComponent("delivered").path)
      let names = Set(reports.map { String($0.prefix { $0 != "." }) })
      for name in names where project.exists("Reports/\(name).yml") {
        let run = try project.run("render", name, "--known-at", "1", "--to", "again")
        #expect(run.status == 0, "\(run.told)")
      }
      let again = try FileManager.default.contentsOfDirectory(
        atPath: project.folder.appendingPathComponent("again").path)
      #expect(again.count > 5)
      for file in again {
        #expect(try project.data("again/\(file)") == project.data("delivered/\(file)"), "\(file)")
      }
    }

    @Test func todaysReportsAreNotOverwritten() throws {
      let project = try project()
      let refused = try project.run("render", "mrr_bridge", "--known-at", "1")
      #expect(refused.status == 2 && refused.told.contains("--known-at needs --to DIR"), "\(refused.told)")
      for folder in ["output/reports", "./output/../output/reports/then"] {
        let over = try project.run("render", "mrr_bridge", "--known-at", "1", "--to", folder)
        #expect(over.status == 2 && over.told.contains("[reports-of-today]"), "\(over.told)")
      }
      let shown = try project.run("render", "mrr_bridge", "--known-at", "1", "--format", "csv")
      #expect(shown.status == 0 && shown.data.contains("2024-02"), "\(shown.told)")
    }

    @Test func figuresAreExplainedAsTheyWereKnown() throws {
      let then = try project().run("explain", "mrr", "--month", "2024-02", "--known-at", "1").data
      #expect(then.contains("   20.00  billing:d\n") && then.contains("  200.00  4 customers\n"), "\(then)")
    }

    @Test func settingsAreThoseOfTheRun() throws {
      let project = try project()
      try project.write(
        "Config/company.yml",
        project.text("Config/company.yml").replacingOccurrences(of: "Test Company", with: "Other Name"))
      try project.write("Config/segments.yml", "segments: {}\n")
      try project.write("Config/policy.yml", "policy: baremetrics@1\n")
      #expect(try project.run(march).status == 0)
      let shown = try project.run("render", "executive_summary", "--known-at", "1", "--format", "markdown")
      #expect(shown.data.contains("Test Company") && !shown.data.contains("baremetrics"), "\(shown.told)")
      #expect(!shown.told.contains("[known-"), "\(shown.told)")
    }

    @Test func aDayIsTheLastRunThatHadPublishedByThen() throws {
      let project = try project()
      try project.alter(
        "update run set started = '2024-04-01T02:00:00Z', ended = '2024-04-01T02:00:09Z' where run = 1")
      let then = try project.run("query", mrr, "--known-at", "2024-04-01")
      #expect(then.told.contains("as run 1 knew it, published 2024-04-01T02:00:09Z"), "\(then.told)")
      let later = try project.run("query", mrr, "--known-at", "2100-01-01")
      #expect(later.told.contains("as run 2 knew it"), "\(later.told)")
      let earlier = try project.run("query", mrr, "--known-at", "2024-03-31")
      #expect(earlier.status == 2 && earlier.told.contains("[run-not-published]"), "\(earlier.told)")
      let instant = try project.run("query", mrr, "--known-at", "2024-04-01T02:00:08Z")
      #expect(instant.status == 2, "\(instant.told)")
    }

    @Test func sourcesThatCameLaterAreNotKnown() throws {
      let project = try TemporaryProject()
      try project.write("Pipelines/part.yml", "sources: [billing]\ndeliver: {folder: reports}\n")
      try project.write(
        "Config/sources/usage.yml",
        "files: exports/usage.csv\nentities:\n  usage_event: {customer: customer, at: day, count: count}\n")
      try project.write("exports/usage.csv", "customer,day,count\na,2024-03-02,4\n")
      #expect(try project.run("run", "part", "--as-of", "2024-03-31").status == 0)
      let usage =
        "select value, reason from metric_period where metric = 'active_users' and period = '2024-03' and dimension = 'all'"
      let before = try project.run("query", usage).data
      #expect(before.contains("no usage data"), "\(before)")
      #expect(try project.run(march).status == 0)
      #expect(try project.run("query", usage).data != before)
      let then = try project.run("query", usage, "--known-at", "1")
      #expect(then.data == before && !then.told.contains("[known-"), "\(then.data)\(then.told)")
    }

    @Test func idsThatCameLaterAreNotKnown() throws {
      let project = try TemporaryProject()
      try project.write(
        "Config/sources/people.yml",
        "system: billing\nfiles: exports/people.csv\nquarantine: {max_share: 90 %}\nentities:\n  customer: {rows: current_state, id: id, name: name, employees: staff}\n"
      )
      try project.write("exports/people.csv", "id,name,staff\na,Ada,1\n")
      #expect(try project.run(march).status == 0)
      let ids = "select natural_id from customer_identity order by 1"
      let before = try project.run("query", ids).data
      try project.write("exports/people.csv", "id,name,staff\na,Ada,1\nx,Xenia,2\n")
      #expect(try project.run(march).status == 0)
      try project.write("exports/people.csv", "id,name,staff\na,Ada,1\nx,Xenia,2\ny,Yves,many\n")
      #expect(try project.run(march).status == 0)
      #expect(try project.run("query", ids).data.contains("x\n"))
      #expect(try project.run("query", ids, "--known-at", "1").data == before)
    }

    @Test func explanationsKnowNoPeriodThatCameLater() throws {
      let project = try project()
      #expect(try project.run("run", "nightly", "--as-of", "2024-05-31").status == 0)
      let later = try project.run("explain", "mrr", "--month", "2024-05", "--known-at", "1")
      #expect(later.status == 2 && later.told.contains("published are 2024-01 to 2024-03"), "\(later.told)")
    }

    @Test func aMonthThatIsNotPublishedHasNoReport() throws {
      let project = try project()
      for known in [[], ["--known-at", "1"]] {
        let refused = try project.run(
          ["render", "mrr_bridge", "--month", "2024-09", "--format", "csv"] + known)
        #expect(refused.status == 2 && refused.data.isEmpty, "\(refused.told)")
        #expect(refused.told.contains("published are 2024-01 to 2024-03"), "\(refused.told)")
      }
    }

    @Test func aReportOfLaterIsMadeAndTold() throws {
      let project = try project()
      try project.write("Reports/later.yml", "title: Later\nfor: All\nsections:\n  - kind: bridge\n")
      let made = try project.run("render", "later", "--known-at", "1", "--format", "csv")
      #expect(made.status == 0 && made.told.contains("[known-report]"), "\(made.told)")
    }

    @Test func whoeverBreaksItOffLeavesNothing() throws {
      let project = try project()
      let output = project.folder.appendingPathComponent("output").path
      let process = try project.start(
        "query", "--known-at", "1",
        "with recursive n (x) as (select 1 union all select x + 1 from n) select count(*) from n")
      func copies() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: output).filter { $0.hasPrefix(".known-at-") }
      }
      for _ in 0..<600 where try copies().isEmpty { usleep(50_000) }
      #expect(try copies().count == 1)
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationStatus == 128 + SIGTERM)
      #expect(try copies().isEmpty)
    }

    @Test func aRunThatPublishedNothingIsRefused() throws {
      let project = try project()
      try project.write("exports/periods.csv", TemporaryProject.header + "1,a,2024-01-01,,ten\n")
      #expect(try project.run(march).status == 1)
      let refused = try project.run("query", mrr, "--known-at", "3")
      #expect(refused.status == 2 && refused.data.isEmpty, "\(refused.told)")
      #expect(refused.told.contains("the last one that has is run 2"), "\(refused.told)")
      for nonsense in ["0", "yesterday"] {
        #expect(try project.run("query", mrr, "--known-at", nonsense).status == 2)
      }
    }

    @Test func figuresThatWerePublishedOtherwiseAreTold() throws {
      let project = try project()
      try project.alter("update publication_digest set bridge = 1, figures = 2 where run = 1")
      try project.alter("update run set program = 'perennial 0.0.1' where run = 1")
      let told = try project.run("query", mrr, "--known-at", "1")
      #expect(told.status == 0 && told.told.contains("[known-otherwise]"), "\(told.told)")
      #expect(
        told.told.contains(
          "the figures, bridge are not all those that run 1 published, which was made by perennial 0.0.1"),
        "\(told.told)")
    }

    @Test func runsOfEarlierVersionsAreSeenAndNotVouchedFor() throws {
      let project = try project()
      try project.alter("delete from publication_digest where run = 1")
      let told = try project.run("query", mrr, "--known-at", "1")
      #expect(
        told.data.hasSuffix("\n150\n200\n160\n") && told.told.contains("[known-unchecked]"), "\(told.told)")
    }

    @Test func closesAreKnownToTheRunsAfterThem() throws {
      let project = try project()
      #expect(try project.run("close", "2024-02").status == 0)
      try project.write("exports/periods.csv", TemporaryProject.header + TemporaryProject.rows)
      #expect(try project.run(march).status == 0)
      #expect(try project.run("close", "2024-03").status == 0)
      let states =
        "select distinct period, state, starting / 1000000, restatement / 1000000 from mrr_bridge where grain = 'month' and dimension = 'all' and valuation = 'as_reported' order by 1"
      let third = try project.run("query", states, "--known-at", "3")
      #expect(
        third.data.hasSuffix("\n2024-01,closed,0,0\n2024-02,closed,150,0\n2024-03,open,180,20\n"),
        "\(third.data)\(third.told)")
      let second = try project.run("query", states, "--known-at", "2").data
      #expect(second.hasSuffix("\n2024-01,open,0,0\n2024-02,open,150,0\n2024-03,open,180,0\n"), "\(second)")
      for month in ["2024-03", "2024-02"] {
        #expect(try project.run("reopen", month, "--reason", "late rows").status == 0)
      }
      #expect(try project.run(march).status == 0)
      let reopened = try project.run("query", states, "--known-at", "3")
      #expect(
        reopened.data == third.data
          && reopened.told.contains("2024-02 was closed then and opened again since"), "\(reopened.told)")
    }

    @Test(arguments: [["1..4"], ["1..2", "--billed"]])
    func everythingComesOutAgainForRandomBooks(seeds: [String]) throws {
      let outcome = try BuiltProgram.judge("known_at.py", [BuiltProgram.path, "--seeds"] + seeds)
      #expect(outcome.status == 0, "\(outcome.text)")
    }
  }
}

extension TemporaryProject {
  fileprivate func text(_ path: String) throws -> String { String(decoding: try data(path), as: UTF8.self) }
}
