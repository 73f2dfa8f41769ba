import Model
import Render
import Rollup
import Warehouse

/// Prints explanations: for people, or as one JSON object a line whose `part` says what it is.
struct ExplanationLines {
  let terms: PublicationTerms
  let metrics: [String: Metric]
  /// The project's folder as it was named.
  let project: String
  let isJSON: Bool

  func print(
    _ explanation: FigureExplanation, of metric: Metric, _ label: String, _ segment: SegmentKey, limit: Int
  ) {
    let place = segment == .all ? "" : plainText(", \(segment.dimension) \(segment.segment)")
    write("\(metric.title) (\(metric.id)) of \(label)\(place)")
    write("  = \(metric.formula)")
    write("  \(metric.definition)")
    heading("Published")
    if explanation.figures.isEmpty { write("  no figure: the metric is not kept of this segment or period") }
    figures(explanation.figures, "figure", label)
    for restated in explanation.restatements {
      let now = number(restated.now, metric.unit)
      write(
        "  today's facts would make \(now.isEmpty ? "none" : now) of it (\(restated.valuation.words)): \(restated.cause)"
      )
      object([
        ("part", .text("restatement")), ("valuation", .text(restated.valuation.rawValue)),
        ("now", .text(now)),
        ("cause", .text(restated.cause)),
      ])
    }
    if !explanation.inputs.isEmpty {
      heading("Figures its formula names; the definition and the policy say what else counts")
      let valuations = Set(explanation.figures.map(\.valuation))
      figures(explanation.inputs.filter { valuations.contains($0.valuation) }, "input", label)
    }
    if let customers = explanation.customers {
      list(customers, explanation, of: metric, label, limit)
    } else if customerParts(of: metric.id) != nil {
      heading("Customers")
      let why =
        "charges, not customers, are in segments of \(segment.dimension): one customer can be in several"
      write("  \(why)")
      object([("part", .text("remainder")), ("why", .text(why))])
    }
    answers(metric, PublishedPolicy(explanation.method, terms))
  }

  private func figures(_ figures: [ExplainedFigure], _ part: String, _ label: String) {
    let columns = Columns(figures.map { number($0.value, $0.unit) })
    for figure in figures {
      let text = number(figure.value, figure.unit)
      let unit = figure.unit == .money ? " \(figure.currency)" : ""
      var words = [figure.valuation.words, figure.grade, figure.state]
      if figure.segment != .all, part == "input" {
        words.append("\(figure.segment.dimension) \(figure.segment.segment)")
      }
      if figure.period != label { words.append("of \(figure.period)") }
      if let quotient = quotient(figure, metrics[figure.metric]) { words.append(quotient) }
      let value = figure.reason.map { "none: \($0)" } ?? "\(columns.aligned(text))\(unit)"
      write("  \(value)  \(part == "input" ? figure.metric + ", " : "")\(words.joined(separator: ", "))")
      object([
        ("part", .text(part)), ("metric", .text(figure.metric)), ("period", .text(figure.period)),
        ("dimension", .text(figure.segment.dimension)), ("segment", .text(figure.segment.segment)),
        ("currency", .text(figure.currency.code)), ("valuation", .text(figure.valuation.rawValue)),
        ("value", figure.reason == nil ? .text(text) : .null),
        ("numerator", figure.numerator.map { .integer($0) } ?? .null),
        ("denominator", figure.denominator.map { .integer($0) } ?? .null),
        ("unit", .text(figure.unit.rawValue)),
        ("grade", .text(figure.grade)), ("state", .text(figure.state)), ("basis", .text(figure.basis)),
        ("reason", .init(figure.reason)),
      ])
    }
  }

  /// What a share of customers, or of their MRR, divides by what.
  private func quotient(_ figure: ExplainedFigure, _ metric: Metric?) -> String? {
    guard figure.unit == .ratio, let above = figure.numerator, let below = figure.denominator else {
      return nil
    }
    switch metric?.group {
    case .customers: return "\(above) / \(below)"
    case .retention, .movement: return "\(money(above)) / \(money(below)) \(figure.currency)"
    default: return nil
    }
  }

  private func answers(_ metric: Metric, _ published: PublishedPolicy) {
    guard let keys = policyKeys(deciding: metric.id), !keys.isEmpty, let policy = published.policy else {
      return
    }
    heading("Decided by the policy \(published.words)")
    for key in keys {
      write("  \(key.rawValue): \(policy.sentence(of: key))")
      object([
        ("part", .text("policy")), ("policy", .text(published.name)), ("key", .text(key.rawValue)),
        ("answer", .text(policy.text(of: key))),
      ])
    }
  }

