import Model

extension ReportData {
  /// The sample company with everything that can stand beside its figures: what no other sample has.
  static var noted: ReportData {
    var data = ReportCase.everyMovement.data
    let mrr = data.bridge.last { $0.segment == .all && $0.valuation == .asReported }?.amounts.ending ?? 0
    data.notes.largest = [.init(customer: 2, mrr: 1_800_000_000), .init(customer: 1, mrr: 900_000_000)]
    data.notes.atRisk = [
      .init(
        customer: 1, mrr: 900_000_000, signs: [.invoicePastDue, .cancelRequested],
        end: Day(iso: "2024-03-31"))
    ]
    data.notes.forecasts = (1...12).map { month in
      let step = Int64(month) * 100_000_000
      return ForecastLine(
        made: data.month, month: data.month + month, low: mrr - step, expected: mrr + step,
        high: mrr + 3 * step)
    }
    data.notes.churnReasons = [
      ChurnReasonLine(month: data.month, reason: "too dear | for us", customers: 1, mrr: 350_000_000)
    ]
    data.notes.adjustments = [
      AdjustmentLine(
        month: data.month, metric: "mrr", customer: 2, amount: -5_000_000, native: -5_000_000,
        currency: data.currency, author: "ann", reason: "late credit")
    ]
    data.notes.quarantine = [QuarantineCount(source: "billing", name: "bad-number", rows: 3)]
    data.notes.heldRows = data.sources.map {
      HeldRows(source: $0.name, entity: .recurringCharge, records: max(0, $0.rows - $0.quarantined - 1))
    }
    data.notes.findings = [
      FindingCount(
        name: "negative-charge", severity: .warning, problem: "2 charges cost less than 0",
        consequence: "they count nowhere", count: 1)
    ]
    var invoiced = InvoicedMonth()
    invoiced.steps = [.issued: Int128(mrr) + 500_000_000, .longerTerms: -700_000_000]
    invoiced.invoiced = Int128(mrr) - 200_000_000
    invoiced.mrr = Int128(mrr)
    var part = InvoicedMonth.Part()
    (part.amount, part.customers) = (200_000_000, 1)
    invoiced.reasons = [.notYetInvoiced: part]
    invoiced.largest = [
      .init(customer: 4, mrr: 200_000_000, invoiced: 0, reason: .notYetInvoiced)
    ]
    data.notes.invoiced = invoiced
    return data
  }

  /// The same figures in another currency.
  func inCurrency(_ code: String) -> ReportData {
    guard let currency = Currency(code) else { return self }
    var data = self
    let former = data.currency
    data.currency = currency
    for index in data.figures.indices where data.figures[index].currency == former {
      data.figures[index].currency = currency
    }
    for index in data.bridge.indices where data.bridge[index].currency == former {
      data.bridge[index].currency = currency
    }
    return data
  }
}
