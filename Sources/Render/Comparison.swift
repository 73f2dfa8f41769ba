import Model

/// How a figure of one month stands against an earlier one.
struct Comparison {
  /// The earlier value, money without its currency, or `n/a`.
  var earlier: Cell
  /// Absolute change, with the relative one and the judgement as detail; of a percentage the difference in points is the change, and a
  /// percentage of it would only be a second one to mix up with it.
  var change: Cell
  /// The same in a few words, for a headline: `▲ 1.2 %`, or `unchanged`.
  var brief: String

  init(
    _ metric: String, now: MetricValue, then: MetricValue, _ index: FigureIndex, _ footnotes: inout Footnotes
  ) {
    let declared = index.metrics[metric]
    earlier = footnotes.plainCell(then, metric, index)
    guard let now = Quantity(now, declared), let then = Quantity(then, declared), now.unit == then.unit else {
      change = Cell("n/a", notes: earlier.notes, value: .missing(reason: "one of the two values is missing"))
      if change.notes.isEmpty { change = footnotes.missing("one of the two values is missing") }
      brief = "n/a"
      return
    }
    let decimals = Quantity.decimals(of: metric)
    let currency = index.data.currency
    let changed = Quantity(number: now.number - then.number, unit: now.unit)
    let absolute = changed.differenceText(currency, decimals: decimals)
    let difference = isPrintedZero(absolute) ? 0 : changed.number
    let relative =
      now.unit == .percent ? nil : Self.relativeText(then.number + difference, then.number)
    let verdict = Self.verdict(difference, declared?.good ?? .neither)
    let arrow = difference > 0 ? "▲" : difference < 0 ? "▼" : "■"
    let judged = verdict.word.isEmpty ? "" : " \(verdict.word)"
    // Of a large figure a change can be too small for a percentage; its amount still says how much.
    let said = relative.flatMap { difference != 0 && isPrintedZero($0) ? nil : $0 }
    change = Cell(
      absolute, detail: "\(arrow)\(said.map { " \($0)" } ?? "")\(judged)",
      tone: verdict.tone,
      value: changed.cellValue(currency, decimals: decimals))
    let short = changed.headline(currency, signed: true)
    let amount = isPrintedZero(short) ? changed.text(currency, signed: true) : short
    let headline = now.unit == .percent ? absolute : said ?? amount
    brief = difference == 0 ? "unchanged" : "\(arrow) \(headline)\(judged)"
  }

  /// nil unless it goes from above 0 to at least 0: a change from nothing, or to a loss, has no percentage.
  static func relativeText(_ now: Int128, _ then: Int128) -> String? {
    guard then > 0, now >= 0 else { return nil }
    let share = roundedQuotient((now - then) * powerOfTen(6), then)
    return decimalText(share, scale: 4, digits: 1, signed: true) + " %"
  }

  static func verdict(_ difference: Int128, _ good: Metric.Direction) -> (word: String, tone: Cell.Tone) {
    if difference == 0 { return ("", .neutral) }
    switch good {
    case .neither: return ("", .neutral)
    case .up: return difference > 0 ? ("better", .good) : ("worse", .bad)
    case .down: return difference < 0 ? ("better", .good) : ("worse", .bad)
    }
  }
}
