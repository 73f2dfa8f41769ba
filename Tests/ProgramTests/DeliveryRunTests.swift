import Foundation
import Glibc
import LoopbackServers
import Testing

/// Runs that deliver: each report once, whatever the server and the machine do.
@Suite(.serialized) struct DeliveryRunTests {
  private func project(
    _ server: MailServer, _ more: String = "", to: String = "[ada@example.com, ben@example.com]",
    total: String = "2 s"
  )
    throws -> TemporaryProject
  {
    let project = try TemporaryProject()
    try project.write(
      "Config/delivery.yml",
      """
      mail:
        from: Reports <reports@example.com>
        relays: [{host: 127.0.0.1, port: \(server.port), encryption: none, timeouts: {total: \(total)}}]
        retry: {attempts: 3, wait: 1 s}
      rules:
        board:
          report: executive_summary
          to: \(to)
          attach: csv
      \(more)
      """)
    return project
  }

  private func states(_ project: TemporaryProject) throws -> [String] {
    try project.query("select recipient, revision, state from outbox order by delivery")
  }

  @Test func aReportIsSentOnceHoweverOftenItIsRun() throws {
    let server = try MailServer()
    let project = try project(server)
    for _ in 1...3 {
      let outcome = try project.night()
      #expect(outcome.status == 0, "\(outcome.told)")
    }
    let messages = try server.messages().map { try ReadMail($0) }
    #expect(messages.map { $0.header("To") } == [["ada@example.com"], ["ben@example.com"]])
    #expect(Set(messages.flatMap { $0.header("Message-ID") }).count == 2)
    for mail in messages {
      #expect(mail.defects == [] && mail.bareBreaks == 0)
      #expect(mail.header("Subject") == ["Test Company: Executive summary, March 2024"])
      let page = Part.rasterizer.isThere ? ["multipart/related", "text/html", "image/png"] : ["text/html"]
      #expect(
        mail.shape == ["multipart/mixed", "multipart/alternative", "text/plain"] + page + ["text/csv"])
      // A line of HTML does not break within an amount.
      #expect(mail.parts[0].text.contains("USD 160") && mail.parts[1].text.contains("USD\u{A0}160"))
      let report = try String(
        contentsOf: project.folder.appendingPathComponent("output/reports/executive_summary.csv"),
        encoding: .utf8)
      #expect(mail.parts.last?.text.drop { $0 == "\u{FEFF}" } == report.drop { $0 == "\u{FEFF}" })
    }
    #expect(try states(project) == ["ada@example.com,1,sent", "ben@example.com,1,sent"])
  }

  /// Whoever is at risk or pays most stands in no row of CSV, and is looked for only where somebody sees it.
  @Test func whatIsAttachedListsCustomersThatTheFolderOfCSVDoesNot() throws {
    let server = try MailServer()
    let project = try project(server, to: "ada@example.com")
    try project.write(
      "Reports/payers.yml",
      """
      title: Payers
      formats: csv
      sections:
        - kind: customers
          show: [movements, largest]

      """)
    let pipeline = try String(decoding: project.data("Pipelines/nightly.yml"), as: UTF8.self)
    #expect(pipeline.contains("executive_summary"))
    try project.write(
      "Pipelines/nightly.yml", pipeline.replacing("executive_summary", with: "payers"))
    try project.write(
      "Config/delivery.yml",
      try String(decoding: project.data("Config/delivery.yml"), as: UTF8.self)
        .replacing("executive_summary", with: "payers").replacing("attach: csv", with: "attach: [markdown]"))
    let outcome = try project.night()
    #expect(outcome.status == 0, "\(outcome.told)")
    let attached = try server.messages().map { try ReadMail($0) }.flatMap(\.parts).last?.text ?? ""
    #expect(attached.contains("Largest customers"), "\(attached)")
    #expect(attached.contains("62.5 %"), "100 of 160 a month: \(attached)")
    #expect(project.exists("output/reports/payers.csv") && !project.exists("output/reports/payers.md"))
    // Asked for as a page, the same report has the list as well.
    #expect(try project.run("render", "payers", "--format", "markdown").data.contains("Largest customers"))
  }

  @Test func aChangedMonthIsSentAgainWhereTheRuleSaysSo() throws {
    let server = try MailServer()
    let project = try project(
      server,
      """
        changes:
          report: mrr_bridge
          to: eve@example.com
          on_change: true
      """)
    try project.night()
    try project.night()
    #expect(try server.messages().count == 3)
    try project.write(
      "exports/periods.csv", TemporaryProject.header + TemporaryProject.rows + "6,f,2024-03-05,,7\n")
    #expect(try project.night().status == 0)
    #expect(
      try states(project) == [
        "ada@example.com,1,sent", "ben@example.com,1,sent", "eve@example.com,1,sent",
        "eve@example.com,2,sent",
      ])
  }

  @Test func whatIsRefusedShowsInExitCodeAndStatus() throws {
    let server = try MailServer()
    try server.play([("rcpt", "550 5.1.1 no such user")])
    let project = try project(server)
    let first = try project.night()
    #expect(first.status == 3)
    #expect(first.told.contains("published as run 1") && first.told.contains("550 5.1.1 no such user"))
    #expect(first.told.contains("[delivery-refused]"))
    #expect(try states(project) == ["ada@example.com,1,failed", "ben@example.com,1,sent"])
    let status = try project.run("status").data
    #expect(status.contains("deliveries: 1 sent, 1 failed") && status.contains("550 5.1.1 no such user"))
    // Given up: not tried again, and said until somebody does something about it.
    let second = try project.night()
    #expect(second.status == 3 && second.told.contains("`perennial outbox resend 1`"), "\(second.told)")
    #expect(try server.messages().count == 1)
    #expect(try project.run("outbox", "resend", "1").status == 0)
    #expect(try states(project) == ["ada@example.com,1,sent", "ben@example.com,1,sent"])
    #expect(try project.run("outbox", "resend", "7").status == 2)
  }

  @Test func aGreylistedMessageArrivesLaterAndOnce() throws {
    let server = try MailServer()
    try server.play([("rcpt", "450 4.2.0 greylisted, come back")])
    let project = try project(server, to: "ada@example.com")
    let first = try project.night()
    #expect(first.status == 3 && first.told.contains("[not-delivered]"), "\(first.told)")
    #expect(try states(project) == ["ada@example.com,1,queued"])
    usleep(1_100_000)
    let second = try project.run("outbox", "send")
    #expect(second.status == 0, "\(second.told)")
    #expect(try project.night().status == 0)
    #expect(try server.messages().count == 1)
    #expect(try states(project) == ["ada@example.com,1,sent"])
  }

  @Test func whatAServerNeverAnsweredForIsADoubtAndStaysOne() throws {
    let server = try MailServer()
    try server.play([("end", "hang")])
    let project = try project(server, to: "ada@example.com")
    let first = try project.night()
    #expect(first.status == 3 && first.told.contains("[delivery-unknown]"), "\(first.told)")
    for _ in 1...2 { try project.night() }
    #expect(try server.messages().count == 1)
    #expect(try states(project) == ["ada@example.com,1,unknown"])
    #expect(try project.run("outbox", "--open").data.contains("unknown"))
  }

  @Test func aProgramKilledWhileItWaitsForTheAnswerLeavesADoubt() throws {
    let server = try MailServer()
    try server.play([("end", "hang")])
    let project = try project(server, to: "ada@example.com")
    let process = try project.start("run", "nightly", "--as-of", "2024-03-31")
    for _ in 0..<400 where !server.log.contains("hangs at end") { usleep(20_000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let next = try project.night()
    #expect(next.status == 3 && next.told.contains("[delivery-unknown]"), "\(next.told)")
    #expect(try states(project) == ["ada@example.com,1,unknown"])
    #expect(try project.night().status == 0)
    #expect(try server.messages().count == 1)
  }

  @Test func twoWhoSendAtOnceSendEachMessageOnce() throws {
    let server = try MailServer()
    let people = (0..<8).map { "p\($0)@example.com" }
    let project = try project(server, to: "[\(people.joined(separator: ", "))]")
    let refusals = people.map { _ in (at: "rcpt", do: "450 4.2.0 greylisted") }
    try server.play(refusals + people.map { _ in (at: "data", do: "wait 0.2") })
    #expect(try project.night().status == 3)
    usleep(1_100_000)
    let senders = try (0..<2).map { _ in try project.start("outbox", "send") }
    for sender in senders { sender.waitUntilExit() }
    #expect(senders.map(\.terminationStatus) == [0, 0])
    let got = try server.messages().map { try ReadMail($0).header("To")[0] }
    #expect(got.sorted() == people)
    #expect(try states(project) == people.map { "\($0),1,sent" })
    // Both had a share: conversations overlap.
    let lines = server.log.split(separator: "\n").drop { !$0.hasPrefix("8 ") }
    let first = try #require(lines.firstIndex { $0.hasPrefix("8 < 221") })
    #expect(lines[..<first].contains { $0.hasPrefix("9 ") }, "\(lines.joined(separator: "\n"))")
  }

  @Test func aServerThatHangsKeepsNoRunWaiting() throws {
    let server = try MailServer()
    let project = try project(server, to: "ada@example.com", total: "60 s")
    try server.play([("rcpt", "450 4.2.0 greylisted"), ("end", "hang")])
    #expect(try project.night().status == 3)
    usleep(1_100_000)
    let sender = try project.start("outbox", "send")
    for _ in 0..<400 where !server.log.contains("hangs at end") { usleep(20_000) }
    let beside = try project.night()
    #expect(beside.status == 0 && sender.isRunning, "\(beside.told)")
    // Somebody has it in hand: no doubt yet, and nothing to send again.
    #expect(try states(project) == ["ada@example.com,1,sending"])
    #expect(try project.run("outbox", "resend", "1").status == 2)
    kill(sender.processIdentifier, SIGKILL)
    sender.waitUntilExit()
    let next = try project.run("outbox", "send")
    #expect(next.status == 3 && next.told.contains("[delivery-unknown]"), "\(next.told)")
    #expect(try states(project) == ["ada@example.com,1,unknown"])
    #expect(try server.messages().count == 1)
  }

  @Test func aRunThatWaitsForAServerKeepsNoRunOut() throws {
    let server = try MailServer()
    let project = try project(server, to: "ada@example.com", total: "60 s")
    try server.play([("rcpt", "hang")])
    let first = try project.start("run", "nightly", "--as-of", "2024-03-31")
    for _ in 0..<800 where !server.log.contains("hangs at rcpt") { usleep(20_000) }
    let second = try project.night()
    #expect(second.status == 0 && first.isRunning, "\(second.told)")
    kill(first.processIdentifier, SIGKILL)
    first.waitUntilExit()
    // The server had not asked for it: nothing is in doubt.
    #expect(try project.night().status == 0)
    #expect(try states(project) == ["ada@example.com,1,sent"])
    #expect(try server.messages().count == 1)
  }

  /// Wherever a run dies, nobody gets a message twice, and whoever got none is still to get it or is shown as a doubt.
  @Test func aRunKilledAtAnyInstantSendsNothingTwice() throws {
    let seed: UInt64 = 20_240_229
    var state = seed
    let server = try MailServer()
    let people = (0..<6).map { "p\($0)@example.com" }
    for round in 0..<4 {
      let project = try project(server, to: "[\(people.joined(separator: ", "))]")
      let before = try server.messages().count
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let process = try project.start("run", "nightly", "--as-of", "2024-03-31")
        usleep(UInt32(20_000 + state >> 33 % 1_500_000))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      _ = try project.night()
      let got = try server.messages().dropFirst(before).map { try ReadMail($0).header("To")[0] }
      #expect(Set(got).count == got.count, "seed \(seed), round \(round): \(got)")
      let rows = try states(project)
      #expect(rows.count == people.count, "seed \(seed), round \(round): \(rows)")
      for person in people where !got.contains(person) {
        #expect(rows.contains("\(person),1,unknown"), "seed \(seed), round \(round): \(rows)")
      }
    }
  }

  @Test func conditionsHoldBackUntilTheyAreMet() throws {
    let server = try MailServer()
    let project = try project(server, "    when: {whole_month: true, fresh: 2 days}", to: "ada@example.com")
    try project.write(
      "Config/sources/billing.yml", TemporaryProject.source + "\ndata_through: 2024-01-20\n")
    // Provisional, and fresh; then whole, and too old; then both.
    #expect(try project.run("run", "nightly", "--as-of", "2024-01-20").status == 0)
    try project.write(
      "Config/sources/billing.yml", TemporaryProject.source + "\ndata_through: 2024-01-31\n")
    #expect(try project.run("run", "nightly", "--as-of", "2024-02-09").status == 0)
    #expect(try server.messages().isEmpty)
    #expect(try project.run("run", "nightly", "--as-of", "2024-02-01").status == 0)
    #expect(try server.messages().count == 1)
  }

  @Test func staleDataIsDeliveredToNobody() throws {
    let server = try MailServer()
    let project = try project(server, "stale_after: 3 days", to: "ada@example.com")
    try project.write(
      "Config/sources/billing.yml", TemporaryProject.source + "\ndata_through: 2024-01-31\n")
    let outcome = try project.run("run", "nightly", "--as-of", "2024-02-09")
    #expect(outcome.told.contains("[stale-data]"))
    let quiet = try project.run("run", "nightly", "--quiet", "--as-of", "2024-02-09")
    #expect(quiet.status == 0 && quiet.told.contains("[stale-data]"), "\(quiet.told)")
    #expect(try project.run("status").data.contains("[stale-data]"))
    #expect(try server.messages().isEmpty)
    #expect(try states(project).isEmpty)
  }

  @Test func aMessageCanBeLookedAtAndSentByHand() throws {
    let server = try MailServer()
    let project = try project(server, to: "Ada Lärche <ada@example.com>")
    #expect(try project.run("run", "nightly", "--as-of", "2024-03-31", "--offline").status == 0)
    #expect(try server.messages().isEmpty)
    #expect(try project.run("send", "executive_summary", "--dry-run").status == 0)
    let eml = try ReadMail(
      String(
        decoding: project.data("output/mail/executive_summary-2024-03-ada@example.com.eml"), as: UTF8.self))
    #expect(eml.defects == [] && eml.header("To") == ["Ada Lärche <ada@example.com>"])
    #expect(try server.messages().isEmpty)
    let sent = try project.run("send", "executive_summary")
    #expect(sent.status == 0 && sent.told.contains("1 sent"), "\(sent.told)")
    #expect(try project.run("send", "executive_summary").told.contains("--again"))
    let byRule = try project.run("send", "executive_summary", "--to", "Ada@example.com")
    #expect(byRule.status == 0 && byRule.told.contains("by the rule board; --again"), "\(byRule.told)")
    #expect(try project.run("send", "executive_summary", "--again").status == 0)
    #expect(try project.run("send", "customers", "--to", "eve@example.com", "--month", "2024-02").status == 0)
    let other = try project.run("send", "customers", "--to", "Eve@Example.com", "--month", "2024-02")
    #expect(other.status == 0 && other.told.contains("--again"), "\(other.told)")
    #expect(try project.run("send", "customers").status == 2)
    let bad = try project.run("send", "customers", "--to", "eve@example.com\nx")
    #expect(bad.status == 2 && bad.told.contains("`Ada Larch <ada@example.com>`"), "\(bad.told)")
    #expect(
      try states(project) == [
        "ada@example.com,1,sent", "ada@example.com,2,sent", "eve@example.com,1,sent",
      ])
    let messages = try server.messages().map { try ReadMail($0) }
    #expect(Set(messages.flatMap { $0.header("Message-ID") }).count == 3)
    #expect(messages.map { $0.parts[0].text }[0] == eml.parts[0].text)
  }

  @Test func whoIsTakenOutOfARuleGetsNothingThatWaits() throws {
    let server = try MailServer()
    try server.play([("greeting", "drop")])
    let project = try project(server, to: "ada@example.com")
    try project.night()
    let rules = try String(decoding: project.data("Config/delivery.yml"), as: UTF8.self)
    try project.write(
      "Config/delivery.yml", rules.replacing("to: ada@example.com", with: "to: ben@example.com"))
    usleep(1_100_000)
    #expect(try project.night().status == 3)
    #expect(try states(project) == ["ada@example.com,1,failed", "ben@example.com,1,sent"])
    #expect(try server.messages().map { try ReadMail($0).header("To") } == [["ben@example.com"]])
  }
}
