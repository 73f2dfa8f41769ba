import Model

/// Net and gross retention over the months, as two lines told apart by dash and label too.
enum RetentionChart {
  struct Line {
    var label: String
    var style: String
    /// nil where the month has no figure: the line has a gap.
    var values: [Double?]
    var texts: [String]
  }

  static func drawing(_ index: FigureIndex, net: String, gross: String, months count: Int) -> Drawing {
    Canvas.drawn { drawing(index, net: net, gross: gross, months: count, $0) }
  }

  private static func drawing(
    _ index: FigureIndex, net: String, gross: String, months count: Int, _ canvas: Canvas
  ) -> Drawing {
    let months = index.months(count)
    let lines = [line("NDR", "line", net, months, index), line("GDR", "line dashed", gross, months, index)]
    let known = lines.flatMap { $0.values.compactMap { $0 } }
    var drawing = Drawing(
      title: "Net and gross retention by month", description: description(lines, months), width: canvas.width,
      height: 210)
    let heading = "\(index.title(net)) and \(index.title(gross))"
    drawing.data = [
      ChartData(
        title: heading, shape: .line,
        table: Table(
          caption: heading, columns: [.init("Month", isNumber: false), .init("NDR"), .init("GDR")],
          rows: months.map { month in
            .init(
              cells: [.month(month)]
                + [net, gross].map { metric in
                  Quantity(index.value(metric, month), index.metrics[metric]).map {
                    .quantity($0, index.data.currency)
                  } ?? .blank
                })
          }), styles: lines.map(\.style))
    ]
    drawing.text("\(index.title(net)) and \(index.title(gross)), percent", x: 0, y: 12, style: "heading")
    // The figures at the lines' ends have the room they need, letters of telephones being larger.
    let ends = lines.compactMap { line in
      line.texts.last.map { LetterWidths.bold("\(line.label) \($0)", size: canvas.isNarrow ? 12 : 11) }
    }
    let (left, right) = (canvas.isNarrow ? 34.0 : 52.0, canvas.width - 8 - (ends.max() ?? 0))
    let scale = AxisScale(
      min(0.9, known.min() ?? 0.9)...max(1.02, known.max() ?? 1.02), from: 180, to: 26, count: 4)
    for tick in scale.ticks {
      let isWhole = (tick - 1).magnitude < 1e-9
      drawing.line(left, scale.position(tick), right, scale.position(tick), style: isWhole ? "axis" : "guide")
      drawing.text(percent(tick), x: left - 6, y: scale.position(tick) + 3.5, anchor: .end)
    }
    let slot = (right - left) / Double(max(1, months.count))
    func center(_ number: Int) -> Double { left + (Double(number) + 0.5) * slot }
    for line in lines {
      var stretch: [(x: Double, y: Double)] = []
      for (number, value) in line.values.enumerated() {
        guard let value else {
          drawing.path(stretch, style: line.style)
          stretch = []
          continue
        }
        stretch.append((center(number), scale.position(value)))
        if !canvas.marks(months.count), number < line.values.count - 1 { continue }
        drawing.circle(
          x: center(number), y: scale.position(value), radius: 2.6, style: "dot",
          tip: canvas.isNarrow ? nil : "\(months[number].shortName): \(line.label) \(line.texts[number])")
      }
      drawing.path(stretch, style: line.style)
      if let last = line.values.last, let value = last, let text = line.texts.last {
        drawing.text(
          "\(line.label) \(text)", x: right - slot / 2 + 8, y: scale.position(value) + 4, style: "value")
      }
    }
    let step = canvas.step(slot: slot)
    for (number, month) in months.enumerated() where (months.count - 1 - number) % step == 0 {
      drawing.text(month.monthName, x: center(number), y: 196, anchor: .middle)
      if number == (months.count - 1) % step || month.monthOfYear <= step {
        drawing.text(String(month.year), x: center(number), y: 208, anchor: .middle, style: "value")
      }
    }
    return drawing
  }

  private static func line(
    _ label: String, _ style: String, _ metric: String, _ months: [Month], _ index: FigureIndex
  ) -> Line {
    let quantities = months.map { Quantity(index.value(metric, $0), index.metrics[metric]) }
    return Line(
      label: label, style: style, values: quantities.map { $0.map { Double($0.number) / 1e12 } },
      texts: quantities.map { $0?.text(index.data.currency) ?? "n/a" })
  }

  private static func percent(_ share: Double) -> String {
    decimalText(Int128((share * 1000).rounded()), scale: 1, digits: 0)
  }

  private static func description(_ lines: [Line], _ months: [Month]) -> String {
    lines.map { line in
      let points = zip(months, line.texts).map { "\($0.shortName) \($1)" }
      return "\(line.label): \(points.joined(separator: ", "))."
    }.joined(separator: " ")
  }
}
