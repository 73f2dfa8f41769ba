/// One file of `Reports/`: what is in a report, and for whom.
public struct ReportDefinition: Sendable, Hashable {
  public enum Format: String, Sendable, CaseIterable {
    case markdown, html, csv, json, xlsx, pdf, png
    public var fileExtension: String {
      switch self {
      case .markdown: "md"
      case .html: "html"
      case .csv: "csv"
      case .json: "json"
      case .xlsx: "xlsx"
      case .pdf: "pdf"
      case .png: "png"
      }
    }
    /// Whether it is text that a terminal can show.
    public var isText: Bool { self != .xlsx && self != .pdf && self != .png }
    /// Whether a template lays it out.
    public var hasTemplate: Bool { self == .markdown || self == .html }

    /// What is written where a definition says nothing.
    public static let usual: [Format] = [.markdown, .html, .csv]
  }

  /// Where a project keeps templates of its own.
  public static let templateFolder = "Reports/templates"

  public var name: String
  public var title: String
  /// For whom, one line under the title.
  public var audience: String
  public var formats: [Format]
  /// How numbers and days are written; the company's way when nil.
  public var style: WritingStyle?
  /// Whether its pages are wider than high.
  public var isWide: Bool
  /// In the order in which they are read; those of other reports it takes in are among them.
  public var sections: [SectionDefinition]
  /// Template files, by format; the built-in one where missing.
  public var templates: [Format: String]
  public var place: Place

  public init(
    name: String, title: String, audience: String = "", formats: [Format] = Format.usual,
    style: WritingStyle? = nil,
    isWide: Bool = false, sections: [SectionDefinition] = [], templates: [Format: String] = [:], place: Place
  ) {
    self.name = name
    self.title = title
    self.audience = audience
    self.formats = formats
    self.style = style
    self.isWide = isWide
    self.sections = sections
    self.templates = templates
    self.place = place
  }

  /// Months of history it looks at, the reported one among them.
  public var months: Int { sections.map { $0.months * $0.grain.months }.max() ?? 1 }

  /// Whether it says which customers moved.
  public var namesCustomers: Bool { sections.contains { $0.kind == .customers || $0.kind == .summary } }

  /// Whether it lists all of them.
  public var namesEveryCustomer: Bool { sections.contains { $0.kind == .customers } }

  /// Whether it lists customers of which some moved nothing: the largest, and those at risk.
  public var listsCustomers: Bool {
    sections.contains { $0.kind == .customers && !Set($0.faces).isDisjoint(with: [.largest, .atRisk]) }
  }

  /// Whether it holds figures against invoices and rows.
  public var reconciles: Bool { sections.contains { $0.kind == .reconciliation } }
}

extension Grain {
  /// Months of a period of this grain.
  public var months: Int {
    switch self {
    case .month: 1
    case .quarter, .fiscalQuarter: 3
    case .fiscalYear: 12
    }
  }
}
