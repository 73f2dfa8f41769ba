import ArgumentParser
import Model
import Project
import Rollup
import Warehouse

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show what a published figure is made of, down to the rows of the exports.",
    discussion: """
      A figure is shown with its formula, the figures that names, the answers of the policy that decide it, and the customers it is the sum \
      of. With --customer the charges one of them has in the month are shown, each with the rows it was counted from. Money is exact.

      EXAMPLE
        perennial explain mrr --month 2024-03
        perennial explain mrr_churn --month 2024-03 --segment country=DE
        perennial explain mrr --month 2024-03 --customer billing:C-1
        perennial explain mrr --month 2024-03 --known-at 2024-04-02
      """)

  @Argument(help: "A metric, as `perennial metrics` lists them.") var metric: String
  @Option(help: "The month, as in 2024-03; the last published one when missing.") var month: Month?
  @Option(
    help: ArgumentHelp(
      "A longer period instead of a month, as in 2024-Q1 or FY2024.",
      valueName: "label")) var period: String?
  @Option(help: ArgumentHelp("One segment of a dimension, as in country=DE.", valueName: "dimension=name"))
  var segment: String?
  @Option(
    help: ArgumentHelp("One customer by its id, where need be with its system.", valueName: "[system:]id"))
  var customer: String?
  @Option(help: "At most so many customers.") var limit: Int?
  @Flag(help: "One JSON object a line, of all customers.") var json = false
  @OptionGroup var options: ProjectOptions
  @OptionGroup var knownAt: KnownAtOptions

  func validate() throws {
    guard month == nil || period == nil else {
      throw ValidationError("--month and --period name one period each")
    }
    guard limit.map({ $0 >= 0 }) ?? true else { throw ValidationError("--limit is a number of customers") }
    if customer != nil, period != nil || segment != nil {
      throw ValidationError("--customer is explained in a --month, in all its segments")
    }
  }

  func run() throws {
    let project = try options.load()
    try WorldFaults.told { try knownAt.with(project, options, explain) }
  }

  private func explain(_ project: ProjectConfiguration) throws {
    let reader = try WarehouseReader(reading: project.warehousePath)
    guard let terms = try reader.terms() else {
      throw Stop(
        .wrongUse, "month-not-published", "nothing is published yet", remedy: "run a pipeline first")
    }
    // As they were published: a formula that was edited since made none of the figures.
    let published = try reader.metrics()
    let metrics = Dictionary(published.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    let metric = try known(published)
    let lines = ExplanationLines(terms: terms, metrics: metrics, project: options.project, isJSON: json)
    if let customer {
      let month = month ?? terms.month
      guard try reader.periodLabels().contains(month.description) else {
        throw try unpublished(month.description, reader)
      }
      lines.print(try explained(customer, in: month, reader), in: month)
      return
    }
    let label = period ?? (month ?? terms.month).description
    let segment = try knownSegment(reader)
    guard
      let explanation = try reader.explanation(
        of: metric.id, label, segment, inputs: inputs(of: metric, published),
        parts: customerParts(of: metric.id))
    else {
      throw try unpublished(label, reader)
    }
    lines.print(explanation, of: metric, label, segment, limit: limit ?? (json ? .max : 10))
  }

  private func known(_ metrics: [Metric]) throws -> Metric {
    if let found = metrics.first(where: { $0.id == metric }) { return found }
    let hint = nearest(to: metric, among: metrics.map(\.id)).map { "did you mean `\($0)`?" }
    throw Stop(
      .wrongUse, "unknown-metric", "no published metric is named `\(metric)`",
      remedy: hint ?? "`perennial metrics` lists them")
  }

  /// The metrics that are operands of a formula, in its order: of the sentence "MRR of customers that left" none is.
  private func inputs(of metric: Metric, _ metrics: [Metric]) -> [FigureInput] {
    let ids = Set(metrics.map(\.id)).union(["restatement"]).subtracting([metric.id])
    let formula = metric.formula.replacing(" x ", with: " * ").replacing(" to the power of ", with: " * ")
    var named: [FigureInput] = []
    // Of `mrr[-12]` the minus is no operator.
    for operand in formula.replacing("[-", with: "[").split(whereSeparator: { "*/+-(),".contains($0) }) {
      let parts = operand.split { " []".contains($0) }.map(String.init)
      guard let id = parts.first, ids.contains(id), parts.count == 1 || operand.contains("[") else {
        continue
      }
      let input = FigureInput(id, earlier: parts.count == 2 ? Int(parts[1]) ?? 0 : 0)
      if !named.contains(input) { named.append(input) }
    }
    return named
  }

  private func knownSegment(_ reader: WarehouseReader) throws -> SegmentKey {
    guard let segment else { return .all }
    let parts = segment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw Stop(
        .wrongUse, "unknown-segment", "`\(segment)` names no segment",
        remedy: "write it as dimension=name, as in country=DE")
    }
    let known = try reader.segments()
    let names = known.filter { $0.dimension == parts[0] }.map(\.segment)
    if names.isEmpty {
      let dimensions = Array(Set(known.map(\.dimension))).sorted()
      throw Stop(
        .wrongUse, "unknown-dimension", "no dimension is named `\(parts[0])`",
        remedy: "there are \(dimensions.joined(separator: ", "))")
    }
    guard names.contains(parts[1]) else {
      throw Stop(
        .wrongUse, "unknown-segment", "no segment of \(parts[0]) is named `\(parts[1])`",
        remedy: "there are \(names.prefix(20).joined(separator: ", "))")
    }
    return SegmentKey(parts[0], parts[1])
  }

  private func explained(
    _ name: String, in month: Month, _ reader: WarehouseReader
  ) throws -> CustomerExplanation {
    var found = try reader.customers(called: name, in: nil)
    if found.isEmpty, let colon = name.firstIndex(of: ":") {
      found = try reader.customers(
        called: String(name[name.index(after: colon)...]), in: String(name[..<colon]))
    }
    guard let customer = found.first else {
      throw Stop(
        .wrongUse, "unknown-customer", "no customer has the id `\(name)`",
        remedy: "ids are those of the exports, as in billing:C-1; the view customer_identity has all of them")
    }
    guard found.count == 1 else {
      let keys = try found.compactMap { try reader.explanation(ofCustomer: $0, in: month).key }
      throw Stop(
        .wrongUse, "several-customers", "\(found.count) customers have the id `\(name)`",
        remedy: "name the system, too: \(keys.map { "\($0.system):\($0.id)" }.joined(separator: ", "))")
    }
    return try reader.explanation(ofCustomer: customer, in: month)
  }
}
