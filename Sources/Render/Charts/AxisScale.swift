/// Maps values (micro-units, or shares) to coordinates, with round tick values.
struct AxisScale {
  let low: Double
  let high: Double
  let start: Double
  let end: Double
  let ticks: [Double]

  /// - Parameters:
  ///   - range: what must fit; widened to whole ticks.
  ///   - start: the coordinate of the low end.
  ///   - count: about how many ticks.
  init(_ range: ClosedRange<Double>, from start: Double, to end: Double, count: Int = 4) {
    self.start = start
    self.end = end
    let span = max(range.upperBound - range.lowerBound, range.upperBound.magnitude * 1e-6, 1e-9)
    let step = Self.roundStep(span / Double(max(1, count)))
    low = (range.lowerBound / step).rounded(.down) * step
    var top = (range.upperBound / step).rounded(.up) * step
    if top <= low { top = low + step }
    high = top
    var ticks: [Double] = []
    for index in 0...Int(((top - low) / step).rounded()) { ticks.append(low + Double(index) * step) }
    self.ticks = ticks
  }

  func position(_ value: Double) -> Double { start + (value - low) / (high - low) * (end - start) }

  /// 1, 2, 2.5 or 5 times a power of ten, at least `least`.
  private static func roundStep(_ least: Double) -> Double {
    var power = 1.0
    while power * 10 <= least { power *= 10 }
    while power > least { power /= 10 }
    for factor in [1, 2, 2.5, 5] where power * factor >= least { return power * factor }
    return power * 10
  }
}

/// A tick of money: `USD` stands in the title, the number is short.
func moneyTickText(_ micros: Double) -> String {
  guard micros.magnitude < 9e18 else { return "" }
  let text = abbreviatedMoneyText(Int64(micros.rounded()))
  // `20.0 k` reads as `20 k` on an axis.
  guard let space = text.firstIndex(of: " "), let point = text.firstIndex(of: ".") else { return text }
  var number = String(text[..<space])
  while number.last == "0", number.endIndex > point { number.removeLast() }
  if number.last == "." { number.removeLast() }
  return number + text[space...]
}
