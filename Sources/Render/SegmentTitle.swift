import Model

/// `employees_band` as reports show it: `Employees band`.
func dimensionTitle(_ dimension: String) -> String {
  let acronyms: Set<String> = ["arr", "mrr", "crm", "id"]
  let words = plainText(dimension, limit: 60).split(separator: "_").map {
    acronyms.contains($0.lowercased()) ? $0.uppercased() : String($0)
  }.joined(separator: " ")
  return words.prefix(1).uppercased() + words.dropFirst()
}

extension FigureIndex {
  /// A segment as reports show it: a band in words, anything else by its name.
  ///
  /// `1000 to 10000` of bands that begin with `<1000` ends before 10,000; `10 to 49` of bands that begin at 0 is all it says.
  func title(of segment: SegmentKey) -> String {
    let name = segment.segment
    func number(_ text: some StringProtocol) -> String? {
      Int64(text).map { decimalText(Int128($0), scale: 0, digits: 0) }
    }
    if name.hasPrefix("<"), let bound = number(name.dropFirst()) { return "below \(bound)" }
    if name.hasPrefix(">="), let bound = number(name.dropFirst(2)) { return "\(bound) or more" }
    let words = name.split(separator: " ", omittingEmptySubsequences: false)
    if words.count == 3, let from = number(words[0]) {
      if words[1...] == ["or", "more"] { return "\(from) or more" }
      if words[1] == "to", let end = number(words[2]) {
        return "\(from) to \(hasOpenBands(segment.dimension) ? "under " : "")\(end)"
      }
    }
    return plainText(name, limit: 60)
  }
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
