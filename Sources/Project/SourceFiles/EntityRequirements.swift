import Model

extension EntityReader {
  /// What an entity needs: each group is met by any one of its columns.
  private func requirements(_ rows: SourceConfiguration.Rows) -> [(anyOf: [String], because: String)] {
    var groups: [(anyOf: [String], because: String)] = kind.columns.filter(\.required).compactMap { column in
      // Rates, expenses and others without an id are known by several columns together.
      if column.name == "id", kind.compositeKey != nil { return nil }
      return ([column.name], lowercasedFirst(column.meaning))
    }
    if kind == .budget { groups.append((["amount", "value"], "what is planned")) }
    if kind == .recurringCharge {
      groups.append((["customer", "subscription"], "whose charge it is"))
      groups.append((["amount", "plan"], "the price"))
      groups.append((["currency", "plan"], "the price's currency"))
      groups.append((["interval_unit", "plan"], "the billing interval the price is for"))
      if rows == .periods { groups.append((["start", "subscription"], "the first moment in force")) }
    }
    return groups
  }

  func reportMissing(
    _ mapped: Set<String>, _ entry: ConfigurationNode.Entry, _ rows: SourceConfiguration.Rows
  ) {
    for requirement in requirements(rows) where mapped.isDisjoint(with: requirement.anyOf) {
      let names = requirement.anyOf.map { "`\($0)`" }.joined(separator: " or ")
      collector.report(
        .missingMapping, at: entry.keyPlace, "`\(entry.key)` does not map \(names): \(requirement.because)",
        remedy:
          "add below `\(entry.key)` the line `\(requirement.anyOf[0]): \(example(requirement.anyOf[0]))`")
    }
  }

  private func example(_ column: String) -> String {
    switch column {
    case "currency", "to": "{constant: USD}"
    case "interval_unit": "{constant: month}"
    default: "COLUMN"
    }
  }
}
