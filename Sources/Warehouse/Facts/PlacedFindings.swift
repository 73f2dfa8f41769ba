import GRDB
import Model

extension RunTransaction {
  /// Findings on one charge, which name it by its row alone, with its id and where it stands in its export.
  public func placed(_ findings: [Finding]) throws -> [Finding] {
    try findings.map { finding in
      guard finding.name == "amount-too-large", finding.place == nil else { return finding }
      let words = finding.problem.split(separator: " ", maxSplits: 2)
      guard words.count == 3, words[0] == "charge", let number = Int64(words[1]),
        let row = try Row.fetchOne(
          database,
          sql: """
            select i.natural_id, f.path, v.line from recurring_charge_version v
            join identity i on i.identity = v.identity join source_file f on f.file = v.file where v."row" = ?
            """, arguments: [number])
      else { return finding }
      var placed = finding
      placed.place = Place(file: row[1], line: row[2])
      placed.problem = "charge `\(row[0] as String)` \(words[2])"
      return placed
    }
  }
}
