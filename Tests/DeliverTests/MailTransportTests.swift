import Foundation
import LoopbackServers
import Model
import Testing

@testable import Deliver

private let sender = MailAddress("reports@example.com")!
private let ada = MailAddress("ada@example.com")!
private let message = MailMessage.text(
  parts: MailMessage(from: sender, subject: "Dots", text: ".\n..\n. begins\n\n.\n").parts, to: ada,
  messageID: "<1@example.com>", queued: Moment(iso: "2024-02-29T23:30:05Z")!)

/// What a try came to, and whether it was said beforehand that the message is on its way.
private struct Try {
  var end: DeliveryEnd
  var begun: Int

  init(_ relays: [Relay], _ text: String = message, secrets: [String: String] = [:]) throws {
    let transport = MailTransport(
      MailSettings(from: sender, replyTo: nil, relays: relays, retry: DeliveryRetry()), folder: "/"
    ) { reference in
      guard case .environment(let name) = reference.origin else { return nil }
      return secrets[name].map { Secret($0) }
    }
    var begun = 0
    end = try transport.send(text, from: sender, to: ada) { begun += 1 }
    self.begun = begun
  }

  var name: String { String("\(end)".prefix { $0 != "(" }) }
}

private func relay(_ server: MailServer) -> Relay {
  Relay(host: "127.0.0.1", port: server.port, encryption: .none, connect: 2_000, total: 1_500)
}

@Suite(.serialized) struct MailTransportTests {
  @Test func aMessageArrivesAsItIs() throws {
    let server = try MailServer()
    let first = try Try([relay(server)])
    #expect(first.name == "sent" && first.begun == 1)
    #expect(try server.messages() == [message])
    #expect(server.log.contains("MAIL FROM:<reports@example.com>"))
  }

  /// What is refused before the message is asked for was surely not delivered.
  @Test(arguments: [
    ("greeting", "421 4.3.2 too busy", "later"), ("greeting", "554 no service", "later"),
    ("greeting", "drop", "later"),
    ("greeting", "hang", "later"), ("ehlo", "drop", "later"), ("mail", "451 4.3.0 no room", "later"),
    ("mail", "530 5.7.0 log in first", "refused"), ("rcpt", "450 4.2.0 greylisted", "later"),
    ("rcpt", "550 5.1.1 no such user", "refused"), ("rcpt", "drop", "later"), ("rcpt", "hang", "later"),
    ("data", "451 4.3.0 not now", "later"), ("data", "554 5.5.1 no", "refused"), ("data", "drop", "later"),
    ("data", "hang", "later"),
  ])
  func beforeTheMessageNothingIsInDoubt(step: String, deed: String, expected: String) throws {
    let server = try MailServer()
    try server.play([(step, deed)])
    let first = try Try([relay(server)])
    #expect(first.name == expected && first.begun == 0, "\(first.end)")
    if deed.first?.isNumber == true { #expect("\(first.end)".contains(deed), "\(first.end)") }
    #expect(try server.messages().isEmpty)
  }

  /// Behind it only an answer settles what became of it.
  @Test(arguments: [
    ("end", "451 4.3.0 disk full", "later"), ("end", "554 5.6.0 not wanted", "refused"),
    ("end", "drop", "unknown"),
    ("end", "hang", "unknown"),
  ])
  func behindTheMessageOnlyAnAnswerSettlesIt(step: String, deed: String, expected: String) throws {
    let server = try MailServer()
    try server.play([(step, deed)])
    let first = try Try([relay(server)])
    #expect(first.name == expected && first.begun == 1, "\(first.end)")
  }

  /// A message of which only a part was handed over cannot have been taken: its end is missing.
  @Test func aMessageThatBreaksOffInTheMiddleIsTriedAgain() throws {
    let server = try MailServer()
    try server.play([("body", "drop")])
    let long = message + String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 400_000)
    let first = try Try([relay(server)], long)
    #expect(first.name == "later" && first.begun == 1, "\(first.end)")
    #expect(try server.messages().isEmpty)
  }

  @Test func relaysAreAskedInTurnUntilOneTakesIt() throws {
    let (first, second, third) = (try MailServer(), try MailServer(), try MailServer())
    try first.play([("rcpt", "550 5.7.1 relaying denied")])
    try second.play([("end", "451 4.3.0 disk full")])
    let done = try Try([
      Relay(host: "127.0.0.1", port: ServerProcess.freePort(), encryption: .none), relay(first),
      relay(second),
      relay(third),
    ])
    #expect(done.name == "sent" && done.begun == 1, "\(done.end)")
    #expect(try third.messages() == [message])
  }

