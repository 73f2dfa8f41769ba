import Model

/// Checks what one file of a project says of another.
struct ProjectReferences {
  let collector: FindingCollector
  let project: ProjectConfiguration
  let sourceNames: [String]

  func check(company: ConfigurationNode, segments: ConfigurationNode?) {
    for item in company["attribute_sources"]?.items ?? [] {
      guard let name = item.text, !sourceNames.contains(name) else { continue }
      collector.reportUnknown(.source, name, at: item.place, among: sourceNames)
    }
    if let segments { checkAttributes(segments) }
    checkLinks()
    checkSystems()
  }

  /// Two accounts of one service have ids of their own: equal ones are not one thing.
  private func checkSystems() {
    for (position, source) in project.sources.enumerated() {
      guard let address = source.stream?.connector.baseURL else { continue }
      let other = project.sources[..<position].first {
        $0.system == source.system && $0.stream != nil && $0.stream?.connector.baseURL != address
      }
      guard let other, let otherAddress = other.stream?.connector.baseURL else { continue }
      collector.report(
        .sharedSystem, at: source.place,
        "`\(source.name)` reads \(address), `\(other.name)` reads \(otherAddress), and both are of the system `\(source.system)`",
        consequence: "records of equal ids are one record",
        remedy:
          "if they are different accounts, write another name into one of them: `system: \(source.system)_2`")
    }
  }

  /// A segment by an attribute that no source maps would have everybody in `(none)`.
  private func checkAttributes(_ segments: ConfigurationNode) {
    let customers = project.sources.flatMap(\.entities).filter { $0.entity == .customer }
    guard !customers.isEmpty else { return }
    var known = customers.flatMap { $0.attributes.keys }
    for column in ["country", "employees"] where customers.contains(where: { $0.fields[column] != nil }) {
      known.append(column)
    }
    if project.sources.contains(where: { $0.entities.contains { $0.entity == .usageEvent } }) {
      known.append("usage")
    }
    for entry in segments["segments"]?.entries ?? [] {
      let wanted =
        entry.value["attribute"] ?? entry.value["band"].flatMap { $0.text == "arr" ? nil : $0 }
      guard let wanted, let name = wanted.text, !known.contains(name) else { continue }
      collector.reportUnknown(
        .attribute, name, at: wanted.place, among: Array(Set(known)).sorted(),
        consequence: "no source maps it: every customer is in the segment `(none)`")
    }
  }

  /// A link to a system that no source reads joins nothing.
  private func checkLinks() {
    let systems = Array(Set(project.sources.map(\.system))).sorted()
    for source in project.sources where source.preset == nil && source.stream == nil {
      for mapping in source.entities {
        guard let link = mapping.fields["link_system"], case .constant(let system) = link.origin,
          !systems.contains(system)
        else { continue }
        collector.reportUnknown(
          .system, system, at: link.place, among: systems,
          consequence: "customers are not joined through it")
      }
    }
  }
}
