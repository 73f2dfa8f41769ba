import Foundation
import Testing

/// The rows that could not be used, as they are listed.
@Suite struct QuarantineListTests {
  @Test func aRowThatFeedsTwoEntitiesIsListedAndCountedOnce() throws {
    let project = try TemporaryProject()
    try project.write(
      "Config/sources/billing.yml",
      TemporaryProject.source + "\n  customer: {id: customer}\nquarantine: {max_share: 90 %}\n")
    try project.write(
      "exports/periods.csv",
      TemporaryProject.header + TemporaryProject.rows + "6,f\n7,g,2024-02-30,,10\n8,h,2024-02-31,,x\n")
    let run = try project.night()
    #expect(run.status == 0, "\(run.told)")
    let rows = try project.query("select line from quarantined_row order by 1")
    #expect(rows.count > Set(rows).count, "\(rows)")
    let listed = try project.run("quarantine")
    #expect(listed.told.contains("3 of 3 rows"), "\(listed.told)")
    #expect(listed.data.components(separatedBy: "[short-row]").count == 2, "\(listed.data)")
    // The first rows, and how many there are.
    #expect(try project.run("quarantine", "--limit", "1").told.contains("1 of 3 rows"))
    // For programs each entity has its id.
    let objects = try project.run("quarantine", "--json").data.split(separator: "\n")
    #expect(objects.count == rows.count)
  }
}
