import Model
import Warehouse

extension ExplanationLines {
  /// Rows that were in force and that nothing was counted from, with what they say themselves of why.
  ///
  /// - Parameters:
  ///   - uncounted: Each row with what it refers to.
  ///   - policy: By which the month was counted; nil where it is not known any more.
  func print(uncounted: [[ExplainedRow]], in month: Month, _ policy: Policy?) {
    guard !uncounted.isEmpty else { return }
    heading("Rows in force in the month that no charge was counted from")
    for rows in uncounted {
      let reasons = reasons(rows, in: month, policy)
      write(
        "  "
          + (reasons.isEmpty
            ? "no single cell says why not: hold its dates and values beside those of the rows under it"
            : reasons.joined(separator: " ")))
      object([("part", .text("uncounted")), ("reasons", .texts(reasons))])
      for row in rows { print(row, indent: "    ") }
    }
  }

  /// What a row, its subscription or its plan says that the policy does not count.
  private func reasons(_ rows: [ExplainedRow], in month: Month, _ policy: Policy?) -> [String] {
    var keys: [PolicyKey] = []
    var reasons: [String] = []
    func note(_ key: PolicyKey) { if !keys.contains(key) { keys.append(key) } }
    for row in rows {
      for fact in row.facts {
        switch (row.entity, fact.column.name, fact.value) {
        case (_, "kind", .text("one_time")), (_, "kind", .text("tax")), (_, "kind", .text("fee")):
          reasons.append("One-time charges, taxes and fees are never MRR.")
        case (_, "kind", .text("metered")), (.plan, "usage_type", .text("metered")): note(.metered)
        case (_, "trial", .integer(1)), (_, "status", .text("trialing")): note(.trials)
        case (_, "trial_end", .text(let end)) where end > month.firstDay.description: note(.trials)
        case (_, "status", .text("unpaid")): note(.unpaid)
        case (_, "status", .text("paused")): note(.paused)
        case (_, "pause_start", .text(let start)) where start < month.end.description: note(.paused)
        case (_, "status", .text("canceled")): note(.churnAt)
        case (_, "cancel_effective", .text(let end)) where end < month.end.description: note(.churnAt)
        case (_, "ended", .text(let end)) where end < month.end.description: note(.churnAt)
        case (_, "discount_percent", .integer(100_000_000)): note(.fullyDiscounted)
        case (_, "status", .text(let status))
        where policy.map { !$0.statuses.map(\.rawValue).contains(status) } ?? false: note(.statuses)
        default: break
        }
      }
    }
    return reasons + keys.compactMap { policy?.sentence(of: $0) }
  }
}
