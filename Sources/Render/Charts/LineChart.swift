import Model

/// One metric over the months, with the range of the twelve months before each as a band behind it.
struct LineChart {
  /// What is drawn of a month: nil where the figure is not known.
  struct Point {
    var month: Month
    var value: Double?
    var text: String
    /// Without the currency, which the heading names.
    var short: String
    var cell = Cell.blank
    var range: ClosedRange<Double>?
  }

  let title: String
  let points: [Point]

  init(_ metric: String, _ segment: SegmentKey, _ months: [Month], _ index: FigureIndex, title: String) {
    self.title = title
    let decimals = Quantity.decimals(of: metric)
    func quantity(_ month: Month) -> Quantity? {
      Quantity(index.value(metric, month, segment), index.metrics[metric])
    }
    func number(_ quantity: Quantity) -> Double {
      var scale = 1.0
      for _ in 0..<quantity.scale { scale *= 10 }
      return Double(quantity.number) / scale
    }
    points = months.map { month in
      let now = quantity(month)
      let before = (1...12).compactMap { quantity(month - $0).map(number) }
      let range = before.count == 12 ? before.min().flatMap { low in before.max().map { low...$0 } } : nil
      return Point(
        month: month, value: now.map(number),
        text: now?.headline(index.data.currency, decimals: decimals) ?? "n/a",
        short: now?.short(index.data.currency, decimals: decimals) ?? "n/a",
        cell: now.map { .quantity($0, index.data.currency, decimals: decimals) } ?? .blank, range: range)
    }
  }

  var known: [Double] {
    points.compactMap(\.value) + points.compactMap(\.range).flatMap { [$0.lowerBound, $0.upperBound] }
  }

  /// Draws into a part of a drawing.
  func draw(
    into drawing: inout Drawing, left: Double, right: Double, top: Double, bottom: Double, isPercent: Bool,
    range: ClosedRange<Double>, _ canvas: Canvas, isSmall: Bool = false
  ) {
    let scale = AxisScale(range, from: bottom, to: top, count: bottom - top > 100 ? 4 : 2)
    // Of small ones it stands over the names of the ticks, and leaves the figure beside it its room.
    let start = max(0, left - (isSmall ? 24 : 46))
    let beside = isSmall ? LetterWidths.bold(typeset(points.last?.short ?? ""), size: 11) + 8 : 0
    drawing.text(
      LetterWidths.fitted(title, in: (isSmall ? right : canvas.width) - start - beside, size: 12), x: start,
      y: top - 12, style: "heading")
    for tick in scale.ticks {
      drawing.line(left, scale.position(tick), right, scale.position(tick), style: "guide")
      drawing.text(Self.tick(tick, isPercent), x: left - 6, y: scale.position(tick) + 3.5, anchor: .end)
    }
    let slot = (right - left) / Double(max(1, points.count - 1))
    func x(_ number: Int) -> Double { left + Double(number) * slot }
    let banded = points.enumerated().filter { $0.element.range != nil }
    drawing.path(
      banded.map { (x($0.offset), scale.position($0.element.range?.upperBound ?? 0)) }
        + banded.reversed().map { (x($0.offset), scale.position($0.element.range?.lowerBound ?? 0)) },
      style: "area", closed: true)
    var stretch: [(x: Double, y: Double)] = []
    for (number, point) in points.enumerated() {
      guard let value = point.value else {
        drawing.path(stretch, style: "line")
        stretch = []
        continue
      }
      stretch.append((x(number), scale.position(value)))
      if isSmall || !canvas.marks(points.count), number < points.count - 1 { continue }
      drawing.circle(
        x: x(number), y: scale.position(value), radius: 2.2, style: "dot",
        tip: canvas.isNarrow ? nil : "\(point.month.shortName): \(point.text)")
    }
    drawing.path(stretch, style: "line")
    if let last = points.last, let value = last.value {
      if isSmall {
        // Beside the name: at the line's end it would need the room of half of the line.
        drawing.text(last.short, x: right, y: top - 12, anchor: .end, style: "value")
      } else {
        drawing.text(last.text, x: right + 6, y: scale.position(value) + 4, style: "value")
      }
    }
    for (number, point) in points.enumerated()
    where number == 0 || number == points.count - 1 {
      drawing.text(
        point.month.shortName, x: x(number), y: bottom + 14, anchor: number == 0 ? .start : .end)
    }
  }

  private static func tick(_ value: Double, _ isPercent: Bool) -> String {
    if isPercent { return decimalText(Int128((value * 1000).rounded()), scale: 1, digits: 1) + " %" }
    if value.magnitude < 1000 {
      return decimalText(Int128((value * 100).rounded()), scale: 2, digits: value == value.rounded() ? 0 : 1)
    }
    return moneyTickText(value * 1_000_000)
  }

  /// Every metric under the other, each on its own axis.
  static func drawing(_ metrics: [String], _ index: FigureIndex, months count: Int) -> Drawing {
    Canvas.drawn { drawing(metrics, index, months: count, $0) }
  }

