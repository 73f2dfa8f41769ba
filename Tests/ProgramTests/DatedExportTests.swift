import Foundation
import Testing

/// Dated exports, where a folder fills with one file a night.
@Suite struct DatedExportTests {
  private static let endings =
    "select period, ending from mrr_bridge where grain = 'month' and dimension = 'all' and valuation = 'as_reported' order by period"

  private func project() throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write(
      "Config/sources/billing.yml",
      TemporaryProject.source.replacingOccurrences(of: "periods.csv", with: "p_YYYY-MM-DD.csv"))
    return project
  }

  private func rows(_ count: Int, amount: String = "10") -> String {
    TemporaryProject.header + (1...count).map { "\($0),c\($0),2024-01-01,,\(amount)\n" }.joined()
  }

  @Test func ofDatedFullExportsTheLatestIsTheWholeTruth() throws {
    let project = try project()
    try project.write("exports/p_2024-01-31.csv", rows(10))
    #expect(try project.run("run", "nightly").status == 0)
    try project.write("exports/p_2024-02-29.csv", rows(9, amount: "11"))
    let outcome = try project.run("run", "nightly")
    #expect(outcome.status == 0, "\(outcome.told)")
    #expect(try project.query(Self.endings) == ["2024-01,99000000", "2024-02,99000000"])
  }

  @Test func aShrunkenDatedExportIsHeld() throws {
    let project = try project()
    try project.write("exports/p_2024-01-31.csv", rows(20))
    #expect(try project.run("run", "nightly").status == 0)
    try project.write("exports/p_2024-02-29.csv", rows(2))
    let outcome = try project.run("run", "nightly")
    #expect(outcome.status == 1)
    #expect(outcome.told.contains("rows fell from 20 to 2; MRR of 2024-01 fell"), "\(outcome.told)")
    #expect(try project.run("accept", "billing").status == 0)
    // Once accepted, the same files are not held again.
    #expect(try project.run("run", "nightly").status == 0)
    #expect(try project.run("run", "nightly").status == 0)
  }

  @Test func aLongHistoryDoesNotHideABrokenNight() throws {
    let project = try project()
    try project.write(
      "Config/sources/billing.yml",
      TemporaryProject.source.replacingOccurrences(of: "periods.csv", with: "p_YYYY-MM-DD.csv")
        .replacingOccurrences(of: "recurring_charge:\n", with: "recurring_charge:\n    rows: current_state\n")
    )
    for month in 1...9 { try project.write("exports/p_2024-0\(month)-28.csv", rows(40)) }
    #expect(try project.run("run", "nightly").status == 0)
    let broken = rows(40).replacingOccurrences(of: "\n7,c7,2024-01-01,,10\n", with: "\n7,c7,2024-01-01,,xx\n")
    try project.write("exports/p_2024-10-28.csv", broken)
    #expect(try project.run("run", "nightly").status == 1)
  }
}

extension DatedExportTests {
  @Test func aPatternTakesOnlyNamesWhoseDateStandsWhereItSays() throws {
    let project = try project()
    try project.write("exports/p_2024-01-31.csv", rows(10))
    // Another source's, and copies: none of them is of this one.
    try project.write("exports/p_line_2024-02-29.csv", "a,b\n1,2\n")
    try project.write("exports/p_old.csv", rows(3))
    try project.write("exports/p_2024-02-29 (1).csv", rows(3))
    let outcome = try project.run("run", "nightly")
    #expect(outcome.status == 0, "\(outcome.told)")
    #expect(try project.query(Self.endings) == ["2024-01,100000000"])
    // A day that does not exist is a slip, not somebody else's file.
    try project.write("exports/p_2024-02-30.csv", rows(10))
    #expect(try project.run("run", "nightly").told.contains("file-name-without-date"))
  }
}

extension DatedExportTests {
  /// Days from today on, as a file's name has them.
  private func day(_ days: Int) throws -> String {
    let day = Date(timeIntervalSinceNow: Double(days) * 86_400)
    return day.formatted(.iso8601.year().month().day())
  }

  @Test func aFileOfTheFutureIsAMistypedNameAndNothingIsPublished() throws {
    let project = try project()
    try project.write("exports/p_2024-01-31.csv", rows(10))
    try project.write("exports/p_2942-02-28.csv", rows(10))
    for command in [["validate"], ["run", "nightly"], ["run", "nightly", "--as-of", "2024-01-31"]] {
      let outcome = try project.run(command)
      #expect(outcome.status != 0, "\(command)")
      #expect(
        outcome.told.contains("error: the name of exports/p_2942-02-28.csv says 2942-02-28, and this")
          && outcome.told.contains("[future-file-name]"), "\(outcome.told)")
    }
    #expect(!project.exists("output/reports"))
  }

  @Test func aFileMayBeDatedTwoDaysAheadOfTheClockAndNotThree() throws {
    let project = try project()
    try project.write("exports/p_\(try day(2)).csv", rows(10))
    let near = try project.run("validate")
    #expect(near.status == 0, "\(near.told)")
    try project.write("exports/p_\(try day(3)).csv", rows(10))
    #expect(try project.run("validate").status == 2)
  }
}

/// What an operator's slip must not do.
@Suite struct SlipTests {
  @Test func aFallOfRowsAndOfMRRTogetherIsOneHold() throws {
    let project = try TemporaryProject()
    try project.night()
    try project.write("exports/periods.csv", TemporaryProject.header)
    let outcome = try project.night()
    #expect(outcome.status == 1, "\(outcome.told)")
    #expect(outcome.told.contains("rows fell from 5 to 0; MRR of 2024-03 fell"))
    #expect(try project.run("accept", "billing").status == 0)
  }

  @Test func aStartTwoThousandYearsAgoIsQuarantined() throws {
    let project = try TemporaryProject()
    try project.write(
      "exports/periods.csv", TemporaryProject.header + TemporaryProject.rows + "6,f,0203-01-01,,10\n")
    let outcome = try project.night()
    #expect(outcome.status == 1)
    #expect(outcome.told.contains("date-out-of-range"))
    #expect(outcome.told.contains("before the year 1900"), "\(outcome.told)")
    #expect(try project.run("run", "nightly", "--as-of", "9999-12-31").status == 2)
  }

  @Test func aFirstExportWithoutRowsPublishesNoReport() throws {
    let project = try TemporaryProject()
    try project.write("exports/periods.csv", TemporaryProject.header)
    let outcome = try project.night()
    #expect(outcome.status == 0)
    #expect(outcome.told.contains("no charge is in force"))
    #expect(!project.exists("output/reports/executive_summary.md"))
  }

  @Test func aMonthOutsideTheDataIsRefusedAndKeepsTheReports() throws {
    let project = try TemporaryProject()
    try project.night()
    let before = try project.data("output/reports/executive_summary.md")
    #expect(try project.night("--month", "2031-01").status == 2)
    #expect(try project.data("output/reports/executive_summary.md") == before)
  }

  @Test func aPolicyWithoutItsDataIsRefusedBeforeAnythingIsRead() throws {
    let project = try TemporaryProject()
    try project.write("Config/policy.yml", "policy: chartmogul@1\n")
    for command in [["validate"], ["run", "nightly"]] {
      let outcome = try project.run(command)
      #expect(outcome.status == 2)
      #expect(outcome.told.contains("policy-not-fed"))
    }
  }

  @Test func anOutputNobodyCanTakeIsNoSuccess() throws {
    let project = try TemporaryProject()
    try project.night()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
    process.arguments = ["query", "select * from metric_period", "--project", project.folder.path]
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 3)
  }
}
