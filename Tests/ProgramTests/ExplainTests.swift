import Foundation
import Testing

extension ProgramTests {
  /// What a figure is made of: the customers add up to it, and their charges to their MRR. Figures are counted by hand.
  @Suite(.serialized) struct ExplainTests {
    /// MRR of January to March: 150 (a, b), 200 (with c and d), 160 (b has left, e is new).
    private func project() throws -> TemporaryProject {
      let project = try TemporaryProject()
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      return project
    }

    private func objects(_ project: TemporaryProject, _ arguments: String...) throws -> [[String: Any]] {
      let run = try project.run(["explain"] + arguments + ["--json"])
      #expect(run.status == 0, "\(run.told)")
      return try run.data.split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }

    @Test func theCustomersOfAFigureAddUpToIt() throws {
      let told = try project().run("explain", "mrr", "--month", "2024-02").data
      #expect(told.hasPrefix("MRR (mrr) of 2024-02\n  = sum of the monthly values"), "\(told)")
      #expect(told.contains("\n  200.00 USD  as reported, exact, open\n"), "\(told)")
      #expect(told.contains("\n  200.00  4 customers\n"), "\(told)")
      #expect(told.contains("  basis: MRR is the prices of the subscriptions in force."), "\(told)")
      let lost = try project().run("explain", "mrr_churn", "--month", "2024-03").data
      #expect(lost.contains("\nCustomers, as reported\n  50.00  billing:b\n  50.00  1 customer\n"), "\(lost)")
    }

    @Test func aFormulaIsShownWithTheFiguresItNames() throws {
      let told = try project().run("explain", "arpa", "--month", "2024-02").data
      #expect(told.contains("= mrr / customers\n"), "\(told)")
      #expect(told.contains("\n  200.00 USD  mrr, as reported"), "\(told)")
      #expect(told.contains("\n    4     customers, as reported"), "\(told)")
    }

    @Test func anOwnFormulasEarlierPeriodsAreShown() throws {
      let project = try TemporaryProject()
      try project.write(
        "Config/metrics/growth.yml",
        "title: Growth\nunit: ratio\nexpression: (mrr - mrr[-1]) / mrr[-1]\ndefinition: Growth of MRR.\n")
      let run = try project.run("run", "nightly", "--as-of", "2024-03-31")
      #expect(run.status == 0, "\(run.told)")
      let told = try project.run("explain", "growth", "--month", "2024-03").data
      #expect(told.contains("  160.00 USD  mrr, as reported, exact, open\n"), "\(told)")
      #expect(told.contains("  200.00 USD  mrr, as reported, exact, open, of 2024-02\n"), "\(told)")
    }

    @Test func aShareSaysWhatItDividesAndWhoMakesIt() throws {
      let told = try project().run("explain", "gdr_1m", "--month", "2024-03", "--limit", "1").data
      // Of 200 of February b's 50 are gone.
      #expect(told.contains("150.00 / 200.00 USD"), "\(told)")
      #expect(told.contains("  150.00 of 200.00  4 customers\n"), "\(told)")
      #expect(told.contains("3 others; --limit 4 shows them"), "\(told)")
    }

    @Test func aCustomerIsExplainedDownToTheLinesOfItsExports() throws {
      let told = try project().run("explain", "mrr", "--month", "2024-03", "--customer", "b").data
      #expect(told.hasPrefix("billing:b in 2024-03\n"), "\(told)")
      #expect(
        told.contains(
          """
          MRR, USD
             50.00  at the end of 2024-02
            -50.00  churn
              0.00  at the end of 2024-03
          """), "\(told)")
      #expect(told.contains("  50.00 USD a month, 2024-01-01 to before 2024-03-01"), "\(told)")
      #expect(told.contains("    counts at the end of 2024-02\n"), "\(told)")
      #expect(told.contains("recurring_charge billing:2, exports/periods.csv:3\n"), "\(told)")
    }

