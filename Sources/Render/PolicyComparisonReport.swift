import Model

/// Makes the report of a comparison of two policies, in one format.
///
/// - Parameters:
///   - data: What stands around it: company, month and what the figures rest on.
///   - rows: Customers listed in Markdown and HTML; CSV has them all.
/// - Returns: nil with findings where a template has a fault.
public func render(
  _ comparison: PolicyComparison, _ format: ReportDefinition.Format, _ data: ReportData, rows: Int,
  templates: [String: String]
) -> (document: Document?, findings: [Finding]) {
  WrittenStyle.$current.withValue(data.style) {
    document(comparison, format, data, rows: rows, templates: templates)
  }
}

private func document(
  _ comparison: PolicyComparison, _ format: ReportDefinition.Format, _ data: ReportData, rows: Int,
  templates: [String: String]
) -> (document: Document?, findings: [Finding]) {
  let report = PolicyComparisonReport(
    comparison: comparison, rows: rows, hasExchangeRates: FigureIndex(data).hasExchangeRates)
  let name = "comparison.\(format.fileExtension)"
  let writer: FormatWriter
  switch format {
  case .csv:
    let bytes = CSVWriter(decimalMark: data.decimalMark).bytes(report.tidy)
    return (Document(name: name, format: format, bytes: bytes), [])
  case .markdown: writer = .markdown
  case .html, .pdf: writer = .html
  // It has no charts.
  case .png: return (nil, [])
  case .json, .xlsx:
    var findings: [Finding] = []
    let made = bytes(
      report.sections(data), format, name: "comparison", metrics: [comparison.metric], &findings)
    return (made.map { Document(name: name, format: format, bytes: $0) }, findings)
  }
  let filled = fill(
    template: "comparison.\(format == .pdf ? "html" : format.fileExtension).mustache", report.pieces(data),
    partials: templates, writer: writer)
  return (
    filled.text.map { Document(name: name, format: format, bytes: Array($0.utf8)) }, filled.findings
  )
}

/// One figure under two policies: what each decision and each customer makes of the gap.
struct PolicyComparisonReport {
  let comparison: PolicyComparison
  let rows: Int
  /// Whether it matters that ``comparison`` may be at constant rates.
  let hasExchangeRates: Bool

  func pieces(_ data: ReportData) -> [String: Piece] {
    var report = ReportBuilder.report(
      ReportDefinition(
        name: "comparison", title: "\(comparison.metric.title) under two policies",
        place: Place(file: "comparison")), FigureIndex(data))
    // Those of the published figures would not be those of both policies.
    report.basis.removeAll { $0.label == "Exchange rates" }
    return Self.pieces(
      report, sentence: sentence, decisions: decisions, customers: customers(comparison.customers ?? []),
      hasCustomers: comparison.customers?.isEmpty == false)
  }

  /// A comparison as templates name it.
  static func pieces(
    _ report: Report, sentence: String, decisions: Table, customers: Table, hasCustomers: Bool
  ) -> [String: Piece] {
    var pieces = ReportFrame.pieces(report)
    pieces["sentence"] = .text(sentence)
    pieces["decisions"] = .table(decisions)
    pieces["has_customers"] = .flag(hasCustomers)
    pieces["customers"] = .table(customers)
    return pieces
  }

  /// The same for formats that no template lays out.
  func sections(_ data: ReportData) -> Report {
    let index = FigureIndex(data)
    var value = Report(
      title: "\(comparison.metric.title) under two policies", audience: "", company: data.company,
      month: comparison.month, currency: comparison.currency,
      isProvisional: data.provisionalMonths.contains(data.month), isWide: false)
    value.sections = [
      ReportSection(id: "section-1", kind: .summary, blocks: [.sentences([sentence])]),
      ReportSection(id: "section-2", title: "Decisions", kind: .table, blocks: [.table(decisions)]),
    ]
    if let list = comparison.customers, !list.isEmpty {
      value.sections.append(
        ReportSection(id: "section-3", title: "Customers", kind: .table, blocks: [.table(customers(list))]))
    }
    value.basis = ReportBasis(index).lines.filter { $0.label != "Exchange rates" }
    var figures = tidy
    figures.name = "comparison"
    value.tables = [figures]
    return value
  }

