import Foundation
import Testing

extension ProgramTests {
  /// Months that are closed: what stays, what is told, and what is refused. Figures are counted by hand.
  @Suite(.serialized) struct ClosingTests {
    /// MRR of January to March: 150 (a, b), 200 (with c and d), 160 (b has left, e is new).
    private func project(closed month: String? = nil) throws -> TemporaryProject {
      let project = try TemporaryProject()
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      if let month {
        let closed = try project.run("close", month, "--by", "Anna Weber")
        #expect(closed.status == 0, "\(closed.told)")
      }
      return project
    }

    /// Back-dates the end of b from March to February.
    private func backDate(_ project: TemporaryProject) throws {
      let rows = TemporaryProject.rows.replacingOccurrences(
        of: "2,b,2024-01-01,2024-03-01,50", with: "2,b,2024-01-01,2024-02-01,50")
      try project.write("exports/periods.csv", TemporaryProject.header + rows)
      let run = try project.run("run", "nightly", "--as-of", "2024-03-31")
      #expect(run.status == 0, "\(run.told)")
    }

    private func bridge(_ project: TemporaryProject, _ month: String) throws -> [String] {
      try project.run(
        "query",
        """
        select starting / 1000000, restatement / 1000000, new / 1000000, churn / 1000000, ending / 1000000,
          customers_starting, customers_churned, state
        from mrr_bridge where period = '\(month)' and dimension = 'all' and valuation = 'as_reported'
        """
      ).data.split(separator: "\n").dropFirst().map(String.init)
    }

    @Test func aClosedMonthStaysAndTheFirstOpenOneIsRestated() throws {
      let project = try project(closed: "2024-02")
      #expect(try bridge(project, "2024-02") == ["150,0,50,0,200,2,0,closed"])
      try backDate(project)
      // As known now b left in February: it would have been 150, 0, 50, -50, 150.
      #expect(try bridge(project, "2024-01") == ["0,0,150,0,150,0,0,closed"])
      #expect(try bridge(project, "2024-02") == ["150,0,50,0,200,2,0,closed"])
      #expect(try bridge(project, "2024-03") == ["200,-50,10,0,160,3,0,open"])
    }

