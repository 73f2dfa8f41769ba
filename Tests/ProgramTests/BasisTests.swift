import Testing

/// MRR by invoices and by contracts, from configuration to the views.
@Suite struct BasisTests {
  private static let endings =
    "select period, ending from mrr_bridge where grain = 'month' and dimension = 'all' and valuation = 'as_reported' order by period"

  private static let lines = """
    files: exports/lines.csv
    system: billing
    entities:
      invoice_line:
        rows: periods
        id: id
        invoice: invoice
        customer: customer
        amount: amount
        currency: {constant: USD}
        period_start: from
        period_end: {column: to, bound: exclusive}
        proration: prorated
        kind: kind
        status: status
    """

  private func invoiced() throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write("Config/policy.yml", "policy: chartmogul@1\n")
    try project.write("Config/sources/lines.yml", Self.lines)
    try project.write(
      "exports/lines.csv",
      """
      id,invoice,customer,amount,from,to,prorated,kind,status
      1,I1,a,1200,2024-01-01,2025-01-01,0,recurring,paid
      2,I2,b,50,2024-02-01,2024-03-01,0,recurring,open
      3,I2,b,7,2024-02-01,2024-03-01,0,metered,open
      4,I3,c,99,2024-02-01,2024-03-01,0,recurring,void

      """)
    return project
  }

  @Test func chartmogulRunsOnInvoiceLinesWithoutOverrides() throws {
    let project = try invoiced()
    #expect(try project.run("validate").status == 0)
    let outcome = try project.night()
    #expect(outcome.status == 0, "\(outcome.told)")
    #expect(
      try project.query(Self.endings) == ["2024-01,100000000", "2024-02,157000000", "2024-03,100000000"])
    #expect(
      try project.query("select natural_id, entity, grade, mrr from charge order by natural_id") == [
        "1,invoice_line,reconstructed,100000000", "2,invoice_line,reconstructed,50000000",
        "3,invoice_line,reconstructed,7000000",
      ])
    #expect(try project.run("status").data.contains("published to 2024-03, MRR by invoices"))
    let report = try String(decoding: project.data("output/reports/executive_summary.md"), as: UTF8.self)
    #expect(report.contains("MRR is the recurring invoice lines, spread over their service periods"))
    #expect(
      try project.query(
        "select distinct basis, grade from metric_period where metric = 'mrr' and dimension = 'all'") == [
          "invoices,reconstructed"
        ])
  }

  @Test func aNightOfMoreInvoicesIsWhatAllOfThemAre() throws {
    let project = try invoiced()
    #expect(try project.night().status == 0)
    let lines = """
      id,invoice,customer,amount,from,to,prorated,kind,status
      1,I1,a,1200,2024-01-01,2025-01-01,0,recurring,paid
      2,I2,b,50,2024-02-01,2024-03-01,0,recurring,void
      5,I4,a,300,2024-03-01,2024-04-01,0,recurring,open

      """
    try project.write("exports/lines.csv", lines)
    let outcome = try project.run("run", "nightly", "--as-of", "2024-03-31")
    #expect(outcome.status == 1)
    #expect(try project.run("accept", "lines").status == 0)
    #expect(try project.night().status == 0)
    #expect(
      try project.query(Self.endings) == ["2024-01,100000000", "2024-02,100000000", "2024-03,300000000"])
  }

  @Test func salesforceRunsOnContractsWithoutOverrides() throws {
    let project = try TemporaryProject()
    try project.write("Config/policy.yml", "policy: salesforce@1\n")
    try project.write(
      "Config/sources/contracts.yml",
      """
      files: exports/contracts.csv
      system: billing
      entities:
        contract:
          rows: periods
          id: id
          customer: customer
          signed: signed
          start: start
          end: {column: end, bound: inclusive}
          amount: amount
          currency: {constant: USD}
      """)
    try project.write(
      "exports/contracts.csv",
      """
      id,customer,signed,start,end,amount
      1,a,2023-12-20,2024-01-01,2024-12-31,1200
      2,b,2024-01-15,2024-02-01,2024-02-29,30

      """)
    let outcome = try project.night()
    #expect(outcome.status == 0, "\(outcome.told)")
    #expect(
      try project.query(Self.endings) == ["2024-01,100000000", "2024-02,130000000", "2024-03,100000000"])
    #expect(
      try project.query(
        "select period, value from metric_period where metric = 'cmrr' and grain = 'month' and dimension = 'all' order by 1"
      ) == ["2024-01,130000000", "2024-02,130000000", "2024-03,100000000"])
    #expect(
      try project.query("select natural_id, start_day, end_day, entity from charge order by 1") == [
        "1,2024-01-01,2025-01-01,contract", "2,2024-02-01,2024-03-01,contract",
      ])
  }

  @Test(arguments: [
    ("policy: chartmogul@1\n", "`basis: invoices`, and no source feeds invoice_line"),
    ("policy: salesforce@1\n", "`basis: contracts`, and no source feeds contract"),
    (
      "overrides: {metered: include_invoiced}\n",
      "`metered: include_invoiced`, and no source feeds invoice_line"
    ),
    ("overrides: {refunds: subtract}\n", "nothing says which price a refund takes back"),
  ])
  func anAnswerWithoutItsSourceIsRefusedByName(_ answer: (policy: String, told: String)) throws {
    let project = try TemporaryProject()
    try project.write("Config/policy.yml", answer.policy)
    for command in [["validate"], ["run", "nightly"]] {
      let outcome = try project.run(command)
      #expect(outcome.status == 2)
      #expect(outcome.told.contains(answer.told), "\(outcome.told)")
    }
  }
}
