import Model
import Testing

@testable import Normalize

private let fields: [String: FieldMapping] = [
  "day": .column("day"), "category": .column("category"), "amount": .column("amount"),
  "currency": .constant("EUR"),
]
private let costs = "day,category,amount\n2024-06-30,sales,3000\n2024-06-30,marketing,500\n"

private func told(
  _ source: SourceConfiguration, _ files: [(path: String, text: String)]
) -> [String] {
  read(source, files).findings.filter { $0.name == "equal-files" }.map(\.problem)
}

@Test func twoEqualFilesDoubleWhatHasNoIdAndAreTold() {
  let result = read(source(.expense, fields), [("costs.csv", costs), ("costs (1).csv", costs)])
  #expect(result.values("amount").count == 4)
  let finding = result.findings.first { $0.name == "equal-files" }
  #expect(finding?.severity == .warning)
  #expect(finding?.place?.description == "costs (1).csv")
  #expect(finding?.problem == "costs (1).csv and costs.csv are the same, byte for byte")
  #expect(finding?.consequence == "2 rows of expense, which have no id of their own, count twice")
  #expect(
    finding?.remedy
      == "Remove the file that is too many, or narrow `files`; where both are meant, map an `id`.")
}

@Test func threeEqualFilesAreToldOnce() {
  let setting = source(.expense, fields)
  let files = ["a.csv", "b.csv", "c.csv"].map { ($0, costs) } + [("d.csv", costs + "2024-07-31,sales,1\n")]
  #expect(told(setting, files) == ["a.csv, b.csv and c.csv are the same, byte for byte"])
  #expect(
    read(setting, files).findings.first { $0.name == "equal-files" }?.consequence
      == "2 rows of expense, which have no id of their own, count 3 times")
}

@Test func equalFilesDoNoHarmWhereRowsHaveIdsOrThereAreNone() {
  var identified = fields
  identified["id"] = .column("amount")
  #expect(told(source(.expense, identified), [("a.csv", costs), ("b.csv", costs)]).isEmpty)
  let empty = "day,category,amount\n"
  #expect(told(source(.expense, fields), [("a.csv", empty), ("b.csv", empty)]).isEmpty)
  #expect(
    told(source(.expense, fields), [("a.csv", costs), ("b.csv", costs + "2024-07-31,sales,1\n")]).isEmpty)
  // Rows of one day, account and currency are one balance however often they stand there.
  let balances = source(
    .cashBalance, ["day": .column("day"), "amount": .column("amount"), "currency": .constant("EUR")])
  let balance = "day,amount\n2024-06-30,5\n"
  #expect(told(balances, [("a.csv", balance), ("b.csv", balance)]).isEmpty)
}

@Test func equalSnapshotsOfDifferentDaysAreNotTold() {
  let files = [("p_2024-01-31.csv", costs), ("p_2024-02-29.csv", costs)]
  for extent in SourceConfiguration.Extent.allCases {
    for rows in [SourceConfiguration.Rows.periods, .currentState] {
      let dated = source(
        .expense, fields, rows: rows, dataThrough: .fileName("p_YYYY-MM-DD.csv"), extent: extent)
      #expect(told(dated, files).isEmpty, "\(extent) \(rows)")
    }
  }
  let sameDay = source(.expense, fields, dataThrough: .fileName("*_YYYY-MM-DD.csv"))
  #expect(told(sameDay, [("a_2024-01-31.csv", costs), ("b_2024-01-31.csv", costs)]).count == 1)
}
