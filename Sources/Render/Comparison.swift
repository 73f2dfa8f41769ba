import Model

/// How a figure of one month stands against an earlier one.
struct Comparison {
  /// The earlier value, or `n/a`.
  var earlier: Cell
  /// Absolute change, with the relative one and the judgement as detail.
  var change: Cell
  /// The same in a few words, for a headline: `▲ 1.2 %`.
  var brief: String

  init(
    _ metric: String, now: MetricValue, then: MetricValue, _ index: FigureIndex, _ footnotes: inout Footnotes
  ) {
    let declared = index.metrics[metric]
    earlier = footnotes.cell(then, metric, index)
    guard let now = Quantity(now, declared), let then = Quantity(then, declared), now.unit == then.unit else {
      change = Cell("n/a", notes: earlier.notes, value: .missing(reason: "one of the two values is missing"))
      if change.notes.isEmpty { change = footnotes.missing("one of the two values is missing") }
      brief = "n/a"
      return
    }
    let decimals = Quantity.decimals(of: metric)
    let difference = now.number - then.number
    let changed = Quantity(number: difference, unit: now.unit)
    let absolute = changed.differenceText(index.data.currency, decimals: decimals)
    let relative = Self.relativeText(now.number, then.number)
    let verdict = Self.verdict(difference, declared?.good ?? .neither)
    let arrow = difference > 0 ? "▲" : difference < 0 ? "▼" : "■"
    let judged = verdict.word.isEmpty ? "" : " \(verdict.word)"
    change = Cell(
      absolute, detail: "\(arrow) \(relative ?? "n/a")\(judged)", tone: verdict.tone,
      value: changed.cellValue(index.data.currency, decimals: decimals))
    if relative == nil {
      change.notes =
        footnotes.missing("a relative change needs an earlier value above 0 and no negative one after it")
        .notes
    }
    let short = changed.headline(index.data.currency, signed: true)
    let headline = now.unit == .percent ? absolute : relative ?? short
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
