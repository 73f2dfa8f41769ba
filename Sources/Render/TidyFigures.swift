import Model

extension TidyTable {
  static let figureColumns = [
    "period", "period_end", "metric", "dimension", "segment", "valuation", "unit", "currency", "value",
    "numerator",
    "denominator", "state", "grade", "reason",
  ]

  /// Figures one a row; money as exact decimals of the major unit, ratios with what they are a quotient of.
  static func ofFigures(_ figures: [Figure], _ index: FigureIndex) -> TidyTable {
    TidyTable(
      columns: figureColumns,
      rows: .init(
        figures.map { figure in
          let metric = index.metrics[figure.metric]
          let value = ExactValue(figure.value, metric, figure.currency)
          return [
            .date(figure.period.label), .date("\(figure.period.last.lastDay)"), .text(figure.metric),
            .text(figure.segment.dimension), .text(figure.segment.segment), .text(figure.valuation.rawValue),
            .text(metric?.unit.rawValue ?? ""), value.isMoney ? .text(figure.currency.code) : .empty,
            value.value, value.numerator, value.denominator, .text(figure.state.rawValue),
            .text("\(figure.grade)"), value.reason.map(Field.text) ?? .empty,
          ]
        }))
  }
}

/// A value as fields of a tidy table.
struct ExactValue {
  var value = TidyTable.Field.empty
  var numerator = TidyTable.Field.empty
  var denominator = TidyTable.Field.empty
  var reason: String?
  var isMoney = false

  init(_ value: MetricValue, _ metric: Metric?, _ currency: Currency) {
    switch value {
    case .money(let micros):
      isMoney = true
      self.value = .money(micros, currency)
    case .moneyRatio(let micros, let numerator, let denominator):
      isMoney = true
      self.value = .money(micros, currency)
      self.numerator = .money(numerator, currency)
      self.denominator = .number(String(denominator))
    case .count(let count):
      self.value = .number(String(count))
    case .ratio(let numerator, let denominator):
      if let quantity = Quantity(value, metric) {
        self.value = .number(exactDecimalText(quantity.number, scale: quantity.scale))
      } else {
        reason = "the ratio has a denominator of zero"
      }
      self.numerator = .number(String(numerator))
      self.denominator = .number(String(denominator))
    case .real:
      if let quantity = Quantity(value, metric) {
        self.value = .number(exactDecimalText(quantity.number, scale: quantity.scale))
      } else {
        reason = "not a finite number"
      }
    case .null(let reason):
      self.reason = reason
    }
  }
}

extension TidyTable.Field {
  /// Micro-units as an exact decimal of the major unit.
  static func money(_ micros: Int64, _ currency: Currency) -> Self {
    .micros(micros, leastDigits: currency.exponent)
  }
}
