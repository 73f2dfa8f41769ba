import Foundation
import LoopbackServers
import Testing

/// Reports that no server took however often it was tried: nobody may take them for sent.
@Suite(.serialized) struct GivenUpDeliveryTests {
  private func project(_ server: MailServer) throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write(
      "Config/delivery.yml",
      """
      mail:
        from: Reports <reports@example.com>
        relays: [{host: 127.0.0.1, port: \(server.port), encryption: none, timeouts: {total: 2 s}}]
        retry: {attempts: 2, wait: 1 s}
      operator: ops@example.com
      rules:
        board: {report: executive_summary, to: ada@example.com}
      """)
    return project
  }

  private func recipients(_ server: MailServer) throws -> [String] {
    try server.messages().map { try ReadMail($0).header("To")[0] }
  }

  private func states(_ project: TemporaryProject) throws -> [String] {
    try project.query("select recipient, state from outbox order by delivery")
  }

  @Test func theLastTrySaysThatItIsTheLastAndRunsSayItUntilItIsSentAgain() throws {
    let server = try MailServer()
    try server.play((0..<40).map { _ in ("rcpt", "451 4.3.0 not now") })
    let project = try project(server)
    let first = try project.night("--quiet")
    #expect(first.status == 3 && first.told.contains("[not-delivered]"), "\(first.told)")
    #expect(try states(project) == ["ada@example.com,queued"])
    usleep(1_200_000)
    let last = try project.run("outbox", "send")
    #expect(last.status == 3 && last.told.contains("[delivery-given-up]"), "\(last.told)")
    #expect(last.told.contains("`perennial outbox resend 1`") && !last.told.contains("as number 1"))
    #expect(try states(project) == ["ada@example.com,failed", "ops@example.com,queued"])
    // The operator's mail is given up as well, and waits anew.
    usleep(1_200_000)
    let silent = try project.night("--quiet")
    #expect(silent.status == 3 && silent.told.contains("`perennial outbox resend 1`"), "\(silent.told)")
    #expect(try project.run("status").data.contains("1 failed"))
    #expect(try recipients(server).isEmpty)

    try server.play([])
    usleep(1_200_000)
    for _ in 1...2 {
      let night = try project.night("--quiet")
      #expect(night.status == 3 && night.told.contains("[delivery-given-up]"), "\(night.told)")
    }
    #expect(try recipients(server) == ["ops@example.com"])
    let text = try ReadMail(server.messages()[0]).parts[0].text
    for told in ["451 4.3.0 not now", "perennial outbox resend 1", "perennial outbox list --open"] {
      #expect(text.contains(told), "\(told): \(text)")
    }
    #expect(!text.contains("last run that published"))
    #expect(try project.run("outbox", "resend", "1").status == 0)
    let well = try project.night("--quiet")
    #expect(well.status == 0 && well.told.isEmpty, "\(well.told)")
    #expect(try recipients(server) == ["ops@example.com", "ada@example.com"])
  }

  @Test func whatIsSentByHandOrTakenOutOfTheRuleIsMissedNoMore() throws {
    for way in ["by hand", "taken out"] {
      let server = try MailServer()
      try server.play([("rcpt", "550 5.1.1 no such user")])
      let project = try project(server)
      for _ in 1...2 { #expect(try project.night().status == 3) }
      #expect(try recipients(server) == ["ops@example.com"])
      if way == "by hand" {
        #expect(try project.run("send", "executive_summary", "--to", "ada@example.com").status == 0)
      } else {
        let rules = try String(decoding: project.data("Config/delivery.yml"), as: UTF8.self)
        try project.write("Config/delivery.yml", rules.replacing("to: ada@", with: "to: ben@"))
      }
      let outcome = try project.night("--quiet")
      #expect(outcome.status == 0 && outcome.told.isEmpty, "\(way): \(outcome.told)")
      #expect(try recipients(server).count == 2)
    }
  }
}
