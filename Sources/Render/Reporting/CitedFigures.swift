import Model

/// The figures a report shows, each once, in the order of its file.
struct CitedFigures {
  private struct Key: Hashable {
    var period: String
    var metric: String
    var segment: SegmentKey
    var valuation: Valuation
  }

  private var figures: [Figure] = []
  private var known: Set<Key> = []
  /// Where each metric stands among the others: in the order in which the report first shows them.
  private var ranks: [String: Int] = [:]

  mutating func add(_ figure: Figure) {
    let key = Key(
      period: figure.period.label, metric: figure.metric, segment: figure.segment, valuation: figure.valuation
    )
    guard known.insert(key).inserted else { return }
    ranks[figure.metric] = ranks[figure.metric] ?? ranks.count
    figures.append(figure)
  }

  func table(_ index: FigureIndex) -> TidyTable {
    let sorted = figures.sorted { left, right in
      if left.period.last != right.period.last { return left.period.last < right.period.last }
      if left.period.label != right.period.label { return left.period.label < right.period.label }
      if left.metric != right.metric {
        return ranks[left.metric, default: 0] < ranks[right.metric, default: 0]
      }
      if left.segment != right.segment {
        return left.segment == .all || right.segment != .all && left.segment < right.segment
      }
      return left.valuation.rawValue < right.valuation.rawValue
    }
    return TidyTable.ofFigures(sorted, index)
  }
}