  private func list(
    _ customers: [FigureExplanation.CustomerPart], _ explanation: FigureExplanation, of metric: Metric,
    _ label: String, _ limit: Int
  ) {
    heading(
      customers.contains { $0.before != nil }
        ? "Customers of the window's start, MRR now of then, as reported" : "Customers, as reported")
    let shown = customers.prefix(limit)
    let total = customers.reduce(Int128(0)) { $0 + Int128($1.amount) }
    let before = customers.reduce(Int128(0)) { $0 + Int128($1.before ?? 0) }
    let columns = Columns(shown.map { money($0.amount) } + [money(total)])
    let starts = Columns(shown.compactMap { $0.before.map { money($0) } } + [money(before)])
    func line(_ amount: Int128, _ before: Int128?, _ who: String) {
      write(
        "  \(columns.aligned(money(amount)))\(before.map { " of \(starts.aligned(money($0)))" } ?? "")  \(who)"
      )
    }
    for part in shown {
      let who =
        part.key.words(part.name) + (metric.unit == .count && part.times > 1 ? ", \(part.times) times" : "")
      line(Int128(part.amount), part.before.map { Int128($0) }, who)
      object([
        ("part", .text("customer")), ("system", .init(part.key?.system)), ("id", .init(part.key?.id)),
        ("name", .text(part.name)), ("amount", .text(money(part.amount))),
        ("before", part.before.map { .text(money($0)) } ?? .null), ("times", .integer(Int64(part.times))),
      ])
    }
    let rest = customers.dropFirst(shown.count)
    if !rest.isEmpty {
      let sum = rest.reduce(Int128(0)) { $0 + Int128($1.amount) }
      let start = rest.reduce(Int128(0)) { $0 + Int128($1.before ?? 0) }
      line(
        sum, rest.first?.before.map { _ in start },
        "\(rest.count) others; --limit \(customers.count) shows them")
    }
    line(
      total, customers.first?.before.map { _ in before },
      customers.count == 1 ? "1 customer" : "\(customers.count) customers")
    if let figure = explanation.figures.first(where: { $0.valuation == .asReported }),
      !figure.isMade(of: customers)
    {
      let why =
        explanation.passing > 0
        ? "the rest is of customers that came and went within the month, whose segment is kept at no month's end"
        : "closed months' parts are as closed; the figure is made of what is known \(figure.state == "closed" ? "when it was closed" : "now")"
      write("  \(why)")
      object([("part", .text("remainder")), ("why", .text(why))])
    }
    if let key = shown.first?.key {
      write("")
      let command =
        [
          "perennial", "explain", metric.id, "--month", "\(explanation.months.upperBound)",
          "--customer=\(key.system):\(key.id)",
        ] + (project == "." ? [] : ["--project", project])
      write("What one of them is made of: \(command.map(Self.shellWord).joined(separator: " "))")
    }
  }

  /// A word that a shell takes as it is.
  private static func shellWord(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "_-=:./@".utf8.contains(byte)
    }
    return isPlain ? word : "'" + plainText(word).replacing("'", with: "'\\''") + "'"
  }

  func money(_ micros: Int64) -> String { money(Int128(micros)) }
  func money(_ micros: Int128) -> String { exactDecimalText(micros, scale: 6, leastDigits: 2) }

  func number(_ value: QueryValue, _ unit: Metric.Unit) -> String {
    switch value {
    case .integer(let number) where unit == .money: money(number)
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .null, .blob: ""
    }
  }

  func heading(_ text: String) {
    write("")
    write(text)
  }

  func write(_ line: String) { if !isJSON { Swift.print(line) } }

  func object(_ members: [(String, JSONLine.Value)]) { if isJSON { Swift.print(JSONLine(members)) } }
}

/// The policy that figures were made by: of a closed month that of its close.
struct PublishedPolicy {
  let name: String
  let overrides: [String]

  init(_ method: ClosedMethod?, _ terms: PublicationTerms) {
    name = method?.policyName ?? terms.policyName
    overrides = method?.policyOverrides ?? terms.policyOverrides
  }

  var words: String { overrides.isEmpty ? name : "\(name), with \(overrides.joined(separator: "; "))" }

  /// nil where no preset has its name any more.
  var policy: Policy? {
    let answers = overrides.compactMap { line -> (key: String, value: String)? in
      guard let colon = line.firstRange(of: ": ") else { return nil }
      return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
    }
    return Policy.preset(named: name)?.applying(overrides: answers).policy
  }
}

extension ExplainedFigure {
  /// Whether parts of customers add up to it.
  fileprivate func isMade(of customers: [FigureExplanation.CustomerPart]) -> Bool {
    let sum = customers.reduce(Int128(0)) { $0 + Int128($1.amount) }
    let before = customers.reduce(Int128(0)) { $0 + Int128($1.before ?? 0) }
    switch value {
    case .integer(let value):
      return Int128(value) == (unit == .count ? customers.reduce(0) { $0 + Int128($1.times) } : sum)
    case .real:
      guard let numerator, let denominator else { return true }
      return Int128(numerator) * before == Int128(denominator) * sum
    case .null: return customers.isEmpty || before == 0
    case .text, .blob: return false
    }
  }
}

/// Numbers below each other by their decimal points.
struct Columns {
  private let whole: Int
  private let fraction: Int

  init(_ numbers: [String]) {
    whole = numbers.map { $0.prefix { $0 != "." }.count }.max() ?? 0
    fraction = numbers.map { $0.drop { $0 != "." }.count }.max() ?? 0
  }

  func aligned(_ number: String) -> String {
    let whole = number.prefix { $0 != "." }
    let fraction = number.drop { $0 != "." }
    return String(repeating: " ", count: max(0, self.whole - whole.count)) + number
      + String(repeating: " ", count: max(0, self.fraction - fraction.count))
  }
}

extension CustomerKey? {
  func words(_ name: String) -> String {
    let key = map { plainText("\($0.system):\($0.id)") } ?? ""
    return name.isEmpty || name == self?.id ? key : "\(key)  \(plainText(name))"
  }
}

extension Valuation {
  var words: String {
    switch self {
    case .asReported: "as reported"
    case .constant: "at constant rates"
    case .native: "in its own currency"
    }
  }
}
