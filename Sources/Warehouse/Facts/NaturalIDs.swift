import GRDB
import Model

/// What identities are called in their own systems.
final class NaturalIDs {
  private let select: RawStatement
  private var failure: (any Error)?
  private var systems: [Int64: String] = [:]

  init(_ database: Database) throws {
    select = try RawStatement(database, "select scope, natural_id from identity where identity = ?")
    for row in try Row.fetchAll(database, sql: "select scope, system from identity_scope") {
      systems[row[0]] = row[1]
    }
  }

  func text(_ identity: Int64) -> String { find(identity).id }

  func system(of identity: Int64) -> String { find(identity).system }

  private func find(_ identity: Int64) -> (system: String, id: String) {
    select.bind(1, identity)
    do {
      guard try select.step() else { return ("", "") }
      defer { select.reset() }
      return (systems[select.integer(0)] ?? "", select.text(1))
    } catch {
      failure = error
      return ("", "")
    }
  }

  /// To be called after the last look-up: throws what kept one from being answered.
  func check() throws {
    if let failure { throw failure }
  }

  /// A finding for each entity whose rows are referred to and missing, though a source of that system gives such rows.
  func unknownParents(
    _ undescribed: [EntityKind: Set<Int64>], _ sources: ConfiguredSources
  ) throws -> [Finding] {
    let findings = [EntityKind.customer, .plan, .subscription].compactMap { entity -> Finding? in
      let described = sources.systems(feeding: entity)
      guard !described.isEmpty, let identities = undescribed[entity] else { return nil }
      let unknown = identities.lazy.map(self.find).filter { described.contains($0.system) }.map(\.id).sorted()
      guard !unknown.isEmpty else { return nil }
      let shown = unknown.prefix(3).joined(separator: ", ") + (unknown.count > 3 ? ", ..." : "")
      return Finding(
        .warning, "unknown-parent",
        "\(unknown.count) \(entity.rawValue) ids are referred to, but no \(entity.rawValue) row has them: \(shown)",
        consequence: "they stand in under their id, and their money counts",
        remedy: "complete the export of \(entity.rawValue) rows")
    }
    try check()
    return findings
  }

  func circularParents(_ customers: [Int64: CircularParents]) throws -> [Finding] {
    let within = customers.filter { $0.value == .within }.map { text($0.key) }.sorted()
    try check()
    guard !within.isEmpty else { return [] }
    let shown = within.prefix(3).joined(separator: ", ") + (within.count > 3 ? ", ..." : "")
    let others = customers.count - within.count
    let below =
      others == 0 ? "" : "; \(others == 1 ? "1 other is" : "\(others) others are") below such a circle"
    return [
      Finding(
        .warning, "circular-parent",
        "\(within.count) accounts have parents that form a circle: \(shown)\(below)",
        consequence: "none of them has a topmost parent: each stays a customer of its own",
        remedy: "correct `parent` of an account of each circle")
    ]
  }
}
