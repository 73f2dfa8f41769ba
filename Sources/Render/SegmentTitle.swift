import Model

/// `employees_band` as reports show it: `Employees band`.
func dimensionTitle(_ dimension: String) -> String {
  let acronyms: Set<String> = ["arr", "mrr", "crm", "id"]
  let words = plainText(dimension, limit: 60).split(separator: "_").map {
    acronyms.contains($0.lowercased()) ? $0.uppercased() : String($0)
  }.joined(separator: " ")
  return words.prefix(1).uppercased() + words.dropFirst()
}

extension ReportBuilder {
  /// The section of one dimension: under the dimension's name, behind the section's own title where there are several.
  func section(
    _ section: SectionDefinition, of dimension: String, among dimensions: [String],
    _ blocks: [ReportSection.Block]
  ) -> [ReportSection] {
    var named = section
    let name = dimensionTitle(dimension)
    if let title = section.title, !title.isEmpty {
      named.title = dimensions.count == 1 ? title : "\(title): \(name)"
    } else {
      named.title = name
    }
    return self.section(named, nil, blocks)
  }

  /// The dimensions a section asks for; all there are when it names none.
  ///
  /// - Parameter customersOnly: leaves out dimensions of charges, in which customers do not add up.
  mutating func dimensions(of section: SectionDefinition, customersOnly: Bool) -> [String] {
    index.dimensions(of: section, customersOnly: customersOnly, &findings)
  }
}
