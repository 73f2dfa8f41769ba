import Model

/// One report before it has a format: every format is written from this, and from nothing else.
struct Report {
  var title: String
  var audience: String
  var company: String
  /// The month reported on.
  var month: Month
  var currency: Currency
  var isProvisional: Bool
  /// Whether its pages are wider than high.
  var isWide: Bool
  /// In the order in which they are read.
  var sections: [ReportSection] = []
  /// Sections that are not there since nobody has their data, a sentence each.
  var omissions: [String] = []
  /// Numbered from 1 on; cells point at them.
  var notes: [String] = []
  /// What the figures rest on.
  var basis: [(label: String, text: String)] = []
  /// The figures one a row, each kind of row a table.
  var tables: [TidyTable] = []
  /// What is wrong with the figures, and thresholds that were crossed.
  var findings: [Finding] = []
}

/// One section of a report.
struct ReportSection {
  /// Unique in the report, fit for an address: `section-3`.
  var id = ""
  /// nil: the section has no heading.
  var title: String?
  /// Set where a report that this one takes in begins: its title.
  var part: String?
  var kind: SectionDefinition.Kind
  var blocks: [Block]

  enum Block {
    case tiles([Tile])
    /// Computed sentences, to be read as one paragraph.
    case sentences([String])
    /// A paragraph somebody wrote.
    case text(String)
    case table(Table)
    case chart(Chart)
    case whatIf(WhatIf)
  }

  var tables: [Table] {
    blocks.compactMap { block in if case .table(let table) = block { table } else { nil } }
  }
}

/// A chart, with what it shows as a table where it has one.
struct Chart {
  var drawing: Drawing
  /// For formats that draw nothing, or draw by themselves.
  var table: Table?
  /// Whether it needs more height than width on paper.
  var isTall = false
}

/// A headline figure with what it stands against.
struct Tile {
  struct Against {
    /// `▲ +1.2 % better`.
    var text: String
    var tone: Cell.Tone
    /// `Jan 2024`.
    var period: String
  }

  var metric: String
  var title: String
  var value: String
  var against: [Against]
  /// Numbers of footnotes: what the figure means.
  var notes: [Int]
}
