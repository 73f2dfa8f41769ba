import Model
import Project

/// The repository's own report of that name, as a project without reports of its own has it.
func shipped(_ name: String) -> ReportDefinition {
  builtInReports().first { $0.name == name }
    ?? ReportDefinition(name: name, title: "", place: Place(file: name))
}

/// The names of the repository's own reports.
let shippedReports = builtInReports().map(\.name)

extension ReportDefinition {
  /// With as many rows in every list.
  func withRows(_ rows: Int) -> ReportDefinition {
    var definition = self
    for number in definition.sections.indices { definition.sections[number].rows = rows }
    return definition
  }

  /// With these dimensions in every section that breaks something down.
  func brokenDown(by dimensions: [String]) -> ReportDefinition {
    var definition = self
    for number in definition.sections.indices where definition.sections[number].views.contains(.segments) {
      definition.sections[number].dimensions = dimensions
    }
    return definition
  }
}
