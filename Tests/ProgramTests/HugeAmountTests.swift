import Foundation
import Testing

extension ProgramTests {
  /// Amounts that fit by themselves and not together: the run is refused with a finding, and never crashes or publishes a wrong figure.
  @Suite struct HugeAmountTests {
    struct Book: CustomTestStringConvertible, Sendable {
      var name: String
      var entity: String
      var rows: String
      var mapping = ""
      var policy = "policy: standard@1\n"
      /// What the finding begins with.
      var told: String
      var testDescription: String { name }
    }

    static let books = [
      Book(
        name: "two payments in one year", entity: "payment",
        rows:
          "id,amount,currency,status,created\n1,5e12,USD,succeeded,2024-01-10\n2,5e12,USD,succeeded,2024-02-10",
        told: "Collections (`collections`) of 2024-Q1"),
      Book(
        name: "two lines in one month", entity: "invoice_line",
        rows:
          "id,customer,amount,currency,issued\n1,a,4.7e12,USD,2024-01-10\n2,a,4.7e12,USD,2024-01-11",
        told: "billings of 2024-01"),
      Book(
        name: "two expenses in one month", entity: "expense",
        rows: "id,day,category,amount,currency\n1,2024-01-10,sales,5e12,USD\n2,2024-01-11,marketing,5e12,USD",
        told: "CAC (`cac`) of 2024-01"),
      Book(
        name: "cash rises from far below 0", entity: "cash_balance",
        rows: "day,amount,currency\n2023-12-31,5e12,USD\n2024-03-31,-5e12,USD",
        told: "Burn rate (`burn_rate`) of 2024-03"),
      Book(
        name: "two open deals", entity: "opportunity",
        rows:
          "id,status,amount,currency,created,closed\n1,open,5e12,USD,2024-01-01,2024-09-01\n2,open,5e12,USD,2024-01-01,2024-09-01",
        told: "Pipeline (`pipeline_amount`) of 2024-01"),
      Book(
        name: "two contracts", entity: "contract",
        rows:
          "id,customer,amount,currency,signed,start,end\n1,a,5e12,USD,2024-01-01,2024-01-01,2025-01-01\n2,b,5e12,USD,2024-01-01,2024-01-01,2025-01-01",
        mapping: "end: {column: end, bound: exclusive}", told: "bookings of 2024-01"),
      Book(
        name: "an amount less a discount below 0", entity: "invoice_line",
        rows: "id,customer,amount,discount,currency,issued\n1,a,5e12,-5e12,USD,2024-01-10",
        told: "the amount less discount or tax of 1 invoices or lines"),
      Book(
        name: "a total less a tax below 0", entity: "invoice",
        rows: "id,customer,total,tax,currency,issued\n1,a,5e12,-5e12,USD,2024-01-10",
        told: "the amount less discount or tax of 1 invoices or lines"),
      Book(
        name: "a quantity", entity: "recurring_charge",
        rows:
          "id,customer,start,amount,quantity,currency,interval_unit\nhuge,a,2024-01-01,5e12,9e12,USD,month",
        told: "charge "),
      Book(
        name: "a day factor", entity: "recurring_charge",
        rows: "id,customer,start,amount,currency,interval_unit\nhuge,a,2024-01-01,5,USD,day",
        policy: "policy: standard@1\noverrides: {day_factor: 9223372036854775807/2}\n",
        told: "charge "),
    ]

    @Test(arguments: books) func isRefused(book: Book) throws {
      let project = try TemporaryProject()
      try feed(project, book)
      let outcome = try project.night()
      #expect(outcome.status == 1, "\(outcome.told)")
      #expect(outcome.told.contains("error: \(book.told)"), "\(outcome.told)")
      #expect(outcome.told.contains("too-large]"), "\(outcome.told)")
      #expect(outcome.told.contains("nothing is published"), "\(outcome.told)")
    }

