/// What a chart is drawn on: a page, or a telephone, where the same letters need another arrangement.
struct Canvas {
  let width: Double
  let isNarrow: Bool

  static let page = Canvas(width: 680, isNarrow: false)
  /// As wide as a telephone shows it, so that letters are as large as those around the chart.
  static let phone = Canvas(width: 344, isNarrow: true)

  /// Draws for both.
  static func drawn(_ make: (Canvas) -> Drawing) -> Drawing {
    var drawing = make(.page)
    var narrow = make(.phone)
    narrow.isNarrow = true
    drawing.narrow = [narrow]
    return drawing
  }

  /// How many months are passed over from one name to the next, so that names stand apart: one in this many.
  func step(slot: Double) -> Int { [1, 3, 6, 12].first { Double($0) * slot >= 29 } ?? 12 }

  /// Whether each month has a dot and says its figure where one hovers: of many months they would run into each other, and make most of the page.
  func marks(_ months: Int) -> Bool { !isNarrow && months <= 24 }
}
