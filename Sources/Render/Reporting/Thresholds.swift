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
    return [(threshold.above, "above"), (threshold.below, "below")].compactMap { bound, side in
      guard let bound, side == "above" ? number > bound : number < bound else { return nil }
      let shown = Quantity(
        number: roundedQuotient(bound, powerOfTen(12 - quantity.scale)), unit: quantity.unit)
      return Finding(
        .warning, finding, at: threshold.metric.place,
        "\(index.title(metric)) of \(data.month.longName) is \(quantity.text(data.currency, decimals: decimals)),"
          + " \(side) the bound of \(shown.text(data.currency, decimals: decimals))")
    }
  }
}
