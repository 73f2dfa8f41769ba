import Model

/// How a balance went from its opening to its closing, month by month, with what does not tie.
enum RollForwardSection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let index = builder.index
    let metrics = builder.metrics(section.metrics)
    let subtracted = Set(builder.metrics(section.subtracted))
    guard let closing = section.closing.flatMap({ builder.metrics([$0]).first }) else {
      return builder.omit(section, "Roll-forward", "the catalogue as published has none of its metrics")
    }
    let usual = index.title(closing)
    let months = index.months(section.months)
    let known = months.filter { month in (metrics + [closing]).allSatisfy { index.value($0, month).isKnown } }
    guard !known.isEmpty else {
      let reason = builder.absence(metrics + [closing], [builder.data.month])
      return builder.omit(section, usual, reason ?? "not every line of it is known")
    }
    let isCount = known.contains { if case .count = index.value(closing, $0) { true } else { false } }
    let currency = index.data.currency
    var table = Table(
      caption: "\(usual) from its opening to its closing" + (isCount ? "" : ", in \(currency.code)"),
      columns: [.init("Month", isNumber: false)]
        + metrics.map {
          .init(
            (subtracted.contains($0) ? "less " : "") + index.title($0),
            notes: builder.footnotes.definition($0, index), rank: 1)
        } + [
          .init(index.title(closing), notes: builder.footnotes.definition(closing, index)),
          .init("Difference"),
        ])
    for month in known {
      let amounts = metrics.map { metric -> Int128 in
        let amount = amount(index.value(metric, month))
        return subtracted.contains(metric) ? -amount : amount
      }
      let end = amount(index.value(closing, month))
      let difference = end - amounts.reduce(0, +)
      if difference != 0 {
        let off =
          isCount
          ? countText(Int(clamping: difference))
          : "\(exactDecimalText(difference, scale: 6)) \(currency.code)"
        builder.findings.append(
          Finding(
            .warning, "does-not-tie", at: section.place,
            "\(month): \(usual) is not what the section's metrics add up to: off by \(off)",
            consequence: "the report shows the difference",
            remedy: "name every metric the balance is made of, those that lower it also in `subtract`"))
      }
      table.rows.append(
        .init(
          cells: [.month(month)]
            + (zip(metrics, amounts).map { subtracted.contains($0) ? -$1 : $1 } + [end])
            .map { isCount ? .count($0) : .money($0, currency) }
            + [.difference(difference, isCount ? nil : currency)]))
    }
    if let last = table.rows.indices.last { table.rows[last].emphasis = .total }
    builder.cite(metrics + [closing], known)
    return builder.section(section, usual, [.table(table)])
  }

  /// Micro-units of money, or a count; what is neither is refused where reports are read.
  private static func amount(_ value: MetricValue) -> Int128 {
    if case .count(let count) = value { return Int128(count) }
    return micros(value)
  }

  /// Of an amount; anything else counts as nothing.
  static func micros(_ value: MetricValue) -> Int128 {
    switch value {
    case .money(let micros), .moneyRatio(let micros, _, _): Int128(micros)
    default: 0
    }
  }
}

extension Cell {
  /// `ties`, or by how much not; micro-units of money, or a count where there is no currency.
  static func difference(_ micros: Int128, _ currency: Currency?) -> Cell {
    guard let currency else {
      var cell = Cell.count(micros, signed: true)
      if micros == 0 { cell.text = "ties" } else { cell.tone = .bad }
      return cell
    }
    var cell = Cell.exactDifference(micros, currency)
    if micros == 0 { cell.text = "ties" } else { cell.tone = .bad }
    return cell
  }

  /// Micro-units of money, of which less than a cent is still a difference.
  static func exactDifference(_ micros: Int128, _ currency: Currency) -> Cell {
    var cell = Cell.money(micros, currency, signed: true)
    if micros != 0, isPrintedZero(cell.text) { cell.text = exactDecimalText(micros, scale: 6) }
    return cell
  }
}
