/// The declaration of one metric: docs, footnotes, `perennial metrics` and the registry come from it.
///
/// The function that computes it stands beside it, in Rollup.
public struct Metric: Sendable, Hashable {
  public enum Group: String, Sendable, CaseIterable {
    case level, movement, customers, retention
    case unitEconomics = "unit_economics"
    case revenue, delinquency, cash, trials, crm, usage, forecast
    /// Defined by the project.
    case own
  }
  public enum Unit: String, Sendable, CaseIterable { case money, ratio, count, months, days }
  public enum Direction: String, Sendable, CaseIterable { case up, down, neither }

  public var id: String
  public var title: String
  public var group: Group
  public var unit: Unit
  /// In words: `churned / starting`.
  public var formula: String
  /// One sentence, printed as footnote.
  public var definition: String
  /// Entities without which it is null.
  public var needs: [EntityKind]
  /// Which way is good.
  public var good: Direction

  public init(
    id: String, title: String, group: Group, unit: Unit, formula: String, definition: String,
    needs: [EntityKind],
    good: Direction
  ) {
    self.id = id
    self.title = title
    self.group = group
    self.unit = unit
    self.formula = formula
    self.definition = definition
    self.needs = needs
    self.good = good
  }

  /// In what headlines show it, the preferred one first: retention at constant rates, all else as reported.
  public var headlineValuations: [Valuation] {
    group == .retention ? [.constant, .asReported] : [.asReported, .constant]
  }
}
