import Model

/// How a month's MRR went from its start to its end, one bar a movement.
struct WaterfallChart {
  /// One bar: from where to where it reaches, in micro-units.
  struct Bar: Hashable {
    var line: BridgeLine
    var from: Int64
    var to: Int64
    var amount: Int64 { line == .starting || line == .ending ? to : to - from }
    /// `+85.7 k`, `2.71 M`.
    var label: String {
      let text = abbreviatedMoneyText(amount)
      if text.hasPrefix("-") { return "\u{2212}" + text.dropFirst() }
      return line == .starting || line == .ending || amount == 0 ? text : "+" + text
    }
  }

  /// The bars of a bridge; each starts where the one before ended, and the last ends at the ending MRR.
  static func bars(_ amounts: BridgeAmounts, _ lines: [BridgeLine]) -> [Bar] {
    var level: Int64 = 0
    return lines.map { line in
      let amount = line.amount(amounts)
      guard line != .starting, line != .ending else {
        level = amount
        return Bar(line: line, from: 0, to: amount)
      }
      defer { level += amount }
      return Bar(line: line, from: level, to: level + amount)
    }
  }

  static func drawing(_ row: BridgeRow) -> Drawing {
    Canvas.drawn { $0.isNarrow ? lying(row, $0) : standing(row, $0) }
  }

  /// Bars beneath each other, where there is no room for their names side by side.
  private static func lying(_ row: BridgeRow, _ canvas: Canvas) -> Drawing {
    let lines = BridgeLine.shown(in: [row])
    let bars = bars(row.amounts, lines)
    let (step, first) = (28.0, 28.0)
    var drawing = Drawing(
      title: "MRR bridge of \(row.period.last.longName)", description: description(bars, row),
      width: canvas.width, height: first + step * Double(bars.count) + 4)
    let base = cut(bars)
    let (left, right) = (104.0, canvas.width - 62)
    let highest = bars.map { Double(max($0.from, $0.to)) }.max() ?? 1
    let scale = AxisScale(Double(base)...max(Double(base) + 1, highest), from: left, to: right, count: 3)
    drawing.text(heading(base, row.currency), x: 0, y: 12, style: "heading")
    for (number, bar) in bars.enumerated() {
      let y = first + step * Double(number)
      let low = scale.position(max(scale.low, Double(min(bar.from, bar.to))))
      let high = scale.position(Double(max(bar.from, bar.to)))
      drawing.text(bar.line.title, x: left - 8, y: y + 13, anchor: .end)
      drawing.rectangle(x: low, y: y, width: max(high - low, 1), height: 18, style: bar.line.rawValue)
      drawing.text(bar.label, x: canvas.width, y: y + 13, anchor: .end, style: "value")
      if number + 1 < bars.count {
        let x = scale.position(Double(bar.to))
        drawing.line(x, y + 18, x, y + step, style: "link")
      }
    }
    return drawing
  }

  private static func heading(_ base: Int64, _ currency: Currency) -> String {
    base > 0 ? "MRR, \(currency.code); the axis does not begin at zero" : "MRR, \(currency.code)"
  }

  private static func standing(_ row: BridgeRow, _ canvas: Canvas) -> Drawing {
    let lines = BridgeLine.shown(in: [row])
    let bars = bars(row.amounts, lines)
    let currency = row.currency
    var drawing = Drawing(
      title: "MRR bridge of \(row.period.last.longName)", description: description(bars, row), width: 680,
      height: 276)
    drawing.data = [panel(row, lines)]
    let (top, bottom, left) = (42.0, 234.0, 52.0)
    let base = cut(bars)
    let highest = bars.map { Double(max($0.from, $0.to)) }.max() ?? 1
    let scale = AxisScale(Double(base)...max(Double(base) + 1, highest), from: bottom, to: top, count: 4)
    drawing.text(heading(base, currency), x: 0, y: 12, style: "heading")
    for tick in scale.ticks {
      drawing.line(left, scale.position(tick), 668, scale.position(tick), style: "guide")
      drawing.text(moneyTickText(tick), x: left - 6, y: scale.position(tick) + 3.5, anchor: .end)
    }
    let slot = (668 - left) / Double(max(1, bars.count))
    let width = min(56, slot * 0.66)
    for (number, bar) in bars.enumerated() {
      let x = left + (Double(number) + 0.5) * slot
      let low = scale.position(max(scale.low, Double(min(bar.from, bar.to))))
      let high = scale.position(Double(max(bar.from, bar.to)))
      let isLevel = bar.line == .starting || bar.line == .ending
      drawing.rectangle(
        x: x - width / 2, y: high, width: width, height: max(low - high, 1), style: bar.line.rawValue,
        tip: "\(bar.line.title): \(briefMoneyText(bar.amount, currency, signed: !isLevel))")
      if isLevel, base > 0 { drawBreak(x, width, bottom - 12, &drawing) }
      if number + 1 < bars.count {
        let y = scale.position(Double(bar.to))
        drawing.line(x + width / 2, y, x + slot - width / 2, y, style: "link")
      }
      drawing.text(bar.label, x: x, y: high - 6, anchor: .middle, style: "value")
      // In small pictures every other name stands lower, so that they do not run into each other.
      drawing.text(
        bar.line == .fx ? "FX" : bar.line.title, x: x, y: bottom + 17, anchor: .middle,
        style: number % 2 == 1 ? "label low" : "label")
    }
    drawing.line(left, bottom, 668, bottom, style: "axis")
    return drawing
  }

  private static func panel(_ row: BridgeRow, _ lines: [BridgeLine]) -> ChartData {
    let title = "MRR bridge of \(row.period.last.longName), \(row.currency.code)"
    return ChartData(
      title: title, shape: .waterfall,
      table: Table(
        caption: title, columns: [.init("Line", isNumber: false), .init("Amount")],
        rows: lines.map { .init(cells: [Cell($0.title), .money($0.amount(row.amounts), row.currency)]) }),
      styles: ["ending"])
  }

  /// Where the axis begins: above zero when the movements would else be hairlines on two towers.
  private static func cut(_ bars: [Bar]) -> Int64 {
    let lowest =
      bars.map { $0.line == .starting || $0.line == .ending ? $0.to : min($0.from, $0.to) }.min() ?? 0
    let highest = bars.map { max($0.from, $0.to) }.max() ?? 0
    let span = highest - lowest
    guard lowest > 0, span < lowest / 2 else { return min(0, lowest) }
    return max(0, lowest - max(span / 3, highest / 200))
  }

  /// Two slanted strokes across the foot of a bar: it is longer than drawn.
  private static func drawBreak(_ x: Double, _ width: Double, _ y: Double, _ drawing: inout Drawing) {
    for offset in [0.0, 5.0] {
      drawing.line(x - width / 2 - 3, y + 3 + offset, x + width / 2 + 3, y - 3 + offset, style: "break")
    }
  }

  private static func description(_ bars: [Bar], _ row: BridgeRow) -> String {
    let parts = bars.map { bar in
      let isLevel = bar.line == .starting || bar.line == .ending
      return "\(bar.line.title) \(briefMoneyText(bar.amount, row.currency, signed: !isLevel))"
    }
    return parts.joined(separator: ", ") + "."
  }
}