    @Test func aQuartersMovementsAreThoseOfItsMonths() throws {
      let project = try project()
      let gained = try project.run("explain", "mrr_new", "--period", "2024-Q1").data
      // a and b in January, c and d in February, e in March.
      #expect(gained.contains("  210.00  5 customers\n"), "\(gained)")
      let close = try project.run("explain", "customers", "--period", "2024-Q1").data
      #expect(close.contains("  160.00  4 customers\n"), "\(close)")
      #expect(close.contains("perennial explain customers --month 2024-03 --customer"), "\(close)")
    }

    @Test func closedFiguresSayWhatTodaysFactsWouldMakeOfThem() throws {
      let project = try project()
      #expect(try project.run("close", "2024-02", "--by", "Anna Weber").status == 0)
      let rows = TemporaryProject.rows.replacingOccurrences(
        of: "2,b,2024-01-01,2024-03-01,50", with: "2,b,2024-01-01,2024-02-01,50")
      try project.write("exports/periods.csv", TemporaryProject.header + rows)
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      let figure = try project.run("explain", "mrr", "--month", "2024-02").data
      #expect(figure.contains("  200.00 USD  as reported, exact, closed\n"), "\(figure)")
      #expect(
        figure.contains("today's facts would make 150.00 of it (as reported): charge changed"), "\(figure)")
      #expect(figure.contains("  200.00  4 customers\n"), "\(figure)")
      let customer = try project.run("explain", "mrr", "--month", "2024-02", "--customer", "billing:b").data
      #expect(
        customer.contains("closed with 50.00; today's facts make 0.00: charge changed"), "\(customer)")
      let next = try project.run("explain", "mrr", "--month", "2024-03", "--customer", "billing:b").data
      #expect(
        next.contains(
          """
             50.00  at the end of 2024-02, as closed
            -50.00  restatement of closed months
              0.00  at the end of 2024-03
          """), "\(next)")
      let ending = try project.run("explain", "mrr_ending", "--month", "2024-03").data
      #expect(ending.contains("  -50.00 USD  restatement, as reported"), "\(ending)")
      // The window knows that b was gone by February: 150 of 150.
      let window = try project.run("explain", "ndr_1m", "--month", "2024-03").data
      #expect(window.contains("  150.00 of 150.00  3 customers\n"), "\(window)")
    }

    @Test func rowsThatDoNotCountSayWhyNot() throws {
      let project = try TemporaryProject()
      try project.write(
        "Config/sources/billing.yml",
        TemporaryProject.source
          + "\n    kind: kind\n    trial: trial\n    subscription: subscription\n")
      try project.write(
        "Config/sources/subscriptions.yml",
        """
        system: billing
        files: exports/subscriptions.csv
        entities:
          subscription: {rows: current_state, id: id, customer: customer, status: status}
        """)
      try project.write(
        "exports/subscriptions.csv", "id,customer,status\ns1,a,active\ns2,a,paused\n")
      try project.write(
        "exports/periods.csv",
        """
        id,customer,start,end,amount,kind,trial,subscription
        1,a,2024-01-01,,100,recurring,false,s1
        2,a,2024-01-01,,700,one_time,false,s1
        3,a,2024-02-01,2024-02-15,50,recurring,true,s1
        4,,2024-02-01,,30,recurring,false,s2
        5,a,2024-03-05,,9,one_time,false,s1
        6,a,2023-01-01,2024-01-31,8,one_time,false,s1

        """)
      #expect(try project.run("run", "nightly", "--as-of", "2024-02-29").status == 0)
      let told = try project.run("explain", "mrr", "--month", "2024-02", "--customer", "a").data
      let parts = told.components(separatedBy: "Rows in force in the month that no charge was counted from\n")
      #expect(parts.count == 2 && parts[0].contains("  100.00 USD a month"), "\(told)")
      let rest = try #require(parts.last)
      #expect(
        rest.contains(
          """
            One-time charges, taxes and fees are never MRR.
              recurring_charge billing:2, exports/periods.csv:3
          """), "\(told)")
      #expect(
        rest.contains(
          "  Trials do not count, even with a price.\n    recurring_charge billing:3, exports/periods.csv:4\n"
        ),
        "\(told)")
      #expect(
        rest.contains(
          "  A paused subscription has no MRR while it is paused.\n    recurring_charge billing:4, exports/periods.csv:5\n"
        ), "\(told)")
      #expect(
        !rest.contains("billing:1,") && !rest.contains("billing:5,") && !rest.contains("billing:6,"),
        "\(told)")
      let lines = try objects(project, "mrr", "--month", "2024-02", "--customer", "a")
      #expect(lines.filter { $0["part"] as? String == "uncounted" }.count == 3)
    }

    @Test func eachLineForProgramsSaysWhatItIs() throws {
      let project = try project()
      let lines = try objects(project, "mrr", "--month", "2024-02")
      #expect(lines.filter { $0["part"] as? String == "customer" }.count == 4)
      let figure = lines.first {
        $0["part"] as? String == "figure" && $0["valuation"] as? String == "as_reported"
      }
      #expect(figure?["value"] as? String == "200.00")
      let charge = try objects(project, "mrr", "--customer", "billing:a", "--month", "2024-02")
      #expect(
        charge.contains { $0["part"] as? String == "row" && $0["file"] as? String == "exports/periods.csv" })
    }

    @Test func closedMonthsAreExplainedByThePolicyTheyWereClosedWith() throws {
      let project = try project()
      #expect(try project.run("close", "2024-02").status == 0)
      try project.write("Config/policy.yml", "policy: standard@1\noverrides: {rate_date: month_average}\n")
      let before = try project.run("explain", "mrr", "--month", "2024-03").data
      #expect(before.contains("Decided by the policy standard@1\n"), "\(before)")
      #expect(try project.run("run", "nightly", "--as-of", "2024-03-31").status == 0)
      let closed = try project.run("explain", "mrr", "--month", "2024-02").data
      #expect(
        closed.contains("rate_date: A month is valued at the exchange rate of its last day."), "\(closed)")
      let open = try project.run("explain", "mrr", "--month", "2024-03").data
      #expect(open.contains("standard@1, with rate_date: month_average"), "\(open)")
    }

    @Test func hostileIdsAndNamesStayInTheirLine() throws {
      let project = try TemporaryProject()
      try project.write(
        "exports/periods.csv",
        TemporaryProject.header + "1,\"a'$(touch x)'\u{1B}[31m\n  9.99  b\",2024-01-01,,100\n")
      #expect(try project.run("run", "nightly", "--as-of", "2024-01-31").status == 0)
      let told = try project.run("explain", "mrr", "--month", "2024-01").data
      #expect(told.contains("  100.00  billing:a'$(touch x)' [31m 9.99 b\n"), "\(told)")
      #expect(told.contains("'--customer=billing:a'\\''$(touch x)'\\'' [31m 9.99 b'"), "\(told)")
      #expect(!told.contains("\u{1B}"))
    }

    @Test func whatIsNotThereIsRefusedWithWhatIs() throws {
      let project = try project()
      for (arguments, told) in [
        (["mmr"], "did you mean `mrr`?"),
        (["mrr", "--month", "2030-01"], "published are 2024-01 to 2024-03"),
        (["mrr", "--month", "2030-01", "--customer", "b"], "published are 2024-01 to 2024-03"),
        (["mrr", "--segment", "country"], "write it as dimension=name"),
        (["mrr", "--segment", "planet=Mars"], "there are all"),
        (["mrr", "--customer", "zz"], "ids are those of the exports"),
        (["mrr", "--customer", "b", "--period", "2024-Q1"], "in a --month"),
      ] {
        let refused = try project.run(["explain"] + arguments)
        #expect(refused.status == 2 && refused.told.contains(told), "\(arguments): \(refused.told)")
        #expect(refused.data.isEmpty)
      }
    }

    @Test(arguments: [["1..3"], ["1..2", "--billed"]])
    func itAddsUpForRandomBooks(seeds: [String]) throws {
      let outcome = try BuiltProgram.judge("explain.py", [BuiltProgram.path, "--seeds"] + seeds)
      #expect(outcome.status == 0, "\(outcome.text)")
    }
  }
}
