import Model

/// A metric over the months as a line beside its figure, for formats that draw; the figure says where it ends.
struct Sparkline: Hashable {
  /// nil where the month has no figure: the line has a gap.
  var values: [Double?]
  /// What it shows, in words.
  var words: String

  private static let size = (width: 68.0, height: 18.0)

  /// nil where there are fewer than three figures: two are a comparison, which stands beside.
  init?(_ metric: String, _ months: [Month], _ index: FigureIndex, _ segment: SegmentKey = .all) {
    // A year and the month before it: more could not be told apart.
    let months = months.suffix(13)
    let quantities = months.map { Quantity(index.value(metric, $0, segment), index.metrics[metric]) }
    let known = zip(months, quantities).compactMap { month, quantity in
      quantity.map { (month: month, value: $0) }
    }
    guard known.count >= 3, let first = known.first, let last = known.last,
      let low = known.min(by: { $0.value.number < $1.value.number }),
      let high = known.max(by: { $0.value.number < $1.value.number })
    else { return nil }
    let decimals = Quantity.decimals(of: metric)
    func text(_ point: (month: Month, value: Quantity)) -> String {
      "\(point.value.headline(index.data.currency, decimals: decimals)) in \(point.month.shortName)"
    }
    values = quantities.map { $0.map { Double($0.number) } }
    words = "From \(text(first)) to \(text(last)); lowest \(text(low)), highest \(text(high))"
  }

  var svg: String {
    let known = values.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else { return "" }
    let span = high - low
    let slot = (Self.size.width - 6) / Double(max(1, values.count - 1))
    func point(_ number: Int, _ value: Double) -> (x: Double, y: Double) {
      let share = span > 0 ? (value - low) / span : 0.5
      return (3 + Double(number) * slot, Self.size.height - 3 - share * (Self.size.height - 6))
    }
    var path = ""
    var isDown = false
    for (number, value) in values.enumerated() {
      guard let value else {
        isDown = false
        continue
      }
      let (x, y) = point(number, value)
      path += "\(isDown ? "L" : "M")\(short(x)) \(short(y))"
      isDown = true
    }
    var end = ""
    if let place = values.lastIndex(where: { $0 != nil }), let value = values[place] {
      let (x, y) = point(place, value)
      end = "<circle cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"2\"/>"
    }
    return
      "<svg class=\"spark\" viewBox=\"0 0 \(short(Self.size.width)) \(short(Self.size.height))\" role=\"img\""
      + " aria-label=\"\(HTMLWriter.escaped(words))\"><path d=\"\(path)\"/>\(end)</svg>"
  }

  /// One decimal is finer than the screen here, and there are many.
  private func short(_ value: Double) -> String {
    exactDecimalText(Int128((value * 10).rounded(.toNearestOrEven)), scale: 1)
  }
}
