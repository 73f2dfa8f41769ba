import Model

/// Customers by what they pay and by what says they may go, apart from the month's movements.
enum CustomerLists {
  static func largest(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let data = builder.data
    let usual = "Largest customers"
    guard let row = builder.index.row(data.month), !data.notes.largest.isEmpty else {
      return builder.omit(section, face: usual, "no customer has MRR in \(data.month.longName)")
    }
    var table = Table(
      caption: "MRR at the end of \(data.month.longName), in \(data.currency.code)",
      columns: [.init("Customer", isNumber: false), .init("MRR"), .init("Share of MRR"), .init("Together")])
    var together: Int128 = 0
    let total = max(0, row.amounts.ending)
    for line in data.notes.largest.prefix(section.rows) {
      together += Int128(line.mrr)
      table.rows.append(
        .init(cells: [
          Cell(data.name(of: line.customer)), .money(line.mrr, data.currency), .share(line.mrr, of: total),
          .share(together, of: Int128(total)),
        ]))
    }
    let rest = Int128(row.amounts.ending) - together
    if let count = row.counts.map({ Int($0.ending) - table.rows.count }), rest != 0 || count > 0 {
      table.rows.append(
        .init(
          cells: [
            Cell(count == 1 ? "1 other" : "\(countText(count)) others"), .money(rest, data.currency),
            .share(rest, of: Int128(total)), .share(together + rest, of: Int128(total)),
          ], emphasis: .rest))
    }
    table.rows.append(
      .init(
        cells: [
          Cell("Total"), .money(row.amounts.ending, data.currency), .share(row.amounts.ending, of: total),
          .blank,
        ], emphasis: .total))
    return builder.section(section, face: usual, [.table(table)])
  }

  static func atRisk(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let data = builder.data
    let usual = "At risk"
    guard !data.notes.atRisk.isEmpty else {
      return builder.omit(
        section, face: usual,
        "nothing says of a customer that it may go, or the month is not among the last two")
    }
    var table = Table(
      caption:
        "Customers that may leave, with their MRR at the end of \(data.month.longName) in \(data.currency.code): a cancellation or an end is known, or a payment is late; those known to leave first",
      columns: [
        .init("Customer", isNumber: false), .init("MRR"), .init("Share of MRR", rank: 1),
        .init("Why", isNumber: false),
        .init("Ends", isNumber: false),
      ])
    let total = max(0, builder.index.row(data.month)?.amounts.ending ?? 0)
    let lines = data.notes.atRisk
    for line in lines.prefix(section.rows) {
      table.rows.append(
        .init(cells: [
          Cell(data.name(of: line.customer)), .money(line.mrr, data.currency), .share(line.mrr, of: total),
          Cell(listText(line.signs.map(\.text))), line.end.map { .day($0) } ?? .blank,
        ]))
    }
    let rest = lines.dropFirst(section.rows)
    if !rest.isEmpty {
      let sum = rest.reduce(Int128(0)) { $0 + Int128($1.mrr) }
      table.rows.append(
        .init(
          cells: [
            Cell("\(countText(rest.count)) others"), .money(sum, data.currency),
            .share(sum, of: Int128(total)), .blank, .blank,
          ], emphasis: .rest))
    }
    let sum = lines.reduce(Int128(0)) { $0 + Int128($1.mrr) }
    table.rows.append(
      .init(
        cells: [
          Cell("Total"), .money(sum, data.currency), .share(sum, of: Int128(total)), .blank, .blank,
        ], emphasis: .total))
    return builder.section(section, face: usual, [.table(table)])
  }
}

extension CustomerAtRisk.Sign {
  fileprivate var text: String {
    switch self {
    case .invoicePastDue: "invoice past due"
    case .paymentPastDue: "payment past due"
    case .unpaid: "not paid after all attempts"
    case .cancelRequested: "cancellation requested"
    case .endKnown: "end is known"
    }
  }
}
