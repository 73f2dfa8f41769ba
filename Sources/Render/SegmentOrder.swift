import Model

/// In which order segments stand, and which of many are shown by name.
enum SegmentOrder {
  /// Bands by their lower bounds; else the largest first, equal ones by name.
  static func sorted(_ segments: [(name: String, amount: Int64)]) -> [String] {
    let bounds = segments.map { lowerBound($0.name) }
    if !bounds.contains(nil) {
      return zip(segments, bounds).sorted { ($0.1 ?? 0, $0.0.name) < ($1.1 ?? 0, $1.0.name) }.map(\.0.name)
    }
    return segments.sorted { ($1.amount, $0.name) < ($0.amount, $1.name) }.map(\.name)
  }

  /// `0 to 9`, `50 or more`, `<1000`, `1000 to 10000`, `>=10000`; the segment of what is unknown comes last.
  private static func lowerBound(_ name: String) -> Int64? {
    if name == SegmentKey.none { return .max }
    if name.hasPrefix("<") { return Int64(name.dropFirst()) == nil ? nil : .min }
    if name.hasPrefix(">=") { return Int64(name.dropFirst(2)) }
    let words = name.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3 else { return nil }
    let isBand = words[1] == "to" && Int64(words[2]) != nil || words[1...] == ["or", "more"]
    return isBand ? Int64(words[0]) : nil
  }

  /// The `limit` largest, in the order given, and the rest; a rest of one is shown by name instead.
  static func split<Element>(
    _ elements: [Element], _ limit: Int, amount: (Element) -> Int64
  ) -> (named: [Element], rest: [Element]) {
    guard elements.count > max(1, limit) + 1 else { return (elements, []) }
    let ranked = elements.indices.sorted {
      (amount(elements[$1]).magnitude, $0) < (amount(elements[$0]).magnitude, $1)
    }
    let largest = Set(ranked.prefix(max(1, limit)))
    return (
      elements.indices.filter { largest.contains($0) }.map { elements[$0] },
      elements.indices.filter { !largest.contains($0) }.map { elements[$0] }
    )
  }
}

extension FigureIndex {
  /// The dimensions a section asks for; all there are when it names none.
  ///
  /// - Parameter customersOnly: leaves out dimensions of charges, in which customers do not add up.
  func dimensions(
    of section: SectionDefinition, customersOnly: Bool, _ findings: inout [Finding]
  ) -> [String] {
    var known: Set<String> = []
    var ofCharges: Set<String> = []
    for row in data.bridge where row.segment != .all {
      known.insert(row.segment.dimension)
      if row.counts == nil { ofCharges.insert(row.segment.dimension) }
    }
    if section.dimensions.isEmpty {
      return (customersOnly ? known.subtracting(ofCharges) : known).sorted()
    }
    for dimension in section.dimensions where !known.contains(dimension) {
      findings.append(
        Finding(
          .warning, "unknown-dimension", at: section.place, "no figures are split by '\(dimension)'",
          consequence: "the report leaves this breakdown out",
          remedy: known.isEmpty
            ? "declare it in Config/segments.yml and run again"
            : "declare it in Config/segments.yml, or take one of: \(known.sorted().joined(separator: ", "))"))
    }
    return section.dimensions.filter { known.contains($0) }
  }
}
