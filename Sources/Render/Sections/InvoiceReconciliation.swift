import Model

/// How a month's MRR comes out of what was invoiced: the recurring lines of the month, what of them is for other months, what was
/// invoiced in other months for this one, and why customers differ from that.
enum InvoiceReconciliation {
  /// None where nothing is known of invoices.
  static func blocks(_ index: FigureIndex, rows limit: Int) -> [ReportSection.Block] {
    guard let invoiced = index.data.notes.invoiced else { return [] }
    var blocks: [ReportSection.Block] = [.table(steps(invoiced, index.data))]
    if let customers = customers(invoiced, index.data, rows: limit) { blocks.append(.table(customers)) }
    return blocks
  }

  private static func steps(_ invoiced: InvoicedMonth, _ data: ReportData) -> Table {
    let currency = data.currency
    var table = Table(
      caption: "\(data.month.longName): from the recurring lines of its invoices to MRR, in \(currency.code)",
      columns: [.init("Line", isNumber: false), .init("Customers"), .init("Amount")])
    for step in InvoicedMonth.Step.allCases {
      guard let amount = invoiced.steps[step], amount != 0 || step == .issued else { continue }
      table.rows.append(
        .init(cells: [Cell(step.title), .blank, .money(amount, currency, signed: step != .issued)]))
    }
    table.rows.append(
      .init(
        cells: [
          Cell("Invoiced for the month's end, the amount a month"), .blank,
          .money(invoiced.invoiced, currency),
        ],
        emphasis: .total))
    for reason in InvoicedMonth.Reason.allCases {
      guard let part = invoiced.reasons[reason] else { continue }
      table.rows.append(
        .init(cells: [
          Cell(reason.title), .count(part.customers), .money(part.amount, currency, signed: true),
        ]))
    }
    table.rows.append(
      .init(cells: [Cell("MRR"), .blank, .money(invoiced.mrr, currency)], emphasis: .total))
    return table
  }

  /// Of customers whose MRR is not what they were invoiced, the largest by name; nil where there are none.
  private static func customers(_ invoiced: InvoicedMonth, _ data: ReportData, rows limit: Int) -> Table? {
    guard !invoiced.largest.isEmpty else { return nil }
    var table = Table(
      caption: "Customers that differ most, in \(data.currency.code)",
      columns: [
        .init("Customer", isNumber: false), .init("MRR"), .init("Invoiced a month"), .init("Difference"),
        .init("Why", isNumber: false),
      ])
    for line in invoiced.largest.prefix(limit) {
      table.rows.append(
        .init(cells: [
          Cell(line.customer == 0 ? "lines of no known customer" : data.name(of: line.customer)),
          .money(line.mrr, data.currency), .money(line.invoiced, data.currency),
          .money(Int128(line.mrr) - Int128(line.invoiced), data.currency, signed: true),
          Cell(line.reason.title),
        ]))
    }
    return table
  }
}

extension InvoicedMonth.Step {
  fileprivate var title: String {
    switch self {
    case .issued: "Recurring lines of the month's invoices, less discounts"
    case .otherTime: "of them for a time that does not reach over the month's end"
    case .prorated: "of them prorated lines, which are for part of a term"
    case .longerTerms: "of them for other months: annual and other prepayments"
    case .shorterTerms: "terms shorter than a month, made up to one"
    case .earlier: "Invoiced in other months for this one, the amount a month"
    }
  }
}

extension InvoicedMonth.Reason {
  fileprivate var title: String {
    switch self {
    case .notYetInvoiced: "Not invoiced for this time yet: billed late or in arrears"
    case .neverInvoiced: "Never invoiced"
    case .withoutMRR: "Invoiced for this time, without MRR: ended, paused or unpaid"
    case .credited: "Taken back by credit notes"
    case .discounted: "Discounts of invoices that MRR does not take off"
    case .changed: "Changed within a term, settled by prorated lines"
    case .changedSince: "Changed within a term, not invoiced before the next one"
    case .usage: "Usage that counts as MRR"
    case .rounding: "Rounding of invoices to the minor unit"
    case .other: "Another price, quantity, discount or exchange rate than invoiced"
    }
  }
}