  // MARK: Numbers

  private func quantity(_ value: MetricValue) -> Quantity? { Quantity(value, comparison.metric) }

  private func difference(_ from: MetricValue, _ to: MetricValue) -> Quantity? {
    guard let from = quantity(from), let to = quantity(to) else { return nil }
    return Quantity(number: to.number - from.number, unit: from.unit)
  }

  /// The figure before each step, and the one after it.
  private var stages: [(step: PolicyComparison.Step, before: MetricValue)] {
    zip(comparison.steps, [comparison.value] + comparison.steps.map(\.value)).map { ($0, $1) }
  }

  /// Every decimal there is, so that what stands in the table adds up by hand.
  private var decimals: Int {
    let numbers = ([comparison.value] + comparison.steps.map(\.value)).compactMap(quantity)
    guard let unit = numbers.first?.unit else { return 0 }
    switch unit {
    case .money:
      let amounts = numbers.map(\.number) + (comparison.customers ?? []).map { Int128($0.to - $0.from) }
      let exponent = comparison.currency.exponent
      return (exponent..<6).first { digits in amounts.allSatisfy { $0 % powerOfTen(6 - digits) == 0 } } ?? 6
    case .count: return 0
    case .percent: return 4
    case .multiple, .months, .days: return 6
    }
  }

  private func text(_ quantity: Quantity?, signed: Bool = false) -> String {
    guard let quantity else { return "n/a" }
    let isPercent = quantity.unit == .percent
    let number = decimalText(
      isPercent ? quantity.number * 100 : quantity.number, scale: quantity.scale, digits: decimals,
      signed: signed)
    return isPercent ? number + (signed ? " pp" : " %") : number
  }

  private func cell(_ quantity: Quantity?, signed: Bool = false) -> Cell {
    Cell(
      text(quantity, signed: signed),
      value: quantity.map {
        .number($0, currency: $0.unit == .money ? comparison.currency : nil, decimals: decimals)
      })
  }

  private func cell(_ value: MetricValue) -> Cell {
    if case .null(let reason) = value { return Cell(text(value), value: .missing(reason: reason)) }
    return cell(quantity(value))
  }

  private func text(_ value: MetricValue) -> String {
    if case .null(let reason) = value { return "n/a: \(reason)" }
    return text(quantity(value))
  }

  private func money(_ micros: Int64, signed: Bool = false) -> String {
    text(Quantity(number: Int128(micros), unit: .money), signed: signed)
  }

  private func moneyCell(_ micros: Int64, signed: Bool = false) -> Cell {
    cell(Quantity(number: Int128(micros), unit: .money), signed: signed)
  }

  // MARK: Texts

  private var sentence: String {
    let (from, to) = (comparison.from, comparison.to)
    guard !comparison.steps.isEmpty else {
      return "\(from) and \(to) answer every question alike: \(text(comparison.value))."
    }
    let changed = stages.filter { $0.before != $0.step.value }.map(\.step.key.rawValue)
    let count = comparison.steps.count
    let because =
      switch (changed.isEmpty, count) {
      case (true, 1): "the one answer that differs does not change it"
      case (true, _): "none of the \(count) answers that differ changes it"
      case (false, 1): "\(changed[0]) is the one answer that differs"
      case (false, _):
        "\(changed.joined(separator: ", ")) made the difference, of \(count) answers that differ"
      }
    return
      "\(text(comparison.value)) under \(from), \(text(comparison.lastValue)) under \(to), a gap of "
      + "\(text(difference(comparison.value, comparison.lastValue), signed: true)): \(because). "
      + "Keys are changed one at a time, in this order, each with all before it."
      + (comparison.customers == nil
        ? " \(comparison.metric.title) is no sum over customers, so that none of them has a part of the gap."
        : "")
  }