  private static func drawing(
    _ metrics: [String], _ index: FigureIndex, months count: Int, _ canvas: Canvas
  ) -> Drawing {
    let months = index.months(count)
    let charts = metrics.map { metric in
      let money = index.metrics[metric]?.unit == .money ? ", \(index.data.currency.code)" : ""
      return LineChart(metric, .all, months, index, title: index.title(metric) + money)
    }
    var drawing = Drawing(
      title: "\(listText(metrics.map(index.title))) by month",
      description: charts.map(\.description).joined(separator: " "), width: canvas.width,
      height: Double(charts.count) * 150 + 10)
    var isCut = false
    drawing.data = charts.map { numbers([$0], $0.title, months) }
    for (number, chart) in charts.enumerated() {
      let known = chart.known
      guard let low = known.min(), let high = known.max() else { continue }
      let top = Double(number) * 150 + 28
      let range = low...max(high, low + high.magnitude * 0.01 + 1e-6)
      let scale = AxisScale(range, from: top + 92, to: top, count: 2)
      var marked = chart
      if scale.low > 0 || scale.high < 0 {
        marked = LineChart(title: chart.title + " *", points: chart.points)
        isCut = true
      }
      let end = LetterWidths.bold(chart.points.last?.text ?? "", size: canvas.isNarrow ? 12 : 11) + 10
      marked.draw(
        into: &drawing, left: canvas.isNarrow ? 46 : 52, right: canvas.width - max(90, end), top: top,
        bottom: top + 92, isPercent: Self.isPercent(metrics[number], index), range: range, canvas)
    }
    drawing.explain(hasBand: charts.contains { $0.points.contains { $0.range != nil } }, isCut: isCut)
    return drawing
  }

  /// The segments of a dimension beside each other, all on one scale.
  ///
  /// - Parameter left: what is not drawn, in words.
  static func smallMultiples(
    _ metric: String, _ dimension: String, _ segments: [String], _ index: FigureIndex, months count: Int,
    left: String = ""
  ) -> Drawing {
    Canvas.drawn { smallMultiples(metric, dimension, segments, index, months: count, left, $0) }
  }

  private static func smallMultiples(
    _ metric: String, _ dimension: String, _ segments: [String], _ index: FigureIndex, months count: Int,
    _ unseen: String, _ canvas: Canvas
  ) -> Drawing {
    let months = index.months(count)
    let charts = segments.map {
      LineChart(
        metric, SegmentKey(dimension, $0), months, index, title: index.title(of: SegmentKey(dimension, $0)))
    }
    let columns = canvas.isNarrow ? 2 : 3
    let rows = (charts.count + columns - 1) / columns
    var drawing = Drawing(
      title: "\(index.title(metric)) by \(dimensionTitle(dimension).lowercasedFirst)",
      description: (unseen.isEmpty ? "" : unseen.capitalizedFirst + ". ")
        + charts.map(\.description).joined(separator: " "), width: canvas.width,
      height: Double(rows) * 118 + 34)
    let money = index.metrics[metric]?.unit == .money ? ", \(index.data.currency.code)" : ""
    drawing.text(
      LetterWidths.fitted(drawing.title + money, in: canvas.width, size: 12), x: 0, y: 12, style: "heading")
    if !unseen.isEmpty { drawing.text(unseen, x: 0, y: 25) }
    drawing.data = [numbers(charts, drawing.title + money, months)]
    let known = charts.flatMap { $0.points.compactMap(\.value) }
    guard let low = known.min(), let high = known.max() else { return drawing }
    let floor = isPercent(metric, index) ? low : min(0, low)
    for (number, var chart) in charts.enumerated() {
      let top = Double(number / columns) * 118 + 50
      let slot = canvas.width / Double(columns)
      let left = Double(number % columns) * slot + (canvas.isNarrow ? 38 : 44)
      chart = chart.withoutRange
      chart.draw(
        into: &drawing, left: left, right: left + slot - (canvas.isNarrow ? 44 : 60), top: top,
        bottom: top + 62,
        isPercent: isPercent(metric, index), range: floor...max(high, floor + 1e-6), canvas, isSmall: true)
    }
    return drawing
  }

  /// Charts of one axis as one panel, a series each.
  private static func numbers(_ charts: [LineChart], _ title: String, _ months: [Month]) -> ChartData {
    var table = Table(
      caption: title, columns: [.init("Month", isNumber: false)] + charts.map { .init($0.title) })
    for (number, month) in months.enumerated() {
      table.rows.append(.init(cells: [.month(month)] + charts.map { $0.points[number].cell }))
    }
    return ChartData(title: title, shape: .line, table: table, styles: charts.map { _ in "line" })
  }

  private var withoutRange: LineChart {
    LineChart(
      title: title,
      points: points.map {
        Point(month: $0.month, value: $0.value, text: $0.text, short: $0.short, cell: $0.cell)
      })
  }

  private init(title: String, points: [Point]) {
    self.title = title
    self.points = points
  }

  private static func isPercent(_ metric: String, _ index: FigureIndex) -> Bool {
    Quantity(index.value(metric, index.data.month), index.metrics[metric])?.unit == .percent
  }

  private var description: String {
    "\(title): " + points.map { "\($0.month.shortName) \($0.text)" }.joined(separator: ", ") + "."
  }
}

extension Drawing {
  /// Says at the foot what a band is, and which axes do not show nothing.
  fileprivate mutating func explain(hasBand: Bool, isCut: Bool) {
    if hasBand {
      rectangle(x: 0, y: height - 1, width: 14, height: 9, style: "area")
      text("lowest to highest of the twelve months before", x: 20, y: height + 8)
      height += 18
    }
    if isCut {
      text("* The axis does not begin at zero.", x: 0, y: height + 8)
      height += 18
    }
  }
}
