import Model

/// MRR at each month's end above, what moved it below: two panels on one time axis.
struct TrendChart {
  private let canvas: Canvas
  private let left: Double
  private let right: Double
  private let index: FigureIndex
  private let rows: [BridgeRow]
  private let slot: Double

  static func drawing(_ index: FigureIndex, months count: Int) -> Drawing {
    Canvas.drawn { TrendChart(index, count, $0).drawing }
  }

  private init(_ index: FigureIndex, _ count: Int, _ canvas: Canvas) {
    self.index = index
    self.canvas = canvas
    (left, right) = (canvas.isNarrow ? 42 : 52, canvas.width - (canvas.isNarrow ? 4 : 12))
    // A telephone has room for a year and a half.
    rows = index.months(canvas.isNarrow ? min(count, 18) : count).compactMap { index.row($0) }
    slot = (right - left) / Double(max(1, rows.count))
  }

  private var drawing: Drawing {
    let currency = index.data.currency
    var drawing = Drawing(
      title: "MRR by month and what moved it", description: description, width: canvas.width,
      height: 296 + legendDrop)
    guard !rows.isEmpty else { return drawing }
    drawing.data = panels
    let highest = rows.map { Double($0.amounts.ending) }.max() ?? 0
    let level = AxisScale(0...max(1, highest), from: 122, to: 24, count: 3)
    drawing.text("MRR, \(currency.code)", x: 0, y: 12, style: "heading")
    drawGrid(level, &drawing)
    var line: [(x: Double, y: Double)] = []
    for (number, row) in rows.enumerated() {
      line.append((center(number), level.position(Double(row.amounts.ending))))
    }
    let last = line[line.count - 1]
    drawing.path([(line[0].x, 122)] + line + [(last.x, 122)], style: "area", closed: true)
    drawing.path(line, style: "line")
    for (point, row) in canvas.marks(rows.count) ? Array(zip(line, rows)) : [] {
      drawing.circle(
        x: point.x, y: point.y, radius: 2.6, style: "dot",
        tip: !canvas.marks(rows.count)
          ? nil : "\(row.period.last.shortName): \(briefMoneyText(row.amounts.ending, currency))")
    }
    if let row = rows.last {
      drawing.text(
        abbreviatedMoneyText(row.amounts.ending), x: last.x + 4, y: last.y - 7, anchor: .end, style: "value")
    }
    drawMovements(&drawing)
    return drawing
  }

  private var panels: [ChartData] {
    let currency = index.data.currency
    let lines = BridgeLine.movements.filter { line in rows.contains { line.amount($0.amounts) != 0 } }
    func table(_ title: String, _ columns: [BridgeLine]) -> Table {
      Table(
        caption: title,
        columns: [.init("Month", isNumber: false)] + columns.map { .init($0 == .ending ? "MRR" : $0.title) },
        rows: rows.map { row in
          .init(
            cells: [.month(row.period.last)] + columns.map { .money($0.amount(row.amounts), currency) })
        })
    }
    let level = "MRR at the month's end, \(currency.code)"
    let movements = "Movements of MRR, \(currency.code)"
    return [
      ChartData(title: level, shape: .line, table: table(level, [.ending]), styles: ["line"]),
      ChartData(
        title: movements, shape: .stacked, table: table(movements, lines), styles: lines.map(\.rawValue)),
    ]
  }

  private func drawMovements(_ drawing: inout Drawing) {
    let sums = rows.map { row in
      BridgeLine.movements.reduce(into: (up: 0.0, down: 0.0)) { sums, line in
        let amount = Double(line.amount(row.amounts))
        if amount > 0 { sums.up += amount } else { sums.down += amount }
      }
    }
    let scale = AxisScale(
      (sums.map(\.down).min() ?? 0)...max(1, sums.map(\.up).max() ?? 0), from: 268 + legendDrop,
      to: 176 + legendDrop, count: 4)
    drawing.text("Movements, \(index.data.currency.code)", x: 0, y: 147, style: "heading")
    drawLegend(&drawing)
    drawGrid(scale, &drawing)
    let width = min(34, slot * 0.62)
    for (number, row) in rows.enumerated() {
      var up = 0.0
      var down = 0.0
      for line in BridgeLine.movements {
        let amount = line.amount(row.amounts)
        guard amount != 0 else { continue }
        let base = amount > 0 ? up : down
        let top = base + Double(amount)
        let (high, low) = (scale.position(max(base, top)), scale.position(min(base, top)))
        drawing.rectangle(
          x: center(number) - width / 2, y: high, width: width, height: low - high, style: line.rawValue,
          tip: !canvas.marks(rows.count)
            ? nil
            : "\(row.period.last.shortName), \(line.title): "
              + briefMoneyText(amount, index.data.currency, signed: true))
        if amount > 0 { up = top } else { down = top }
      }
    }
    drawing.line(left, scale.position(0), right, scale.position(0), style: "axis")
    drawMonths(&drawing, y: 282 + legendDrop)
  }

  private func center(_ number: Int) -> Double { left + (Double(number) + 0.5) * slot }

  private func drawGrid(_ scale: AxisScale, _ drawing: inout Drawing) {
    for tick in scale.ticks {
      let y = scale.position(tick)
      drawing.line(left, y, right, y, style: "guide")
      drawing.text(moneyTickText(tick), x: left - 6, y: y + 3.5, anchor: .end)
    }
  }

  /// Only as many names as have room; the year stands under each January and under the first month.
  private func drawMonths(_ drawing: inout Drawing, y: Double) {
    let step = canvas.step(slot: slot)
    for (number, row) in rows.enumerated() where (rows.count - 1 - number) % step == 0 {
      let month = row.period.last
      drawing.text(month.monthName, x: center(number), y: y, anchor: .middle)
      if number == (rows.count - 1) % step || month.monthOfYear <= step {
        drawing.text(String(month.year), x: center(number), y: y + 12, anchor: .middle, style: "value")
      }
    }
  }

  private var legend: [(line: BridgeLine, x: Double, row: Int)] {
    var place = (x: 0.0, row: 0)
    return BridgeLine.movements.filter { line in rows.contains { line.amount($0.amounts) != 0 } }.map {
      line in
      let width = 26 + Double(line.title.count) * 7.6
      if place.x > 0, place.x + width > canvas.width { place = (0, place.row + 1) }
      defer { place.x += width }
      return (line, place.x, place.row)
    }
  }

  /// What further rows of the legend push down.
  private var legendDrop: Double { Double(legend.last?.row ?? 0) * 17 }

  private func drawLegend(_ drawing: inout Drawing) {
    for entry in legend {
      let y = 154 + Double(entry.row) * 17
      drawing.rectangle(x: entry.x, y: y, width: 10, height: 10, style: entry.line.rawValue)
      drawing.text(entry.line.title, x: entry.x + 14, y: y + 9)
    }
  }

  private var description: String {
    guard let first = rows.first, let last = rows.last else { return "No months to show." }
    let currency = index.data.currency
    return "MRR went from \(briefMoneyText(first.amounts.ending, currency)) at the end of"
      + " \(first.period.last.longName) to \(briefMoneyText(last.amounts.ending, currency)) at the end of"
      + " \(last.period.last.longName). Below it each month's movements, gains above the line and losses under it."
  }
}