  private var decisions: Table {
    var table = Table(
      caption: caption("by decision"),
      columns: [
        .init("Decision", isNumber: false), .init("From", isNumber: false), .init("To", isNumber: false),
        .init("Figure"), .init("Difference"),
      ])
    table.rows = [
      .init(cells: [Cell(comparison.from), .blank, .blank, cell(comparison.value), .blank])
    ]
    for (step, before) in stages {
      table.rows.append(
        .init(cells: [
          Cell(step.key.rawValue), Cell(step.from), Cell(step.to, detail: step.sentence),
          cell(step.value), cell(difference(before, step.value), signed: true),
        ]))
    }
    table.rows.append(
      .init(
        cells: [
          Cell(comparison.to), .blank, .blank, cell(comparison.lastValue),
          cell(difference(comparison.value, comparison.lastValue), signed: true),
        ], emphasis: .total))
    return table
  }

  private func customers(_ customers: [PolicyComparison.Customer]) -> Table {
    var table = Table(
      caption: caption("by customer"),
      columns: [
        .init("Customer", isNumber: false), .init("From"), .init("To"), .init("Difference"),
        .init("Because of", isNumber: false),
      ])
    func row(_ name: String, _ list: some Sequence<PolicyComparison.Customer>, _ because: String) -> Table.Row
    {
      let (from, to) = list.reduce((0 as Int64, 0 as Int64)) { ($0.0 + $1.from, $0.1 + $1.to) }
      return .init(cells: [
        Cell(name), moneyCell(from), moneyCell(to), moneyCell(to - from, signed: true), Cell(because),
      ])
    }
    for customer in customers.prefix(rows) {
      let parts = customer.parts.map { "\($0.key.rawValue) \(money($0.amount, signed: true))" }
      table.rows.append(row(customer.title, [customer], parts.joined(separator: "; ")))
    }
    if customers.count > rows {
      var rest = row("\(countText(customers.count - rows)) others", customers.dropFirst(rows), "")
      rest.emphasis = .rest
      table.rows.append(rest)
    }
    var total = row(
      customers.count == 1 ? "1 customer" : "\(countText(customers.count)) customers", customers, "")
    total.emphasis = .total
    table.rows.append(total)
    return table
  }

  private func caption(_ what: String) -> String {
    let unit = comparison.metric.unit == .money ? ", in \(comparison.currency.code)" : ""
    let rates = hasExchangeRates && comparison.valuation == .constant ? ", at constant rates" : ""
    return "\(comparison.metric.title) of \(comparison.month.longName), \(what)\(unit)\(rates)"
  }

  /// One row a decision and one a customer and decision, with exact differences.
  var tidy: TidyTable {
    var table = TidyTable(columns: [
      "month", "metric", "part", "key", "from", "to", "system", "natural_id", "customer", "value_before",
      "value_after", "difference",
    ])
    let head: [TidyTable.Field] = [.date("\(comparison.month)"), .text(comparison.metric.id)]
    func number(_ quantity: Quantity?) -> TidyTable.Field {
      quantity.map { .number(exactDecimalText($0.number, scale: $0.scale)) } ?? .empty
    }
    table.rows.append(
      head + [
        .text("all"), .empty, .text(comparison.from), .text(comparison.to), .empty, .empty, .empty,
        number(quantity(comparison.value)), number(quantity(comparison.lastValue)),
        number(difference(comparison.value, comparison.lastValue)),
      ])
    for (step, before) in stages {
      table.rows.append(
        head + [
          .text("decision"), .text(step.key.rawValue), .text(step.from), .text(step.to), .empty, .empty,
          .empty,
          number(quantity(before)), number(quantity(step.value)), number(difference(before, step.value)),
        ])
    }
    for customer in comparison.customers ?? [] {
      var amount = customer.from
      for part in customer.parts {
        table.rows.append(
          head + [
            .text("customer"), .text(part.key.rawValue), .empty, .empty, .text(customer.key?.system ?? ""),
            .text(customer.key?.id ?? ""),
            .text(customer.name), .money(amount, comparison.currency),
            .money(amount + part.amount, comparison.currency), .money(part.amount, comparison.currency),
          ])
        amount += part.amount
      }
    }
    return table
  }
}

extension PolicyComparison.Customer {
  fileprivate var title: String { name.isEmpty ? Render.title(of: key) : name }
}
