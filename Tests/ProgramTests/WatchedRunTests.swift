import Foundation
import LoopbackServers
import Testing

/// What those are told who do not read reports: the operator, services that watch, chats, cron.
@Suite(.serialized) struct WatchedRunTests {
  private func project(_ mail: MailServer, rules: String = "", more: String = "") throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write(
      "Config/delivery.yml",
      """
      mail:
        from: Reports <reports@example.com>
        relays: [{host: 127.0.0.1, port: \(mail.port), encryption: none, timeouts: {total: 2 s}}]
        retry: {attempts: 3, wait: 1 s}
      operator: ops@example.com
      \(more)
      rules:
        board: {report: executive_summary, to: ada@example.com}
      \(rules)
      """)
    return project
  }

  private func recipients(_ server: MailServer) throws -> [String] {
    try server.messages().map { try ReadMail($0).header("To")[0] }
  }

  @Test func theOperatorIsToldOnceWhatBrokeAndAgainWhenSomethingElseDoes() throws {
    let server = try MailServer()
    let project = try project(server)
    try FileManager.default.removeItem(at: project.folder.appendingPathComponent("exports/periods.csv"))
    for _ in 1...3 { #expect(try project.night().status == 1) }
    #expect(try recipients(server) == ["ops@example.com"])
    let notice = try ReadMail(server.messages()[0])
    #expect(notice.shape == ["text/plain"] && notice.defects == [])
    #expect(notice.header("Subject") == ["Test Company: nightly failed: nothing new is published"])
    let begun = try project.query("select started from run where run = 1")[0]
    for told in ["Since: \(begun)", "exports/periods.csv", "[no-matching-file]", "perennial run nightly"] {
      #expect(notice.parts[0].text.contains(told), "\(told): \(notice.parts[0].text)")
    }
    // Another fault in the same trouble is news.
    try project.write("exports/periods.csv", "id,customer,start,end\n1,a,2024-01-01,\n")
    for _ in 1...2 { #expect(try project.night().status == 1) }
    #expect(try recipients(server) == ["ops@example.com", "ops@example.com"])
    // Well again; and the next time it is a new trouble.
    try project.write("exports/periods.csv", TemporaryProject.header + TemporaryProject.rows)
    #expect(try project.night().status == 0)
    #expect(try recipients(server).last == "ada@example.com")
    sleep(1)
    try FileManager.default.removeItem(at: project.folder.appendingPathComponent("exports/periods.csv"))
    for _ in 1...2 { #expect(try project.night().status == 1) }
    #expect(try recipients(server).count == 4)
  }

  @Test func aHeldRunIsToldWithTheWayOut() throws {
    let server = try MailServer()
    let project = try project(server)
    try project.night()
    try project.write("exports/periods.csv", TemporaryProject.header + "1,a,2024-01-01,,100\n")
    for _ in 1...2 { #expect(try project.night().status == 1) }
    #expect(try recipients(server) == ["ada@example.com", "ops@example.com"])
    let text = try ReadMail(server.messages()[1]).parts[0].text
    #expect(text.contains("perennial accept billing") && text.contains("rows fell from 5 to 1"))
  }

  @Test func staleDataIsToldToTheOperatorAlone() throws {
    let server = try MailServer()
    let project = try project(server, more: "stale_after: 3 days")
    try project.write("Config/sources/billing.yml", TemporaryProject.source + "\ndata_through: 2024-01-31\n")
    for day in ["09", "10"] {
      #expect(try project.run("run", "nightly", "--as-of", "2024-02-\(day)").status == 0)
    }
    #expect(try recipients(server) == ["ops@example.com"])
    let text = try ReadMail(server.messages()[0]).parts[0].text
    #expect(text.contains("Since: 2024-01-31") && text.contains("reports are this run's"), "\(text)")
    #expect(!text.contains("last run that published"))
  }

  @Test func aRefusedReportIsToldToTheOperator() throws {
    let server = try MailServer()
    try server.play([("rcpt", "550 5.1.1 no such user")])
    let project = try project(server)
    for _ in 1...2 { #expect(try project.night().status == 3) }
    #expect(try recipients(server) == ["ops@example.com"])
    #expect(try ReadMail(server.messages()[0]).parts[0].text.contains("550 5.1.1 no such user"))
  }

  @Test func aWebhookIsToldTheKeyFiguresOnceAndItsURLIsKeptNowhere() throws {
    let (mail, hook) = (try MailServer(), try HookServer([503]))
    let project = try project(
      mail,
      rules: """
          chat:
            report: mrr_bridge
            webhook: {url: "http://127.0.0.1:\(hook.port)/${file:token}", form: slack, key: "${file:key}"}
        """)
    try project.write("token", "very-secret-token\n")
    try project.write("key", "very-secret-key\n")
    let first = try project.night()
    #expect(first.status == 3 && first.told.contains("503"), "\(first.told)")
    usleep(1_100_000)
    for _ in 1...2 { #expect(try project.night().status == 0) }
    let requests = try hook.requests()
    #expect(requests.map(\.path) == ["/very-secret-token", "/very-secret-token"])
    #expect(Set(requests.map { $0.headers["x-perennial-delivery"] }).count == 1)
    #expect(requests[1].headers["x-perennial-signature"]?.hasPrefix("sha256=") == true)
    #expect(requests[1].body.contains("*USD 160*"))
    #expect(
      try project.query("select channel, rule, recipient, state from outbox where rule = 'chat'") == [
        "webhook,chat,webhook,sent"
      ])
    let warehouse = try project.data("output/warehouse.sqlite")
    #expect(!String(decoding: warehouse, as: UTF8.self).contains("very-secret"))
    #expect(!first.told.contains("very-secret"))
    #expect(try project.run("send", "mrr_bridge", "--dry-run").data.hasPrefix("{\"text\":"))
  }

  @Test func aDoubtOfAWebhookIsToBeLookedForWhereItWasPosted() throws {
    let (mail, hook) = (try MailServer(), try HookServer(["drop"]))
    let project = try project(
      mail,
      rules: """
          chat: {report: mrr_bridge, webhook: {url: "\(hook.url)", form: slack}}
        """)
    let outcome = try project.night()
    #expect(outcome.status == 3 && outcome.told.contains("[delivery-unknown]"), "\(outcome.told)")
    #expect(outcome.told.contains("X-Perennial-Delivery") && !outcome.told.contains("relay"))
  }

  @Test func aHealthcheckHearsOfTheBeginningAndTheEnd() throws {
    let hook = try HookServer()
    let project = try TemporaryProject()
    try project.write("Pipelines/nightly.yml", "deliver: {ping: \"\(hook.url)/${file:uuid}\"}\n")
    try project.write("uuid", "abc-123\n")
    #expect(try project.night().status == 0)
    try FileManager.default.removeItem(at: project.folder.appendingPathComponent("exports/periods.csv"))
    #expect(try project.night().status == 1)
    #expect(try project.night("--offline").status == 1)
    #expect(
      try hook.requests().map(\.path) == ["/abc-123/start", "/abc-123", "/abc-123/start", "/abc-123/fail"])
    hook.stop()
    try project.write("exports/periods.csv", TemporaryProject.header + TemporaryProject.rows)
    let unheard = try project.night()
    #expect(
      unheard.status == 0 && unheard.told.contains("[ping-failed]") && !unheard.told.contains("abc-123"))
  }

  @Test func prometheusGetsAFileOfGaugesThatSurvivesAFailure() throws {
    let project = try TemporaryProject()
    try project.write("Pipelines/nightly.yml", "deliver: {metrics_file: watch/perennial.prom}\n")
    func gauges() throws -> [String: String] {
      let text = String(decoding: try project.data("watch/perennial.prom"), as: UTF8.self)
      return Dictionary(
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
          let parts = line.split(separator: " ")
          return (parts.dropLast().joined(separator: " "), String(parts.last ?? ""))
        }
      ) { first, _ in first }
    }
    #expect(try project.night().status == 0)
    let good = try gauges()
    #expect(good["perennial_last_run_exit_status{pipeline=\"nightly\"}"] == "0")
    #expect(good["perennial_source_rows{source=\"billing\"}"] == "5")
    #expect(good["perennial_source_data_through_timestamp_seconds{source=\"billing\"}"] == "1711843200")
    #expect(good["perennial_published_month_end_timestamp_seconds"] == "1711929600")
    try FileManager.default.removeItem(at: project.folder.appendingPathComponent("exports/periods.csv"))
    #expect(try project.night().status == 1)
    let bad = try gauges()
    #expect(bad["perennial_last_run_exit_status{pipeline=\"nightly\"}"] == "1")
    let success = "perennial_last_success_timestamp_seconds{pipeline=\"nightly\"}"
    #expect(bad[success] != nil && bad[success] == good[success])
  }

  @Test func eachDaysReportsStandInAFolderOfTheirOwn() throws {
    let project = try TemporaryProject()
    try project.write("Pipelines/nightly.yml", "deliver: {dated: true}\n")
    for day in ["2024-03-30", "2024-03-31"] {
      #expect(try project.run("run", "nightly", "--as-of", day).status == 0)
    }
    for path in ["2024-03-30", "2024-03-31", "latest"] {
      #expect(project.exists("output/reports/\(path)/executive_summary.md"), "\(path)")
    }
    #expect(
      try project.data("output/reports/latest/customers.csv")
        == project.data("output/reports/2024-03-31/customers.csv"))
  }

  @Test func aQuietRunSaysNothingUnlessSomethingIsWrong() throws {
    let project = try TemporaryProject()
    let good = try project.night("--quiet")
    #expect(good.status == 0 && good.told.isEmpty && good.data.isEmpty, "\(good.told)")
    try FileManager.default.removeItem(at: project.folder.appendingPathComponent("exports/periods.csv"))
    let bad = try project.night("--quiet")
    #expect(bad.status == 1 && bad.told.contains("[no-matching-file]") && !bad.told.contains("stage="))
  }

  @Test func aQuietRunSaysWhyThereAreNoReportsAndNoOtherWarning() throws {
    let project = try TemporaryProject()
    try project.write(
      "Reports/watch.yml",
      """
      title: Watch
      sections: [{kind: figures, metrics: [customers], notices: [{metric: customers, below: 100}]}]
      """)
    #expect(try project.night().told.contains("[threshold-crossed]"))
    let well = try project.night("--quiet")
    #expect(well.status == 0 && well.told.isEmpty, "\(well.told)")
    #expect(try !project.run("status").data.contains("warning"))
    let empty = try TemporaryProject()
    try empty.write("exports/periods.csv", TemporaryProject.header + "1,a,2024-03-05,2024-03-10,5\n")
    let outcome = try empty.night("--quiet")
    #expect(outcome.status == 0 && outcome.told.contains("[nothing-in-force]"), "\(outcome.told)")
    #expect(try empty.run("status").data.contains("[nothing-in-force]"))
  }

  @Test func aScheduleIsWhatCronAndSystemdRead() throws {
    let server = try MailServer()
    let project = try project(server)
    let lines = try project.run("schedule", "nightly", "--at", "6:05").data.split(separator: "\n")
    let folder = project.folder.resolvingSymlinksInPath().path
    #expect(lines.count == 2)
    #expect(
      lines[0].hasPrefix("5 6 * * *  /") && lines[0].hasSuffix("run nightly --quiet --project \(folder)"))
    #expect(lines[1].hasPrefix("*/10 * * * *  /") && lines[1].contains("outbox send"))
    // The line does what it says: it is run as cron runs it.
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", lines[0].dropFirst("5 6 * * *  ".count) + " --as-of 2024-03-31"]
    shell.currentDirectoryURL = URL(fileURLWithPath: "/")
    shell.environment = [:]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(try recipients(server) == ["ada@example.com"])
    let units = try project.run("schedule", "nightly", "--systemd").data
    for part in ["OnCalendar=*-*-* 02:15:00", "Persistent=true", "ExecStart=\"/", "perennial-nightly.timer"] {
      #expect(units.contains(part), "\(part)")
    }
    #expect(try project.run("schedule", "nightyl").status == 2)
    #expect(try project.run("schedule", "nightly", "--at", "25:00").status == 2)
  }
}
