import Model
import Render
import Warehouse

extension ExplanationLines {
  func print(_ explanation: CustomerExplanation, in month: Month) {
    write("\(explanation.key.words(explanation.name)) in \(month)")
    let others = explanation.keys.filter { $0 != explanation.key }
    if !others.isEmpty {
      write("  also \(others.map { plainText("\($0.system):\($0.id)") }.joined(separator: ", "))")
    }
    for segment in explanation.segments { write("  \(segment.dimension): \(plainText(segment.segment))") }
    object([
      ("part", .text("customer")), ("system", .init(explanation.key?.system)),
      ("id", .init(explanation.key?.id)),
      ("name", .text(explanation.name)), ("month", .text(month.description)),
      ("opening", .text(money(explanation.opening))),
      ("restatement", .text(money(explanation.openingRestatement))),
      ("closing", .text(money(explanation.closing))),
      ("segments", .texts(explanation.segments.map { "\($0.dimension)=\($0.segment)" })),
      ("currency", .text(terms.currency.code)),
    ])
    heading("MRR, \(terms.currency)")
    let opening = Int128(explanation.opening)
    let moves = explanation.movements.filter { $0.amount != 0 }
    let columns = Columns(
      [money(opening), money(explanation.closing)] + moves.map { money($0.amount) } + [
        money(explanation.openingRestatement)
      ])
    let restated = explanation.openingRestatement
    write(
      "  \(columns.aligned(money(opening)))  at the end of \(month - 1)\(restated == 0 ? "" : ", as closed")")
    if restated != 0 { write("  \(columns.aligned(money(restated)))  restatement of closed months") }
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
    heading("Charges in force in the month, as the facts are known now; files and lines as first read so")
    write("  discounts, credits, refunds and days of grace are in value and span, as the policy has them")
    if explanation.charges.isEmpty { write("  none that counts by the policy") }
    for charge in explanation.charges { print(charge, in: month) }
    let published = PublishedPolicy(explanation.method, terms)
    print(uncounted: explanation.uncounted, in: month, published.policy)
    if !explanation.rows.isEmpty { heading("Its own rows") }
    for row in explanation.rows { print(row, indent: "  ") }
    let isForeign = explanation.charges.contains { $0.currency != terms.currency }
    if isForeign {
      heading("Exchange rates")
      write("  \(published.policy?.sentence(of: .rateDate) ?? "by the policy \(published.words)")")
    }
    // A rate of a month values nothing where each charge has that of its own start.
    for rate in published.policy?.rateDate == .serviceStart ? [] : explanation.rates {
      let day =
        rate.day.map { "of \($0)" } ?? (published.policy?.rateDate == .fixed ? "fixed" : "mean of the month")
      write("  \(rate.month)  1 \(rate.from) \(rateText(rate.rate)) \(rate.to), \(day)")
      object([
        ("part", .text("rate")), ("month", .text(rate.month.description)), ("from", .text(rate.from.code)),
        ("to", .text(rate.to.code)), ("numerator", .integer(rate.rate.numerator)),
        ("denominator", .integer(rate.rate.denominator)), ("day", .init(rate.day?.description)),
      ])
    }
  }

  private func print(_ charge: ExplainedCharge, in month: Month) {
    let ends = [month - 1, month].filter(charge.isInForce)
    let span = "\(charge.start) to \(charge.end.map { "before \($0)" } ?? "open")"
    let plan = [charge.plan.map { "plan \($0)" }, charge.product.map { "product \($0)" }].compactMap { $0 }
      .map { plainText($0) }
    write(
      "  \(money(charge.mrr)) \(charge.currency) a month, \(([span] + plan + [charge.grade]).joined(separator: ", "))"
    )
    let counts = ends.map { "the end of \($0)" }.joined(separator: " and ")
    write("    counts at \(ends.isEmpty ? "no month's end of these" : counts)")
    object([
      ("part", .text("charge")), ("mrr", .text(money(charge.mrr))), ("currency", .text(charge.currency.code)),
      ("start", .text(charge.start.description)), ("end", .init(charge.end?.description)),
      ("plan", .init(charge.plan)),
      ("product", .init(charge.product)), ("grade", .text(charge.grade)),
      ("counts_at_end_of", .texts(ends.map(\.description))),
    ])
    for row in charge.rows { print(row, indent: "    ") }
  }

  func print(_ row: ExplainedRow, indent: String) {
    let facts = row.facts.map { "\($0.column.name) \(plainText(text($0.value, $0.column)))" }
    let validity = [row.validFrom.map { "from \($0)" }, row.validTo.map { "to before \($0)" }].compactMap {
      $0
    }
    write(
      "\(indent)\(row.entity.rawValue) \(plainText("\(row.key.system):\(row.key.id)")), \(plainText(row.file)):\(row.line)\(validity.isEmpty ? "" : ", " + validity.joined(separator: " "))"
    )
    if !facts.isEmpty { write("\(indent)  \(facts.joined(separator: ", "))") }
    object([
      ("part", .text("row")), ("entity", .text(row.entity.rawValue)), ("system", .text(row.key.system)),
      ("id", .text(row.key.id)), ("source", .text(row.source)), ("file", .text(row.file)),
      ("line", .integer(row.line)), ("valid_from", .init(row.validFrom)), ("valid_to", .init(row.validTo)),
      ("facts", .texts(facts)),
    ])
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
