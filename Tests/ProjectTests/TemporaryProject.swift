import Foundation
import Model
import Project

/// A project in a folder of its own for the time of one test.
struct TemporaryProject {
  /// The smallest project with a source, to be changed by each test.
  static let small = [
    "Config/company.yml": "name: Acme\nreporting_currency: USD\n",
    "Config/sources/billing.yml": """
    files: exports/periods.csv
    entities:
      customer:
        id: customer_id
        attributes: {industry: Industry}
      recurring_charge:
        id: subscription_id
        customer: customer_id
        start: start_date
        end: {column: end_date, bound: exclusive}
        amount: monthly_amount
        interval_unit: {constant: month}
        currency: {constant: USD}

    """,
  ]

  /// Loads the small project with some files more or changed.
  static func load(
    _ changes: [String: String] = [:], over base: [String: String] = small
  ) throws -> LoadedProject {
    let folder = FileManager.default.temporaryDirectory.appending(path: "perennial-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (path, text) in base.merging(changes, uniquingKeysWith: { $1 }) {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    return loadProject(at: folder.path, everyConnector: true)
  }

  /// The headlines and remedies of all findings, each as `line:column name: remedy`.
  static func faults(_ changes: [String: String]) throws -> [String] {
    try load(changes).findings.map { finding in
      let place = [finding.place?.line, finding.place?.column].compactMap { $0 }.map(String.init)
        .joined(separator: ":")
      return "\(place) \(finding.name): \(finding.problem)"
    }
  }

  static func remedies(_ changes: [String: String]) throws -> [String] {
    try load(changes).findings.map { $0.remedy ?? "" }
  }
}