    @Test func theLedgerSaysWhatWasClosedWhatItWouldBeAndWhichRowSaysSo() throws {
      let project = try project(closed: "2024-02")
      #expect(try project.run("restatements").told.contains("nothing is restated"))
      try backDate(project)
      let customers = try project.run("restatements", "--customers")
      #expect(
        customers.data.split(separator: "\n").dropFirst().map(String.init) == [
          "2024-02,mrr,all,all,USD,as_reported,billing b,50.00,0.00,-50.00,charge changed,exports/periods.csv:3,2"
        ], "\(customers.data)")
      let figures = try project.run("restatements", "--metric", "mrr", "--month", "2024-02").data
      #expect(
        figures.split(separator: "\n").dropFirst().first
          == "2024-02,mrr,all,all,USD,as_reported,200.00,150.00,-50.00,charge changed,2",
        "\(figures)")
    }

    @Test func theLedgerTellsRowsThatCameLateFromThoseThatWent() throws {
      let project = try project(closed: "2024-02")
      // A night before the change, so that its rows are no cause.
      try project.write(
        "exports/periods.csv", TemporaryProject.header + TemporaryProject.rows + "7,b,2024-03-10,,1\n")
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      let rows = TemporaryProject.rows.replacingOccurrences(of: "2,b,2024-01-01,2024-03-01,50\n", with: "")
      try project.write(
        "exports/periods.csv", TemporaryProject.header + rows + "6,f,2024-02-01,,5\n7,b,2024-03-10,,1\n")
      let run = try project.run("run", "nightly", "--as-of", "2024-03-31")
      #expect(run.status == 0, "\(run.told)")
      let told = try project.run("restatements", "--customers").data.split(separator: "\n").dropFirst()
      #expect(
        told.map(String.init) == [
          "2024-01,mrr,all,all,USD,as_reported,billing b,50.00,0.00,-50.00,charge withdrawn,exports/periods.csv:3,3",
          "2024-02,mrr,all,all,USD,as_reported,billing b,50.00,0.00,-50.00,charge withdrawn,exports/periods.csv:3,3",
          "2024-02,mrr,all,all,USD,as_reported,billing f,0.00,5.00,5.00,charge came late,exports/periods.csv:6,3",
        ], "\(told)")
    }

    @Test func aRunTellsOnceThatAClosedMonthWouldBeAnotherOne() throws {
      let project = try project(closed: "2024-02")
      try backDate(project)
      let told = "2024-02 150.00 (closed with 200.00)"
      #expect(try project.run("status", "--findings").data.contains(told))
      let again = try project.run("run", "nightly", "--as-of", "2024-03-31", "--full-refresh")
      #expect(again.status == 0 && !again.told.contains("closed-months-restated"), "\(again.told)")
      #expect(try project.run("status").data.contains("closed to 2024-02, by Anna Weber"))
    }

    @Test func closedMonthsStandWhenNothingIsLeftOfTheFacts() throws {
      let project = try project(closed: "2024-02")
      let source = TemporaryProject.source + "\nhold: {rows_fall: 100 %, mrr_fall: 100 %}\n"
      try project.write("Config/sources/billing.yml", source)
      try project.write("exports/periods.csv", TemporaryProject.header)
      let run = try project.run("run", "nightly", "--as-of", "2024-03-31")
      #expect(run.status == 0, "\(run.told)")
      #expect(try bridge(project, "2024-02") == ["150,0,50,0,200,2,0,closed"])
      #expect(try bridge(project, "2024-03") == ["200,-200,0,0,0,0,0,open"])
      #expect(try project.run("doctor").data.contains("ok    closed months"))
    }

    @Test func whatWasClosedIsWhatReportsShow() throws {
      let project = try project(closed: "2024-02")
      let before = try project.run("render", "executive_summary", "--month", "2024-02", "--format", "csv")
        .data
      try backDate(project)
      let after = try project.run("render", "executive_summary", "--month", "2024-02", "--format", "csv").data
      #expect(before == after)
      #expect(before.contains("closed"))
      let page = try project.run("render", "mrr_bridge", "--format", "markdown").data
      #expect(
        page.contains("| Restatement ") && page.contains("Closed months: to February 2024"), "\(page)")
    }

    @Test func aRateThatIsCorrectedLaterChangesNoClosedMonth() throws {
      let project = try project()
      try project.write(
        "Config/sources/billing.yml",
        TemporaryProject.source.replacingOccurrences(of: "{constant: USD}", with: "{constant: EUR}"))
      try project.write(
        "Config/sources/rates.yml",
        "files: exports/rates.csv\nentities:\n  fx_rate:\n    day: day\n    from: from\n    to: to\n    rate: rate\n"
      )
      func rates(_ february: String) throws {
        try project.write(
          "exports/rates.csv",
          "day,from,to,rate\n2024-01-31,EUR,USD,2\n2024-02-29,EUR,USD,\(february)\n2024-03-31,EUR,USD,4\n")
        let run = try project.run("run", "nightly", "--as-of", "2024-03-31")
        #expect(run.status == 0, "\(run.told)")
      }
      try rates("3")
      #expect(try project.run("close", "2024-02").status == 0)
      try rates("5")
      // February closed at 200 x 3; March ends with 160 x 4 after fx of 200 x (4 - 3): not a word of the 5.
      #expect(try bridge(project, "2024-02").first?.contains(",600,") == true)
      #expect(try bridge(project, "2024-03") == ["600,0,40,-200,640,4,1,open"])
      #expect(try project.run("restatements").told.contains("nothing is restated"))
    }

    @Test func figuresFirstDefinedLaterAreMarkedAndStayThen() throws {
      let project = try project(closed: "2024-02")
      try project.write(
        "Config/metrics/double.yml",
        "title: Double\nunit: money\ndefinition: Twice MRR.\nexpression: 2 * mrr\n")
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      func double() throws -> String {
        try project.run(
          "query",
          """
          select period, value / 1000000, state, added_later from metric_period p
          left join closed_figure c using (grain, period, metric, dimension, segment, currency, valuation)
          where metric = 'double' and grain = 'month' and dimension = 'all' and p.valuation = 'as_reported'
          """.replacingOccurrences(of: "value / 1000000", with: "p.value / 1000000")
        ).data
      }
      let expected = "2024-01,300,closed,1\n2024-02,400,closed,1\n2024-03,320,open,\n"
      #expect(try String(double().suffix(expected.count)) == expected)
      try backDate(project)
      #expect(try String(double().suffix(expected.count)) == expected)
      #expect(try project.run("doctor").data.contains("ok    closed months: closed to 2024-02"))
    }

    @Test func aQueryOfLaterIsAddedAndMayNotGoAgain() throws {
      let project = try project(closed: "2024-02")
      let heads =
        "title: Heads\nunit: count\ndefinition: Customers with MRR.\nquery: select month, 'all' as segment, count(*) as value from customer_mrr group by 1\n"
      try project.write("Config/metrics/heads.yml", heads)
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      func later() throws -> String {
        try project.run(
          "query",
          "select period, value from metric_period where metric = 'heads' and period < '2024-03' order by 1"
        ).data
      }
      #expect(try later() == "period,value\n2024-01,2\n2024-02,4\n")
      try backDate(project)
      #expect(try later() == "period,value\n2024-01,2\n2024-02,4\n")
      try FileManager.default.removeItem(
        at: project.folder.appendingPathComponent("Config/metrics/heads.yml"))
      let gone = try project.run("run", "nightly", "--as-of", "2024-03-31")
      #expect(gone.status == 1 && gone.told.contains("[closed-otherwise]"), "\(gone.told)")
      try project.write("Config/metrics/heads.yml", heads)
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      #expect(try project.run("doctor").data.contains("ok    closed months"))
    }

    @Test func aDimensionAndBandsOfLaterBeginWithTheOpenMonths() throws {
      let project = try project(closed: "2024-02")
      try backDate(project)
      func sums(_ month: String) throws -> String {
        try project.run(
          "query",
          """
          select dimension, sum(starting) / 1000000, sum(restatement) / 1000000, sum(ending) / 1000000 from mrr_bridge
          where period = '\(month)' and valuation = 'as_reported' and dimension in ('all', 'later', 'size')
          group by 1 order by 1
          """
        ).data.split(separator: "\n").dropFirst().joined(separator: " ")
      }
      for (segments, february, march) in [
        ("{later: {charge: currency}}", "all,150,0,200", "all,200,-50,160 later,150,0,160"),
        (
          "{later: {charge: currency}, size: {band: arr, bounds: [500]}}", "all,150,0,200",
          "all,200,-50,160 later,150,0,160 size,150,0,160"
        ),
      ] {
        try project.write("Config/segments.yml", "segments: \(segments)\n")
        let run = try project.run("run", "nightly", "--as-of", "2024-03-31")
        #expect(run.status == 0, "\(run.told)")
        #expect(try sums("2024-02") == february)
        #expect(try sums("2024-03") == march)
      }
      #expect(try project.run("close", "2024-03").status == 0)
      // Bands of other bounds: those of before lead out of the closed months, those of now in.
      try project.write("Config/segments.yml", "segments: {size: {band: arr, bounds: [300, 900]}}\n")
      let run = try project.run("run", "nightly", "--as-of", "2024-04-30")
      #expect(run.status == 0, "\(run.told)")
      #expect(try sums("2024-04") == "all,160,0,160 size,160,0,160")
    }

    @Test func theLatestClosedMonthAloneIsOpenedAgainForAReason() throws {
      let project = try project(closed: "2024-02")
      try backDate(project)
      let refused = try project.run("reopen", "2024-01", "--reason", "why not")
      #expect(refused.status == 1 && refused.told.contains("that is 2024-02"), "\(refused.told)")
      #expect(try project.run("reopen", "2024-02", "--reason", " ").status == 2)
      #expect(try project.run("reopen", "2024-02", "--reason", "b left earlier", "--by", "Ben").status == 0)
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      #expect(try bridge(project, "2024-02") == ["150,0,50,-50,150,2,1,open"])
      #expect(try bridge(project, "2024-03") == ["150,0,10,0,160,3,0,open"])
      let record = try project.run("query", "select month, action, person, reason, standing from month_close")
        .data
      #expect(
        record.hasSuffix(
          "2024-01,close,Anna Weber,,1\n2024-02,close,Anna Weber,,0\n2024-02,reopen,Ben,b left earlier,\n"),
        "\(record)")
      #expect(try project.run("restatements").told.contains("nothing is restated"))
      #expect(try project.run("doctor").data.contains("ok    closed months: closed to 2024-01"))
    }

    @Test func whatCannotBeClosedIsRefusedWithTheReason() throws {
      let project = try project()
      let late = try project.run("close", "2024-04")
      #expect(late.status == 1 && late.told.contains("of 2024-01 to 2024-03"), "\(late.told)")
      #expect(try project.run("close", "2024-02").status == 0)
      let again = try project.run("close", "2024-01")
      #expect(again.status == 1 && again.told.contains("closed already"), "\(again.told)")
      #expect(try project.run("close", "March").status == 2)
      #expect(try project.run("close", "2024-03", "--by", " ").status == 2)
      #expect(try project.run("run", "nightly", "--as-of", "2024-04-10").status == 0)
      let provisional = try project.run("close", "2024-04")
      #expect(
        provisional.status == 1 && provisional.told.contains("that can be closed is 2024-03"),
        "\(provisional.told)")
    }

    @Test func otherCurrenciesAndFiscalYearsAreRefusedWhileMonthsAreClosed() throws {
      let project = try project(closed: "2024-02")
      let company = String(decoding: try project.data("Config/company.yml"), as: UTF8.self)
      try project.write(
        "Config/company.yml",
        company.replacingOccurrences(of: "fiscal_year_starts: january", with: "fiscal_year_starts: april"))
      let refused = try project.run("run", "nightly", "--as-of", "2024-03-31")
      #expect(refused.status == 1 && refused.told.contains("[closed-otherwise]"), "\(refused.told)")
      try project.write("Config/company.yml", company)
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
    }

    @Test func whoeverAltersWhatWasClosedIsFoundOut() throws {
      for (sql, told) in [
        (
          "update closed_value set value = value + 1 where metric = 'mrr' and closing = 2", "entry 2 (2024-02"
        ),
        ("update closing set person = 'Carl' where entry = 1", "entry 1 (2024-01"),
        ("update closing set at = '2024-03-01T00:00:00Z' where entry = 2", "entry 2 (2024-02"),
        ("update customer_mrr_interval set mrr = mrr + 1 where first_month = 24289", "entry 2 (2024-02"),
        ("update figure set value = 1 where value = 200000000", "published rows of closed months"),
        (
          "update bridge set new = new + 9, ending = ending + 9 where ending = 150000000",
          "published rows of closed months"
        ),
        ("update cohort_cell set customers = customers + 1 where age = 0", "published rows of closed months"),
        ("update closing set figures = 1 where entry = 2", "entry 2 (2024-02"),
        ("update closing set reopened_by = 1 where entry = 2", "entry 2 (2024-02"),
      ] {
        let project = try project(closed: "2024-02")
        try project.alter(sql)
        let doctor = try project.run("doctor")
        #expect(doctor.status == 1 && doctor.data.contains(told), "\(sql): \(doctor.data)")
      }
    }

    @Test func monthsThatWereClosedBySchema20StayClosed() throws {
      let project = try project(closed: "2024-02")
      try project.alter(
        """
        drop view metric_period; create view metric_period as select 1 as "value";
        alter table closing drop column basis; alter table closing drop column policy;
        alter table closing drop column policy_overrides; alter table closing drop column zone;
        alter table closed_bridge add column added_by integer; alter table closed_cohort add column added_by integer;
        update closing set digest = 'of other columns';
        drop table publication_digest; drop table unknown_state; alter table closing drop column after_run;
        alter table snapshot drop column complete_run;
        create table unknown_state (
          source integer not null references source (source),
          identity integer not null references identity (identity),
          at text not null,
          first_run integer not null references run (run),
          primary key (source, identity, at)
        ) strict, without rowid;
        delete from grdb_migrations where identifier in ('21', '22');
        pragma user_version = 20
        """)
      try backDate(project)
      #expect(try bridge(project, "2024-02") == ["150,0,50,0,200,2,0,closed"])
      #expect(try bridge(project, "2024-03") == ["200,-50,10,0,160,3,0,open"])
      let doctor = try project.run("doctor")
      #expect(doctor.data.contains("ok    closed months: closed to 2024-02"), "\(doctor.data)")
      let basis = try project.run("query", "select distinct basis, state from metric_period order by 2").data
      #expect(basis.hasSuffix("subscriptions,closed\nsubscriptions,open\n"), "\(basis)")
    }

    // 303 has months of usage before any MRR, 334 movements at means of months and balances at their ends.
    @Test(arguments: [["1..3"], ["303..303"], ["1..2", "--billed"], ["334..335", "--billed"]])
    func itHoldsForRandomBooks(seeds: [String]) throws {
      let outcome = try BuiltProgram.judge("closing.py", [BuiltProgram.path, "--seeds"] + seeds)
      #expect(outcome.status == 0, "\(outcome.text)")
    }
  }
}
