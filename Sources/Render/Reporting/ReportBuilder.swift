import Model

/// Makes a report's value, section by section; equal notes and figures of all sections are one.
struct ReportBuilder {
  let index: FigureIndex
  let definition: ReportDefinition
  var footnotes = Footnotes()
  var findings: [Finding] = []
  private(set) var omissions: [String] = []
  private var cited = CitedFigures()
  private var tables: [TidyTable] = []
  /// How many other files the report's first figure comes after; nil before there is one.
  private var tablesBeforeFigures: Int?

  var data: ReportData { index.data }

  static func report(_ definition: ReportDefinition, _ index: FigureIndex) -> Report {
    var builder = ReportBuilder(index: index, definition: definition)
    builder.findings = definition.sections.flatMap { Thresholds.findings($0.thresholds, index) }
    var sections: [ReportSection] = []
    var part: String?
    for section in definition.sections {
      if let title = section.part { part = title }
      for var made in builder.sections(of: section) {
        made.part = part
        part = nil
        made.id = "section-\(sections.count + 1)"
        sections.append(made)
      }
    }
    return builder.report(of: sections)
  }

  private func report(of sections: [ReportSection]) -> Report {
    var report = Report(
      title: definition.title, audience: definition.audience, company: data.company, month: data.month,
      currency: data.currency, isProvisional: data.provisionalMonths.contains(data.month),
      isWide: definition.isWide)
    report.sections = sections
    report.omissions = omissions
    report.notes = footnotes.texts
    report.basis = ReportBasis(index).lines
    let figures = cited.table(index)
    report.tables = figures.rows.isEmpty && !tables.isEmpty ? [] : [figures]
    report.tables.insert(contentsOf: tables.prefix(tablesBeforeFigures ?? tables.count), at: 0)
    report.tables += tables.dropFirst(tablesBeforeFigures ?? tables.count)
    report.findings = findings
    return report
  }

  private mutating func sections(of section: SectionDefinition) -> [ReportSection] {
    switch section.kind {
    case .summary: SummarySection.make(section, &self)
    case .figures: FiguresSection.make(section, &self)
    case .table: TableSection.make(section, &self)
    case .chart: ChartSection.make(section, &self)
    case .bridge: BridgeSection.make(section, &self)
    case .retention: RetentionSection.make(section, &self)
    case .cohortGrid: CohortSection.make(section, &self)
    case .customers: CustomersSection.make(section, &self)
    case .rollForward: RollForwardSection.make(section, &self)
    case .reconciliation: ReconciliationSection.make(section, &self)
    case .data: DataSection.make(section, &self)
    case .findings: FindingsSection.make(section, &self)
    case .forecast: ForecastSection.make(section, &self)
    case .churnReasons: ChurnReasonsSection.make(section, &self)
    case .adjustments: AdjustmentsSection.make(section, &self)
    case .text: self.section(section, nil, Self.paragraphs(section.text).map { .text($0) })
    }
  }

  /// Parted by empty lines.
  private static func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .split { $0.allSatisfy(\.isWhitespace) }.map { $0.joined(separator: " ") }
  }

  /// One section under its own title, or the kind's.
  func section(
    _ section: SectionDefinition, _ usual: String?, _ blocks: [ReportSection.Block]
  ) -> [ReportSection] {
    let title = section.title ?? usual
    return [ReportSection(title: title?.isEmpty == true ? nil : title, kind: section.kind, blocks: blocks)]
  }

  /// Leaves a section out, which the report says with the reason.
  mutating func omit(_ section: SectionDefinition, _ usual: String, _ reason: String) -> [ReportSection] {
    let title = section.title.flatMap { $0.isEmpty ? nil : $0 } ?? usual
    let line = "\(title): \(reason.hasSuffix(".") ? String(reason.dropLast()) : reason)"
    if !omissions.contains(line) { omissions.append(line) }
    return []
  }

  /// One face of a section of which each has a heading of its own: behind the section's title where it shows several.
  func section(
    _ section: SectionDefinition, face: String, isOneOfMany: Bool = false, _ blocks: [ReportSection.Block]
  ) -> [ReportSection] {
    self.section(named(section, face, isOneOfMany), nil, blocks)
  }

  mutating func omit(_ section: SectionDefinition, face: String, _ reason: String) -> [ReportSection] {
    omit(named(section, face, false), face, reason)
  }

  private func named(_ section: SectionDefinition, _ face: String, _ isOneOfMany: Bool) -> SectionDefinition {
    let isOneOfMany = isOneOfMany || section.faces.count > 1
    var named = section
    if let title = section.title, !title.isEmpty {
      named.title = isOneOfMany ? "\(title): \(face)" : title
    } else if isOneOfMany || section.title == nil {
      named.title = face
    }
    return named
  }

  /// Takes figures into the report's file of figures.
  mutating func cite(
    _ metrics: [String], _ months: [Month], _ segments: [SegmentKey] = [.all],
    _ valuations: [Valuation]? = nil
  ) {
    for metric in metrics {
      for month in months {
        for segment in segments {
          guard let valuations else {
            if let figure = index.headline(metric, month, segment) { cite([figure]) }
            continue
          }
          for valuation in valuations {
            if let figure = index.figure(metric, month, segment, valuation: valuation) { cite([figure]) }
          }
        }
      }
    }
  }

  mutating func cite(_ figures: [Figure]) {
    if !figures.isEmpty { tablesBeforeFigures = tablesBeforeFigures ?? tables.count }
    for figure in figures { cited.add(figure) }
  }

  /// Takes rows into the report's files, each row once.
  mutating func add(_ table: TidyTable) {
    guard let number = tables.firstIndex(where: { $0.name == table.name && $0.columns == table.columns })
    else {
      tables.append(table)
      return
    }
    var known = Set(tables[number].rows)
    for row in table.rows where known.insert(row).inserted { tables[number].rows.append(row) }
  }

  /// The metrics a section names that the catalogue has, names that stand for others replaced.
  func metrics(_ names: [SectionDefinition.MetricName]) -> [String] {
    var ids: [String] = []
    for name in names {
      for id in Headlines.metrics(named: name.id, data) where index.metrics[id] != nil && !ids.contains(id) {
        ids.append(id)
      }
    }
    return ids
  }
}
