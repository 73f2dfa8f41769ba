import Model

/// What happened, in plain sentences that are computed.
enum SummarySection {
  static func make(_ section: SectionDefinition, _ builder: inout ReportBuilder) -> [ReportSection] {
    var sentences: [String] = []
    for view in section.views.isEmpty ? [.driver] : section.views {
      switch view {
      case .bridge: sentences.append(BridgeSection.sentence(&builder))
      case .retention: sentences.append(RetentionSection.sentence(builder.index))
      default: sentences.append(Driver(builder.index).sentence)
      }
    }
    return builder.section(section, nil, [.sentences(sentences)])
  }
}
