import Model

/// What the figures were made from: sources, rows in quarantine, rates, months, accounts without a partner.
enum DataSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let data = builder.data
    return section.faces.flatMap { view -> [ReportSection] in
      switch view {
      case .sources:
        guard !data.sources.isEmpty else {
          return builder.omit(section, face: "Sources", "nothing was read yet")
        }
        return builder.section(section, face: "Sources", [.table(sources(data))])
      case .quarantine:
        let counts = data.notes.quarantine
        guard !counts.isEmpty else {
          return builder.section(section, face: "Rows in quarantine", [.text("No row is in quarantine.")])
        }
        return builder.section(
          section, face: "Rows in quarantine", [.table(quarantine(counts, rows: section.rows))])
      case .rates:
        guard let table = rates(data) else {
          return builder.omit(section, face: "Exchange rates", "every amount is in \(data.currency.code)")
        }
        return builder.section(section, face: "Exchange rates", [.table(table)])
      case .months:
        let tables = [months(builder.index)] + [restatements(builder.index)].compactMap(\.self)
        return builder.section(section, face: "Months", tables.map { .table($0) })
      default:
        return builder.section(section, face: "Accounts without a partner", [.table(accounts(data))])
      }
    }
  }

  private static func sources(_ data: ReportData) -> Table {
    var table = Table(
      caption: "What each source has told, and up to when",
      columns: [
        .init("Source", isNumber: false), .init("Data through", isNumber: false),
        .init("Days behind the month's end"), .init("Rows read"), .init("In quarantine"),
        .init("Share in quarantine"),
      ])
    let end = data.month.lastDay
    for source in data.sources.sorted(by: { $0.name < $1.name }) {
      let through = source.dataThrough.plainDay ?? Day(number: Int32(source.dataThrough.seconds / 86_400))
      let isCounted = source.proof == nil
      table.rows.append(
        .init(cells: [
          Cell(plainText(source.name), detail: source.proof.map { $0.sentence() }),
          source.dataThrough.plainDay.map { .day($0) } ?? Cell(source.dataThrough.description),
          .count(max(0, Int(end.number - through.number))),
          isCounted ? .count(source.rows) : .blank, .count(source.quarantined),
          isCounted ? .share(source.quarantined, of: source.rows, decimals: 2) : .blank,
        ]))
    }
    return table
  }

  private static func quarantine(_ counts: [QuarantineCount], rows limit: Int) -> Table {
    var table = Table(
      caption:
        "Rows that are not counted in any figure, by source and reason; whoever runs Perennial can list them",
      columns: [.init("Source", isNumber: false), .init("Reason", isNumber: false), .init("Rows")])
    for line in counts.prefix(limit) {
      table.rows.append(
        .init(cells: [Cell(plainText(line.source)), Cell(plainText(line.name)), .count(line.rows)]))
    }
    let rest = counts.dropFirst(limit)
    if !rest.isEmpty {
      table.rows.append(
        .init(
          cells: [Cell("\(rest.count) others"), .blank, .count(rest.reduce(0) { $0 + $1.rows })],
          emphasis: .rest))
    }
    return table
  }

  private static func rates(_ data: ReportData) -> Table? {
    let rates = data.ratesUsed.filter {
      $0.from != $0.to && ($0.month == data.month || $0.month == data.month - 1)
    }.sorted {
      ($1.month, $0.from, $0.to, $0.day?.number ?? 0) < ($0.month, $1.from, $1.to, $1.day?.number ?? 0)
    }
    guard !rates.isEmpty else { return nil }
    var table = Table(
      caption: "Rates of \(data.month.longName) and of the month before, which the bridge opens at",
      columns: [
        .init("Month", isNumber: false), .init("From", isNumber: false), .init("To", isNumber: false),
        .init("Rate", isNumber: false), .init("Of", isNumber: false), .init("Days before the month's end"),
      ])
    for rate in rates {
      let age = rate.day.map { Int(rate.month.lastDay.number - $0.number) }
      table.rows.append(
        .init(cells: [
          .month(rate.month), Cell(rate.from.code), Cell(rate.to.code),
          Cell(String(rateText(rate.rate).drop { $0 == "=" || $0 == " " })),
          rate.day.map { .day($0) } ?? .blank,
          age.map { .count($0) } ?? .blank,
        ]))
    }
    return table
  }

  private static func months(_ index: FigureIndex) -> Table {
    let data = index.data
    var table = Table(
      caption: "How sure the figures of each month are",
      columns: [
        .init("Month", isNumber: false), .init("State", isNumber: false), .init("MRR is", isNumber: false),
      ])
    for month in index.months(13) {
      let state =
        data.provisionalMonths.contains(month)
        ? "provisional" : index.row(month)?.state == .closed ? "closed" : "open"
      let grade =
        switch index.headline("mrr", month)?.grade ?? .exact {
        case .exact: "exact"
        case .reconstructed: "in part reconstructed"
        case .assumed: "in part assumed"
        }
      table.rows.append(.init(cells: [.month(month), Cell(state), Cell(grade)]))
    }
    return table
  }

  /// Closed months that today's facts would give another MRR; nil where there are none.
  private static func restatements(_ index: FigureIndex) -> Table? {
    let (restated, currency) = (index.data.notes.restatedMonths, index.data.currency)
    guard !restated.isEmpty else { return nil }
    var table = Table(
      caption:
        "Closed months whose MRR would be another one by today's facts; they stay as closed, in \(currency.code)",
      columns: [
        .init("Month", isNumber: false), .init("MRR as closed"), .init("By today's facts"),
        .init("Difference"),
        .init("What changed", isNumber: false),
      ])
    for line in restated {
      table.rows.append(
        .init(cells: [
          .month(line.month), .money(line.asClosed, currency), .money(line.now, currency),
          .money(line.now - line.asClosed, currency), Cell(plainText(line.cause)),
        ]))
    }
    return table
  }

  private static func accounts(_ data: ReportData) -> Table {
    var table = Table(
      caption: "Accounts that no other system knows",
      columns: [.init("What", isNumber: false), .init("Accounts")])
    table.rows = [
      .init(cells: [Cell("CRM accounts without a billing customer"), .count(data.unlinkedAccounts)]),
      .init(cells: [Cell("Billing customers without a CRM account"), .count(data.unlinkedCustomers)]),
    ]
    return table
  }
}
