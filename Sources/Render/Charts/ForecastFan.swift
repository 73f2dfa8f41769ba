import Model

/// MRR of the past months as a line, and of the coming year as a fan from the worst to the best pace.
enum ForecastFan {
  static func drawing(_ index: FigureIndex, months count: Int) -> Drawing {
    Canvas.drawn { drawing(index, months: count, $0) }
  }

  private static func drawing(_ index: FigureIndex, months count: Int, _ canvas: Canvas) -> Drawing {
    let data = index.data
    let past = index.months(count).compactMap { index.row($0) }
    let lines = data.notes.forecasts
    var drawing = Drawing(
      title: "MRR and its forecast", description: description(past, lines, data.currency),
      width: canvas.width,
      height: 218)
    guard let now = past.last, let last = lines.last else { return drawing }
    drawing.data = [numbers(past, lines, data.currency)]
    let (left, right) = (canvas.isNarrow ? 34.0 : 52.0, canvas.width - (canvas.isNarrow ? 92 : 114))
    let (top, bottom) = (canvas.isNarrow ? 42.0 : 26.0, 184.0)
    let values = past.map { Double($0.amounts.ending) } + lines.flatMap { [Double($0.low), Double($0.high)] }
    let scale = AxisScale(
      min(0, values.min() ?? 0)...max(1, values.max() ?? 1), from: bottom, to: top, count: 4)
    let heading = ["MRR, \(data.currency.code)", "from now on expected, lowest and highest"]
    if canvas.isNarrow {
      for (row, text) in heading.enumerated() {
        drawing.text(text, x: 0, y: 12 + Double(row) * 15, style: row == 0 ? "heading" : "label")
      }
    } else {
      drawing.text(heading.joined(separator: "; "), x: 0, y: 12, style: "heading")
    }
    for tick in scale.ticks {
      drawing.line(left, scale.position(tick), right, scale.position(tick), style: "guide")
      drawing.text(moneyTickText(tick), x: left - 6, y: scale.position(tick) + 3.5, anchor: .end)
    }
    let slot = (right - left) / Double(max(1, past.count + lines.count - 1))
    func point(_ number: Int, _ micros: Int64) -> (x: Double, y: Double) {
      (left + Double(number) * slot, scale.position(Double(micros)))
    }
    let start = point(past.count - 1, now.amounts.ending)
    func ahead(_ value: (ForecastLine) -> Int64) -> [(x: Double, y: Double)] {
      lines.enumerated().map { point(past.count + $0.offset, value($0.element)) }
    }
    drawing.path([start] + ahead(\.high) + ahead(\.low).reversed(), style: "area", closed: true)
    drawing.path([start] + ahead(\.expected), style: "line dashed")
    drawing.path(past.enumerated().map { point($0.offset, $0.element.amounts.ending) }, style: "line")
    drawing.circle(
      x: start.x, y: start.y, radius: 3, style: "dot",
      tip: "\(now.period.last.shortName): \(briefMoneyText(now.amounts.ending, data.currency))")
    // The three ends lie near each other in calm years: their labels keep a line's distance.
    var floor = -Double.infinity
    for (name, value) in [("high", last.high), ("expected", last.expected), ("low", last.low)] {
      let y = max(scale.position(Double(value)) + 4, floor + 13)
      floor = y
      drawing.text(
        "\(abbreviatedMoneyText(value)) \(canvas.isNarrow && name == "expected" ? "exp." : name)",
        x: right + 6, y: y,
        style: name == "expected" ? "value" : "label")
    }
    let months = past.map(\.period.last) + lines.map(\.month)
    let step = max(3, canvas.step(slot: slot))
    for (number, month) in months.enumerated() where number % step == (past.count - 1) % step {
      let x = left + Double(number) * slot
      drawing.text(month.monthName, x: x, y: bottom + 16, anchor: .middle)
      if number < step || month.monthOfYear <= step {
        drawing.text(String(month.year), x: x, y: bottom + 28, anchor: .middle, style: "value")
      }
    }
    return drawing
  }

  private static func numbers(
    _ past: [BridgeRow], _ lines: [ForecastLine], _ currency: Currency
  ) -> ChartData {
    let title = "MRR and its forecast, \(currency.code)"
    var table = Table(
      caption: title,
      columns: [
        .init("Month", isNumber: false), .init("MRR"), .init("Low"), .init("Expected"), .init("High"),
      ])
    for row in past {
      table.rows.append(
        .init(cells: [.month(row.period.last), .money(row.amounts.ending, currency), .blank, .blank, .blank]))
    }
    for line in lines {
      table.rows.append(
        .init(
          cells: [.month(line.month), .blank]
            + [line.low, line.expected, line.high].map { .money($0, currency) }))
    }
    return ChartData(
      title: title, shape: .line, table: table, styles: ["line", "line", "line dashed", "line"])
  }

  private static func description(_ past: [BridgeRow], _ lines: [ForecastLine], _ currency: Currency)
    -> String
  {
    guard let now = past.last, let last = lines.last else { return "No forecast to show." }
    return "MRR of \(briefMoneyText(now.amounts.ending, currency)) in \(now.period.last.longName); in"
      + " \(last.month.longName) \(briefMoneyText(last.expected, currency)) are expected, between"
      + " \(briefMoneyText(last.low, currency)) and \(briefMoneyText(last.high, currency))."
  }
}
