import Model
import Render
import Warehouse

extension ExplanationLines {
  func print(_ explanation: CustomerExplanation, in month: Month, valuedBy policy: Policy) {
    write("\(explanation.key.words(explanation.name)) in \(month)")
    let others = explanation.keys.filter { $0 != explanation.key }
    if !others.isEmpty { write("  also \(others.map { "\($0.system):\($0.id)" }.joined(separator: ", "))") }
    for segment in explanation.segments { write("  \(segment.dimension): \(segment.segment)") }
    object([
      ("part", .text("customer")), ("system", .init(explanation.key?.system)),
      ("id", .init(explanation.key?.id)),
      ("name", .text(explanation.name)), ("month", .text(month.description)),
      ("opening", .text(money(explanation.opening))), ("closing", .text(money(explanation.closing))),
      ("currency", .text(terms.currency.code)),
    ])
    heading("MRR, \(terms.currency)")
    let opening = Int128(explanation.opening)
    let moves = explanation.movements.filter { $0.amount != 0 }
    let columns = Columns([money(opening), money(explanation.closing)] + moves.map { money($0.amount) })
    write("  \(columns.aligned(money(opening)))  at the end of \(month - 1)")
    for movement in moves {
      write("  \(columns.aligned(money(movement.amount)))  \(movement.movement.rawValue)")
      object([
        ("part", .text("movement")), ("movement", .text(movement.movement.rawValue)),
        ("amount", .text(money(movement.amount))),
      ])
    }
    write("  \(columns.aligned(money(explanation.closing)))  at the end of \(month)")
    if let restated = explanation.restatement {
      write(
        "  closed with \(money(restated.asClosed)); today's facts make \(money(restated.now)): \(restated.cause)"
      )
      object([
        ("part", .text("restatement")), ("as_closed", .text(money(restated.asClosed))),
        ("now", .text(money(restated.now))), ("cause", .text(restated.cause)),
      ])
    }
    heading("Charges in force in the month, as the facts are known now")
    if explanation.charges.isEmpty { write("  none") }
    for charge in explanation.charges { print(charge, in: month) }
    let isForeign = explanation.charges.contains { $0.currency != terms.currency }
    if isForeign {
      heading("Exchange rates")
      write("  \(policy.sentence(of: .rateDate))")
    }
    // A rate of a month values nothing where each charge has that of its own start.
    for rate in policy.rateDate == .serviceStart ? [] : explanation.rates {
      let day = rate.day.map { "of \($0)" } ?? "of the month"
      write("  \(rate.month)  1 \(rate.from) \(rateText(rate.rate)) \(rate.to), \(day)")
      object([
        ("part", .text("rate")), ("month", .text(rate.month.description)), ("from", .text(rate.from.code)),
        ("to", .text(rate.to.code)), ("numerator", .integer(rate.rate.numerator)),
        ("denominator", .integer(rate.rate.denominator)), ("day", .init(rate.day?.description)),
      ])
    }
  }

  private func print(_ charge: ExplainedCharge, in month: Month) {
    let counts = [
      charge.isInForce(at: month - 1) ? "the end of \(month - 1)" : nil,
      charge.isInForce(at: month) ? "the end of \(month)" : nil,
    ].compactMap { $0 }
    let span = "\(charge.start) to \(charge.end.map { "before \($0)" } ?? "open")"
    let plan = [charge.plan.map { "plan \($0)" }, charge.product.map { "product \($0)" }].compactMap { $0 }
    write(
      "  \(money(charge.mrr)) \(charge.currency) a month, \(([span] + plan + [charge.grade]).joined(separator: ", "))"
    )
    write("    counts at \(counts.isEmpty ? "no month's end of these" : counts.joined(separator: " and "))")
    object([
      ("part", .text("charge")), ("mrr", .text(money(charge.mrr))), ("currency", .text(charge.currency.code)),
      ("start", .text(charge.start.description)), ("end", .init(charge.end?.description)),
      ("plan", .init(charge.plan)),
      ("product", .init(charge.product)), ("grade", .text(charge.grade)),
    ])
    for row in charge.rows {
      let facts = row.facts.map { "\($0.column.name) \(text($0.value, $0.column))" }
      write("    \(row.entity.rawValue) \(row.key.system):\(row.key.id), \(row.file):\(row.line)")
      if !facts.isEmpty { write("      \(facts.joined(separator: ", "))") }
      object([
        ("part", .text("row")), ("entity", .text(row.entity.rawValue)), ("system", .text(row.key.system)),
        ("id", .text(row.key.id)), ("source", .text(row.source)), ("file", .text(row.file)),
        ("line", .integer(row.line)),
        ("facts", .texts(facts)),
      ])
    }
  }

  /// A cell as the entity means it.
  private func text(_ value: QueryValue, _ column: EntityColumn) -> String {
    switch (value, column.kind) {
    case (.integer(let number), .money): money(number)
    case (.integer(let number), .millionths): exactDecimalText(Int128(number), scale: 6)
    case (.integer(let number), _): String(number)
    case (.real(let number), _): String(number)
    case (.text(let text), _): text
    case (.null, _), (.blob, _): ""
    }
  }
}
