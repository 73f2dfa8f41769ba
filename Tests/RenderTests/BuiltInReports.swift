import Foundation
import Model

let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The texts of `Reports/templates`, by file name.
func builtInTemplates() -> [String: String] {
  let folder = repository.appendingPathComponent("Reports/templates")
  let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  var templates: [String: String] = [:]
  for file in files where file.hasSuffix(".mustache") {
    templates[file] = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
  }
  return templates
}

/// What the definitions in `Reports/` say, for the sample companies.
func sampleDefinition(_ kind: ReportDefinition.Kind) -> ReportDefinition {
  let titles: [ReportDefinition.Kind: String] = [
    .executiveSummary: "Executive summary", .mrrBridge: "MRR bridge", .retention: "Retention",
    .customers: "Customers",
  ]
  let dimensions: [ReportDefinition.Kind: [String]] = [
    .mrrBridge: ["country", "employees_band", "plan", "currency"],
    .retention: ["employees_band", "arr_band"],
  ]
  return ReportDefinition(
    name: kind.rawValue, kind: kind, title: titles[kind] ?? "", audience: "The board and the management team",
    dimensions: dimensions[kind] ?? [], months: kind == .executiveSummary ? 13 : 12,
    rows: kind == .customers ? 10 : 15, place: Place(file: "Reports/\(kind.rawValue).yml"))
}
