import Model

/// What happened, in plain sentences that are computed.
enum SummarySection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    let sentences = section.faces.compactMap { view -> String? in
      switch view {
      case .bridge: BridgeSection.sentence(&builder)
      case .retention: RetentionSection.sentence(builder.index)
      case .segments:
        segments(
          builder.dimensions(of: section, customersOnly: false).filter {
            // Its largest segment says little of a company that sells in one currency.
            !section.dimensions.isEmpty || $0 != "currency"
          }, builder.index)
      case .year: year(builder.index)
      case .unusual: unusual(watched(section, builder), builder.index)
      case .provisional: provisional(builder.data)
      default: Driver(builder.index).sentence
      }
    }
    return builder.section(section, nil, [.sentences(sentences)])
  }

  /// Dimensions one sentence has room for.
  private static let dimensionsNamed = 3

  /// The segment whose MRR changed most, of the dimensions named or of those where the change is largest; nil where nothing is split.
  static func segments(_ dimensions: [String], _ index: FigureIndex) -> String? {
    let data = index.data
    let parts = dimensions.compactMap { dimension -> (text: String, amount: Int128.Magnitude)? in
      let rows = index.segments(of: dimension, data.month).compactMap {
        index.row(data.month, SegmentKey(dimension, $0))
      }
      guard rows.count > 1 else { return nil }
      // What only moved between segments changed nothing.
      func change(_ row: BridgeRow) -> Int128 {
        let amounts = row.amounts
        return Int128(amounts.ending) - Int128(amounts.starting) - Int128(amounts.transferIn)
          - Int128(amounts.transferOut)
      }
      let most = rows.max {
        (change($0).magnitude, $1.segment.segment) < (change($1).magnitude, $0.segment.segment)
      }
      guard let most else { return nil }
      let amount = toldMoneyText(change(most), data.currency, signed: true)
      guard !isPrintedZero(amount) else { return nil }
      let text =
        "in \(dimensionTitle(dimension).lowercasedFirst) \(index.title(of: most.segment)) (\(amount))"
      return (text, change(most).magnitude)
    }
    guard !parts.isEmpty else { return nil }
    let bound = parts.map(\.amount).sorted(by: >).prefix(dimensionsNamed).last ?? 0
    return
      "MRR changed most \(listText(parts.filter { $0.amount >= bound }.prefix(dimensionsNamed).map(\.text)))."
  }

  /// MRR beside the year before, and what the month's movements brought beside the twelve months before. What exchange rates did is told
  /// apart, so that the amount is the net new MRR that stands in tiles and tables.
  static func year(_ index: FigureIndex) -> String? {
    let data = index.data
    guard let row = index.row(data.month) else { return nil }
    let before = (1...12).compactMap { index.row(data.month - $0) }
    guard before.count == 12, let first = index.row(data.month - 12) else {
      return "There is no whole year to compare with: \(index.absence(data.month - 12))."
    }
    let ending = Int128(row.amounts.ending)
    let then = Int128(first.amounts.ending)
    func text(_ micros: Int128) -> String {
      toldMoneyText(micros, data.currency, signed: true)
    }
    let difference = text(ending - then)
    let relative = Comparison.relativeText(ending, then).map { " (\($0))" } ?? ""
    let versus =
      isPrintedZero(difference)
      ? "as much as a year before" : "\(difference)\(relative) against a year before"
    func netNew(_ row: BridgeRow) -> Int128 {
      BridgeLine.movements.filter { $0 != .fx }.reduce(0) { $0 + Int128($1.amount(row.amounts)) }
    }
    let mean = roundedQuotient(before.reduce(Int128(0)) { $0 + netNew($1) }, 12)
    let (changed, usual) = (text(netNew(row)), text(mean))
    let rank = changed == usual ? "equal to" : netNew(row) > mean ? "above" : "below"
    let others = [(BridgeLine.fx, "exchange rates"), (.restatement, "restatements")]
      .map { line, subject in (subject, text(Int128(line.amount(row.amounts)))) }
      .filter { !isPrintedZero($0.1) }.map { " Besides, \($0.0) changed MRR by \($0.1)." }
    return "MRR is \(toldMoneyText(ending, data.currency)), \(versus); net new MRR of"
      + " \(changed) in the month is \(rank) the mean of the twelve months before, \(usual)."
      + others.joined()
  }

  /// What stands outside the lowest and highest of its twelve months before.
  static func unusual(_ metrics: [String], _ index: FigureIndex) -> String? {
    let data = index.data
    var judged = 0
    let parts = metrics.compactMap { metric -> String? in
      let declared = index.metrics[metric]
      let before = (1...12).compactMap { back -> (month: Month, value: Quantity)? in
        Quantity(index.value(metric, data.month - back), declared).map { (data.month - back, $0) }
      }
      guard before.count == 12, let now = Quantity(index.value(metric, data.month), declared),
        let lowest = before.min(by: { ($0.value.number, $1.month) < ($1.value.number, $0.month) }),
        let highest = before.max(by: { ($0.value.number, $0.month) < ($1.value.number, $1.month) })
      else { return nil }
      judged += 1
      let decimals = Quantity.decimals(of: metric)
      func text(_ quantity: Quantity) -> String { quantity.told(data.currency, decimals: decimals) }
      func told(_ rank: String, _ extreme: String, _ before: (month: Month, value: Quantity)) -> String? {
        guard text(now) != text(before.value) else { return nil }
        let judged = Comparison.verdict(now.number - before.value.number, declared?.good ?? .neither).word
        return "\(index.title(metric)) of \(text(now)) is \(rank) than in any of the twelve months before"
          + " (\(extreme): \(text(before.value)) in \(before.month.shortName))"
          + (judged.isEmpty ? "" : ", which is \(judged)")
      }
      if now.number > highest.value.number { return told("higher", "highest", highest) }
      if now.number < lowest.value.number { return told("lower", "lowest", lowest) }
      return nil
    }
    guard judged > 0 else {
      return "Nothing can be called unusual: no figure has twelve months before it."
    }
    if parts.isEmpty {
      return
        "Nothing is unusual: \(judged == 1 ? "the one figure looked at" : "each of \(countText(judged)) figures") is within the range of its twelve months before."
    }
    return "Unusual: \(parts.joined(separator: "; "))."
  }

  static func provisional(_ data: ReportData) -> String? {
    guard data.provisionalMonths.contains(data.month) else { return nil }
    let late = data.sources.filter { source in
      (source.dataThrough.plainDay ?? Day(number: Int32(source.dataThrough.seconds / 86_400)))
        < data.month.lastDay
    }.sorted { $0.name < $1.name }
    let why =
      late.isEmpty
      ? "some data of the month is still to come"
      : listText(late.map { "\(plainText($0.name)) reaches to \($0.dataThrough)" })
    return "\(data.month.longName) is provisional: \(why)."
  }

  /// The metrics watched for the unusual: those named, else movements and rates, since levels of a growing company are always high.
  private static func watched(_ section: SectionDefinition, _ builder: ReportBuilder) -> [String] {
    let named = builder.metrics(section.metrics)
    if !named.isEmpty { return named }
    let usual = [
      "mrr_net_new", "mrr_new", "mrr_reactivation", "mrr_expansion", "mrr_contraction", "mrr_churn",
      "customer_churn_rate", "gross_mrr_churn_rate", "net_mrr_churn_rate",
    ]
    let data = builder.data
    return (usual + [data.headlineNDR, Headlines.gross(data)]).filter { builder.index.metrics[$0] != nil }
  }
}
