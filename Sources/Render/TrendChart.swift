import Model

/// MRR at each month's end above, what moved it below.
enum TrendChart {
  static func drawing(_ index: FigureIndex, months count: Int) -> Drawing {
    let months = index.months(count)
    let drawing = Drawing(
      title: "MRR by month", description: "MRR of \(months.count) months.", width: 720, height: 280)
    return drawing
  }
}