  /// Somebody may have it: another relay would make two of it.
  @Test func behindADoubtNoOtherRelayIsAsked() throws {
    let (first, second) = (try MailServer(), try MailServer())
    try first.play([("end", "drop")])
    #expect(try Try([relay(first), relay(second)]).name == "unknown")
    #expect(try second.messages().isEmpty)
    #expect(second.log.isEmpty)
  }

  /// `total` bounds the whole mail: waiting for each answer, for the goodbye, and all relays together.
  @Test(arguments: ["greeting", "ehlo", "mail", "rcpt", "data", "body", "end", "quit"])
  func aMailTakesNoLongerThanItsTotal(step: String) throws {
    let (first, second) = (try MailServer(), try MailServer())
    for server in [first, second] { try server.play([(step, "hang")]) }
    for relays in [[first], [first, second]] {
      var all = relays.map(relay)
      for index in all.indices { all[index].total = 1_000 }
      let begun = ContinuousClock.now
      let end = try Try(all)
      let took = ContinuousClock.now - begun
      #expect(took < .milliseconds(1_700), "\(step), \(relays.count) relays: \(took), \(end.end)")
      try first.play([(step, "hang"), (step, "hang")])
    }
  }

  @Test func aRelayThatHangsLeavesTimeForTheNext() throws {
    let (first, second) = (try MailServer(), try MailServer())
    try first.play([("rcpt", "hang")])
    let done = try Try([relay(first), relay(second)])
    #expect(done.name == "sent" && done.begun == 1, "\(done.end)")
    #expect(try second.messages() == [message])
  }

  @Test func aPasswordThatIsNotThereIsNoPasswordToSend() throws {
    let server = try MailServer()
    var with = relay(server)
    with.user = SecretText("reports")
    with.password = SecretText("${env:SMTP_PASSWORD}")
    let first = try Try([with])
    #expect(first.name == "later" && server.log.isEmpty, "\(first.end)")
  }

  @Test func whereNoEncryptionIsOfferedNothingIsSent() throws {
    let server = try MailServer()
    var with = relay(server)
    with.encryption = .starttls
    let first = try Try([with])
    #expect(first.name == "later" && "\(first.end)".contains("STARTTLS"), "\(first.end)")
    #expect(!server.log.contains("MAIL FROM"))
  }

  @Test func whatCannotBeKeptIsNotSent() throws {
    struct Full: Error {}
    let server = try MailServer()
    let transport = MailTransport(
      MailSettings(from: sender, replyTo: nil, relays: [relay(server)], retry: DeliveryRetry()), folder: "/"
    ) { _ in nil }
    #expect(throws: Full.self) { try transport.send(message, from: sender, to: ada) { throw Full() } }
    #expect(try server.messages().isEmpty)
  }

  @Test(
    .enabled(
      if: Postfix.isThere,
      "Postfix is not installed, or this account is not root: its programs change accounts"))
  func postfixTakesItOverTLSFromWhoLogsIn() throws {
    let server = try Postfix()
    let secrets = ["USER": server.user, "PASSWORD": server.password, "WRONG": "close sesame"]
    func relay(
      _ port: Int, _ encryption: Relay.Encryption, password: String = "PASSWORD", authority: String? = nil
    )
      -> Relay
    {
      Relay(
        host: "localhost", port: port, encryption: encryption, user: SecretText("${env:USER}"),
        password: SecretText("${env:\(password)}"), authorities: authority ?? server.authority)
    }
    let starttls = try Try([relay(server.port, .starttls)], secrets: secrets)
    #expect(starttls.name == "sent", "\(starttls.end) \(server.log)")
    let implicit = try Try([relay(server.tlsPort, .tls)], secrets: secrets)
    #expect(implicit.name == "sent", "\(implicit.end)")
    let wrong = try Try([relay(server.port, .starttls, password: "WRONG")], secrets: secrets)
    #expect(wrong.name == "later" && "\(wrong.end)".contains("login"), "\(wrong.end)")
    #expect(!"\(wrong.end)".contains("sesame"))
    let stranger = try Try(
      [relay(server.port, .starttls, authority: "/etc/ssl/certs/ca-certificates.crt")], secrets: secrets)
    #expect(stranger.name == "later" && "\(stranger.end)".contains("authorities"), "\(stranger.end)")
    let nobody = try Try(
      [Relay(host: "localhost", port: server.port, authorities: server.authority)], secrets: secrets)
    #expect(nobody.name == "refused", "\(nobody.end)")
    let messages = try server.messages(2)
    try #require(messages.count == 2, "\(server.log)")
    for text in messages {
      let mail = try ReadMail(text)
      #expect(mail.header("Message-ID") == ["<1@example.com>"])
      #expect(mail.parts[0].text.replacing("\r", with: "").hasPrefix(".\n..\n. begins\n\n.\n"))
    }
  }
}
