import Foundation
import Glibc
import LoopbackServers
import Testing

/// How the program ends where its reader, its last run or its data has ended before.
@Suite struct EndingTests {
  @Test(arguments: [
    "metrics", "query \"with recursive n(i) as (select 1 union all select i + 1 from n) select i from n\"",
  ])
  func whoStopsReadingEndsTheProgramCalmly(_ command: String) throws {
    let project = try TemporaryProject()
    try project.night()
    let line =
      "cd '\(project.folder.path)'; '\(BuiltProgram.path)' \(command) | head -n 1; echo ${PIPESTATUS[0]}"
    let shell = try Checker(["bash", "-c", line], seconds: 60)
    let lines = shell.text.split(separator: "\n")
    #expect(lines.count == 2 && lines.last == "0", "\(shell.text)")
  }

  /// A limit on the size of files, wherever a first run comes to it, is told as what it is, and the next run is as if nothing had happened.
  @Test(arguments: [10, 200, 600])
  func aFileThatMayNotGrowIsToldAndKillsNothing(blocks: Int) throws {
    let project = try TemporaryProject()
    let line =
      "cd '\(project.folder.path)'; ulimit -f \(blocks); '\(BuiltProgram.path)' run nightly --as-of 2024-12-31 2>&1; echo $?"
    let shell = try Checker(["bash", "-c", line], seconds: 60)
    let lines = shell.text.split(separator: "\n")
    #expect(lines.last == "3" && shell.text.contains("system-refused"), "\(shell.text)")
    try project.night()
    #expect(try project.run("doctor").status == 0)
  }

  @Test func aRunThatWasKilledIsNotShownAsRunning() throws {
    let project = try TemporaryProject()
    try project.night()
    // What a run that was killed leaves behind.
    try project.alter("update run set status = 'running', ended = null")
    let status = try project.run("status").data
    #expect(status.contains("failed: ended without a result: killed or crashed"), "\(status)")
    #expect(try project.run("status", "--json").data.contains("\"status\":\"failed\""))
    // Somebody holds the lock: it is under way.
    let lock = open(project.folder.path + "/output/warehouse.sqlite.lock", O_RDWR)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    #expect(try project.run("status").data.contains("  running"))
  }

  @Test func reportsOfEarlierFiguresAreToldToBeOutOfDate() throws {
    let project = try TemporaryProject()
    try project.night()
    try project.write("exports/periods.csv", TemporaryProject.header)
    #expect(try project.night().status == 1)
    #expect(try project.run("accept", "billing").status == 0)
    let outcome = try project.night()
    #expect(outcome.status == 0 && outcome.told.contains("[no-figures]"), "\(outcome.told)")
    #expect(outcome.told.contains("out of date"))
  }
}
