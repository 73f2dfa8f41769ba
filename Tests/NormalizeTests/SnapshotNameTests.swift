import Model
import Testing

@testable import Normalize

@Test func theDateOfASnapshotStandsInItsFilesName() {
  func moment(_ name: String, _ pattern: String) -> String? {
    snapshotMoment(of: name, pattern: pattern)?.description
  }
  let pattern = "subscriptions_YYYY-MM-DD.csv"
  #expect(moment("exports/subscriptions_2024-01-31.csv", pattern) == "2024-01-31")
  #expect(moment("exports/subscriptions_2024-01-31.csv.gz", pattern) == "2024-01-31")
  #expect(moment("subscriptions_2024-02-30.csv", pattern) == nil)
  #expect(moment("subscriptions_2024-01-31-old.csv", pattern) == nil)
  #expect(moment("customers_2024-01-31.csv", pattern) == nil)
  #expect(moment("subs_20240131T233000Z.csv", "subs_YYYYMMDDThhmmssZ.csv") == "2024-01-31T23:30:00Z")
  #expect(moment("20240131233000_subs.csv", "YYYYMMDDhhmmss_*") == "2024-01-31T23:30:00Z")
  #expect(moment("anything 31.01.2024 (2).csv", "*DD.MM.YYYY*.csv") == "2024-01-31")
  #expect(moment("dump2024-01-31export.csv", "dumpYYYY-MM-DDexport.csv") == "2024-01-31")
  #expect(moment("subs_2024-01-31_25-00.csv", "subs_YYYY-MM-DD_hh-mm.csv") == nil)
}

@Test func lettersInsideWordsAreNoFields() {
  #expect(
    snapshotMoment(of: "summary_COMMISSIONS_2024-01-31.csv", pattern: "summary_COMMISSIONS_YYYY-MM-DD.csv")?
      .description == "2024-01-31")
}
