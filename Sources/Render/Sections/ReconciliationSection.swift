import Model

/// Figures held against what they must agree with: each ties, or it is said by how much not.
enum ReconciliationSection {
  /// One figure computed in two ways.
  struct Check: Hashable {
    enum Unit { case money, count }

    enum Kind {
      /// The two must be one number.
      case tie
      /// The difference is split into named parts beneath.
      case explained
      /// The two differ for good reason, and the difference is information.
      case information
    }

    var name: String
    var expected: String
    var left: Int128
    var right: Int128
    var unit = Unit.money
    var kind = Kind.tie

    /// What a reader is told; only what must be one number ties, so that the lines that say so are those the verdict counts.
    fileprivate var result: String {
      let isEqual = left == right
      return switch kind {
      case .tie: isEqual ? "ties" : "does not tie"
      case .explained: isEqual ? "is the same" : "split up below"
      case .information: isEqual ? "is the same" : "differs, as it may"
      }
    }

    /// The same for programs.
    fileprivate var state: String {
      let isEqual = left == right
      return switch kind {
      case .tie: isEqual ? "ties" : "does not tie"
      case .explained: isEqual ? "equal" : "explained"
      case .information: isEqual ? "equal" : "differs"
      }
    }
  }

  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let index = builder.index
    let data = builder.data
    guard index.row(data.month) != nil else {
      return builder.omit(section, "Reconciliation", index.absence(data.month))
    }
    let books = Reconciliation(index)
    var checks = books.bridge(section) + books.customers
    checks += builder.dimensions(of: section, customersOnly: false).compactMap(books.segments)
    checks += books.revenue + books.invoices
    let rows = RowReconciliation.checks(data)
    let shown = checks + RowReconciliation.summed(rows)
    checks += rows
    for check in checks where check.left != check.right && check.kind == .tie && check.unit == .money {
      builder.findings.append(
        Finding(
          .warning, "does-not-tie",
          "\(data.month): \(check.name) is not \(check.expected): off by \(exactDecimalText(check.left - check.right, scale: 6)) \(data.currency.code)",
          consequence: "the figures contradict each other", remedy: "run again with --full-refresh"))
    }
    builder.add(tidy(checks, data))
    let ties = checks.filter { $0.kind == .tie }
    let failed = ties.filter { $0.left != $0.right }.count
    let verdict =
      failed == 0
      ? "Everything that must tie ties: \(countText(ties.count)) checks."
      : "\(countText(failed)) of \(countText(ties.count)) checks do not tie."
    var made = builder.section(
      section, "Reconciliation", [.sentences([verdict]), .table(table(shown, data))])
    let invoices = InvoiceReconciliation.blocks(index, rows: section.rows)
    var parts: [(title: String, blocks: [ReportSection.Block])] = [("From invoices to MRR", invoices)]
    parts.append(
      ("From rows read to rows in force", RowReconciliation.table(data).map { [.table($0)] } ?? []))
    if invoices.isEmpty {
      _ = builder.omit(
        SectionDefinition(.reconciliation, place: section.place), "From invoices to MRR",
        "no line of an invoice is known, or one is in a currency without a rate in the month")
    }
    for part in parts where !part.blocks.isEmpty {
      made.append(ReportSection(title: part.title, kind: section.kind, blocks: part.blocks))
    }
    return made
  }

  // MARK: Tables

  private static func table(_ checks: [Check], _ data: ReportData) -> Table {
    var table = Table(
      caption: "\(data.month.longName): each line in two ways, amounts in \(data.currency.code)",
      columns: [
        .init("Figure", isNumber: false), .init("Amount", rank: 2),
        .init("Against", isNumber: false, rank: 1),
        .init("Amount", rank: 2),
        .init("Difference"), .init("Result", isNumber: false),
      ])
    for check in checks {
      func cell(_ number: Int128) -> Cell {
        check.unit == .money ? .money(number, data.currency) : .count(number)
      }
      let difference = check.left - check.right
      table.rows.append(
        .init(cells: [
          Cell(check.name), cell(check.left), Cell(check.expected), cell(check.right),
          check.unit == .money
            ? .exactDifference(difference, data.currency) : .count(difference, signed: true),
          Cell(check.result, tone: check.kind != .tie ? .neutral : difference == 0 ? .good : .bad),
        ]))
    }
    return table
  }

  private static func tidy(_ checks: [Check], _ data: ReportData) -> TidyTable {
    var table = TidyTable(
      name: "checks",
      columns: [
        "period", "period_end", "figure", "against", "unit", "currency", "value", "against_value",
        "difference", "state",
      ])
    for check in checks {
      func field(_ number: Int128) -> TidyTable.Field {
        check.unit == .money
          ? .number(exactDecimalText(number, scale: 6, leastDigits: data.currency.exponent))
          : .number(String(number))
      }
      table.rows.append([
        .date("\(data.month)"), .date("\(data.month.lastDay)"), .text(check.name), .text(check.expected),
        .text(check.unit == .money ? "money" : "count"),
        check.unit == .money ? .text(data.currency.code) : .empty, field(check.left), field(check.right),
        field(check.left - check.right),
        .text(check.state),
      ])
    }
    return table
  }
}

extension String {
  /// `Plan` within a sentence; what is all capitals stays so.
  var lowercasedFirst: String {
    dropFirst().first?.isUppercase == true ? self : prefix(1).lowercased() + dropFirst()
  }
}
