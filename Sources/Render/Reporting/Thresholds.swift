import Model

/// Bounds of a report's definition, held against the month's figures.
enum Thresholds {
  /// The name under which a crossed bound is told.
  static let finding = "threshold-crossed"

  /// One finding for each bound that the month crosses; a figure that is not known crosses none.
  static func findings(_ thresholds: [SectionDefinition.Threshold], _ index: FigureIndex) -> [Finding] {
    thresholds.flatMap { threshold in
      Headlines.metrics(named: threshold.metric.id, index.data).flatMap { metric in
        crossings(threshold, metric, index)
      }
    }
  }

  private static func crossings(
    _ threshold: SectionDefinition.Threshold, _ metric: String, _ index: FigureIndex
  ) -> [Finding] {
    let data = index.data
    guard let quantity = Quantity(index.value(metric, data.month), index.metrics[metric]) else { return [] }
    let decimals = Quantity.decimals(of: metric)
    // Bounds have twelve decimals, of money and counts in whole units.
    let number = quantity.number * powerOfTen(12 - quantity.scale)
    var findings: [Finding] = []
    let step = powerOfTen(12 - quantity.scale)
    for (side, given) in [("above", threshold.above), ("below", threshold.below)] {
      guard let bound = given, side == "above" ? number > bound : number < bound else { continue }
      let shown = Quantity(number: roundedQuotient(bound, step), unit: quantity.unit)
      var texts = (
        quantity.text(data.currency, decimals: decimals), shown.text(data.currency, decimals: decimals)
      )
      if texts.0 == texts.1 || bound % step != 0 {
        // Rounded, the two would not be told apart.
        texts = (exact(number, quantity.unit, data.currency), exact(bound, quantity.unit, data.currency))
      }
      findings.append(
        Finding(
          .warning, finding, at: threshold.metric.place,
          "\(index.title(metric)) of \(data.month.longName) is \(texts.0), \(side) the bound of \(texts.1)"))
    }
    return findings
  }

  /// All decimals of a number of trillionths.
  private static func exact(_ number: Int128, _ unit: Quantity.Unit, _ currency: Currency) -> String {
    switch unit {
    case .money: WrittenStyle.coded(WrittenStyle.marked(exactDecimalText(number, scale: 12)), currency)
    case .percent: WrittenStyle.marked(exactDecimalText(number * 100, scale: 12)) + " %"
    case .count, .multiple, .months, .days: WrittenStyle.marked(exactDecimalText(number, scale: 12))
    }
  }
}