    @Test func budgetsThatTogetherDoNotFitRefuseTheRunOnlyWhereOneFigureNeedsThem() throws {
      let project = try TemporaryProject()
      let rows = (5...9).map { "2024-0\($0)-01,mrr_new,5e12,USD" }.joined(separator: "\n")
      var book = Book(
        name: "budgets", entity: "budget", rows: "day,metric,amount,currency\n" + rows, told: "")
      try feed(project, book)
      #expect(try project.night().status == 0)
      book.entity = "opportunity"
      book.rows = "id,status,amount,currency,created,closed\n1,open,10,USD,2024-01-01,2024-09-01"
      try feed(project, book)
      let outcome = try project.run("run", "nightly", "--as-of", "2024-05-31")
      #expect(outcome.status == 1, "\(outcome.told)")
      #expect(outcome.told.contains("Pipeline coverage (`pipeline_coverage`) of 2024-04"), "\(outcome.told)")
    }

    /// Years of short charges come to more than any month has; a night on which one of them changes, too.
    @Test func chargesThatAreNeverInForceTogetherNeedNotFitTogether() throws {
      let project = try TemporaryProject()
      try project.write("Config/company.yml", "name: Huge\nreporting_currency: VND\n")
      // Its dollars would need rates.
      try FileManager.default.removeItem(
        at: project.folder.appendingPathComponent("Config/sources/billing.yml"))
      func feed(lastAmount: String) throws {
        let rows = (0..<40).map { number in
          let (year, month) = (2021 + number / 12, number % 12 + 1)
          let next = month == 12 ? "\(year + 1)-01-01" : "\(year)-\(month < 9 ? "0" : "")\(month + 1)-01"
          let amount = number == 39 ? lastAmount : "2000000000"
          return "\(number),a,\(year)-\(month < 10 ? "0" : "")\(month)-01,\(next),\(amount),VND,month"
        }
        try self.feed(
          project,
          Book(
            name: "", entity: "recurring_charge",
            rows: "id,customer,start,end,amount,currency,interval_unit\n" + rows.joined(separator: "\n"),
            mapping: "end: {column: end, bound: exclusive}", told: ""))
      }
      let mrr =
        "select value from metric_period where metric = 'mrr' and dimension = 'all' and grain = 'month' and valuation = 'as_reported' order by period"
      for amount in ["2000000000", "3000000000"] {
        try feed(lastAmount: amount)
        let outcome = try project.run("run", "nightly", "--as-of", "2024-04-30")
        #expect(outcome.status == 0, "\(outcome.told)")
        let expected = Array(repeating: "2000000000000000", count: 39) + [amount + "000000"]
        #expect(try project.query(mrr) == expected)
      }
    }

    /// What is credited on an invoice is summed up exactly, and takes all there is.
    @Test func aCreditNoteWithTaxBeyondTheLargestAmountSettlesItsInvoice() throws {
      let project = try TemporaryProject()
      try feed(
        project,
        Book(
          name: "", entity: "invoice",
          rows: "id,customer,total,currency,issued,status\n1,a,5e12,USD,2024-01-10,open", told: ""))
      try feed(
        project,
        Book(
          name: "", entity: "credit_note",
          rows: "id,invoice,customer,amount,tax,currency,issued\n1,1,a,5e12,5e12,USD,2024-01-20", told: ""))
      #expect(try project.night().status == 0)
      let owed =
        "select distinct value from metric_period where metric like 'receivables%' and grain = 'month'"
      #expect(try project.query(owed) == ["0"])
    }

    /// Every column by its own name; `5e12` is written out, since exports have no exponents.
    private func feed(_ project: TemporaryProject, _ book: Book) throws {
      let rows = book.rows.replacingOccurrences(
        of: "e12", with: "000000000000"
      ).replacingOccurrences(of: "4.7000000000000", with: "4700000000000")
      try project.write("exports/\(book.entity).csv", rows + "\n")
      let columns = rows.prefix { $0 != "\n" }.split(separator: ",").map(String.init)
      var lines = [
        "system: billing", "files: exports/\(book.entity).csv", "data_through: as_of", "entities:",
        "  \(book.entity):",
      ]
      lines += columns.filter { !book.mapping.hasPrefix("\($0):") }.map { "    \($0): \($0)" }
      if !book.mapping.isEmpty { lines.append("    \(book.mapping)") }
      try project.write("Config/sources/\(book.entity).yml", lines.joined(separator: "\n") + "\n")
      try project.write("Config/policy.yml", book.policy)
    }
  }
}
