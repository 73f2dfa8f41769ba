import Foundation
import LoopbackServers
import Model
import Testing

@testable import Deliver

private let sender = MailAddress("Jörg Müller <reports@example.com>")!
private let ada = MailAddress("Ada Lärche <ada@example.com>")!

private func whole(_ message: MailMessage, to recipient: MailAddress = ada) -> String {
  MailMessage.text(
    parts: message.parts, to: recipient, messageID: "<1@example.com>",
    queued: Moment(iso: "2024-02-29T23:30:05Z")!)
}

private func read(_ message: MailMessage, to recipient: MailAddress = ada) throws -> ReadMail {
  let mail = try ReadMail(whole(message, to: recipient))
  #expect(mail.defects == [])
  #expect(mail.isASCII && mail.bareBreaks == 0)
  // 76 characters and the CR.
  #expect(mail.longestLine <= 77)
  return mail
}

@Test func aMessageIsReadAsItWasMeant() throws {
  let csv = Array("a;b\r\n1;2\r\n".utf8)
  let binary = (0..<1000).map { UInt8($0 * 7 % 256) }
  let message = MailMessage(
    from: sender, replyTo: MailAddress("finance@example.com"), subject: "Größe & Söhne: MRR, März 2024",
    text: "Grüße\n\n  ▲ +4.0 %\t=20\n.\nFrom me\ntrailing space \nlast line without end",
    html: "<p>Grüße " + String(repeating: "ü", count: 3000) + "</p>\n",
    attachments: [
      .init(name: "report.csv", bytes: csv), .init(name: "Übersicht \"2024\".html", bytes: binary),
    ])
  let mail = try read(message)
  #expect(mail.header("From") == ["Jörg Müller <reports@example.com>"])
  #expect(mail.header("To") == ["Ada Lärche <ada@example.com>"])
  #expect(mail.header("Reply-To") == ["finance@example.com"])
  #expect(mail.header("Subject") == ["Größe & Söhne: MRR, März 2024"])
  #expect(mail.header("Date") == ["Thu, 29 Feb 2024 23:30:05 +0000"])
  #expect(
    mail.shape == [
      "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/csv", "text/html",
    ])
  #expect(mail.parts[0].text == (message.text + "\n").replacing("\n", with: "\r\n"))
  #expect(mail.parts[1].text == message.html!.replacing("\n", with: "\r\n"))
  #expect(mail.parts[2].file == "report.csv" && mail.parts[2].sha256 == Digest.sha256(csv))
  #expect(mail.parts[3].file == "Übersicht \"2024\".html" && mail.parts[3].sha256 == Digest.sha256(binary))
}

@Test func picturesBelongToThePageThatShowsThem() throws {
  let picture = (0..<500).map { UInt8($0 * 11 % 256) }
  let message = MailMessage(
    from: sender, subject: "Charts", text: "MRR rose.\n", html: "<img src=\"cid:chart-1@perennial\">\n",
    pictures: [.init(id: "chart-1@perennial", bytes: picture)],
    attachments: [.init(name: "report.csv", bytes: [0x31])])
  let mail = try read(message)
  #expect(
    mail.shape == [
      "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
      "text/csv",
    ])
  #expect(mail.parts[2].file == "chart-1.png" && mail.parts[2].sha256 == Digest.sha256(picture))
  #expect(whole(message).contains("\r\nContent-ID: <chart-1@perennial>\r\n"))
}

@Test func aMessageOfTextAloneHasNoParts() throws {
  let mail = try read(MailMessage(from: sender, subject: "Short", text: "All is well.\n"))
  #expect(mail.shape == ["text/plain"])
  #expect(mail.parts[0].text == "All is well.\r\n")
}

@Test(arguments: [
  "Hello\r\nBcc: eve@example.com", "Hello\nBcc: eve@example.com\n\nbody", "a\rb\u{2028}c\u{85}d",
  "\u{0}\u{7F}x",
  "=?UTF-8?B?QmNjOg==?=", String(repeating: "x", count: 2000), String(repeating: "wörd ", count: 400),
  "\u{1F680}\u{1F1E9}\u{1F1EA} " + String(repeating: "\u{1F9D1}\u{200D}\u{1F680}", count: 60), "", " ",
])
func aSubjectNeverBecomesAnotherHeader(subject: String) throws {
  let mail = try read(MailMessage(from: sender, subject: subject, text: "x\n"))
  #expect(
    mail.headers.map(\.name) == [
      "To", "Date", "Message-ID", "From", "Subject", "MIME-Version", "Auto-Submitted",
      "X-Auto-Response-Suppress",
      "Content-Type", "Content-Transfer-Encoding",
    ])
  let meant = subject.unicodeScalars.map { scalar in
    [0x2028, 0x85, 0x7F].contains(scalar.value) || scalar.value < 0x20 ? " " : String(scalar)
  }.joined().split(separator: " ").joined(separator: " ")
  #expect(mail.header("Subject") == [meant])
}

@Test func namesOfAllKindsComeThrough() throws {
  for name in ["Larch, Ada", "Ada (Finance) Larch", "Dr. A. Larch", "Ада Ларч", "a.b@c", "Ada Larch"] {
    let address = try #require(MailAddress("\(name) <ada@example.com>"))
    let mail = try read(MailMessage(from: address, subject: "x", text: "x\n"), to: address)
    let parsed = try #require(mail.header("To").first)
    #expect(parsed.hasSuffix("<ada@example.com>"), "\(parsed)")
    #expect(parsed.contains(name), "\(parsed)")
  }
}

@Test(arguments: [
  "ada@example.com\r\nRCPT TO:<eve@example.com>", "a@b@c", "ada@", "@example.com", "ada example@example.com",
  "Ada <ada@example.com", "<ada@example.com>, <eve@example.com>", "ada@exa\u{0}mple.com", "ädа@example.com",
  "ada@-example.com", "a..b@example.com", "Ada \"x\\\" <ada@example.com>", "ada@example..com", "",
])
func whatIsNoSingleAddressIsNotTaken(text: String) {
  #expect(MailAddress(text) == nil)
}

@Test func anAddressKeepsItsPartsAndItsMailboxKnowsItsSpelling() throws {
  let address = try #require(MailAddress("\"Larch, Ada\" <Ada.L+x@Example.COM>"))
  #expect(address.name == "Larch, Ada" && address.address == "Ada.L+x@Example.COM")
  #expect(address.mailbox == "Ada.L+x@example.com")
  #expect(MailAddress("root@localhost")?.domain == "localhost")
}

/// Lines of every length and any bytes, against Python's reader.
@Test func anyTextComesThrough() throws {
  let seed: UInt64 = 20_240_229
  var random = Dice(state: seed)
  let alphabet: [Character] = ["a", "=", ".", " ", "\t", "ü", "€", "🚀", "\n", "F", "r", "o", "m", "\"", "-"]
  var texts: [String] = []
  for _ in 0..<12 {
    texts.append(
      String(
        (0..<Int.random(in: 0...600, using: &random)).map { _ in alphabet.randomElement(using: &random)! }))
  }
  let message = MailMessage(
    from: sender, subject: texts[0], text: texts[1], html: texts[2],
    attachments: texts[3...].enumerated().map { .init(name: "\($0).csv", bytes: Array($1.utf8)) })
  let mail = try read(message)
  func lines(_ text: String) -> String {
    (text.hasSuffix("\n") || text.isEmpty ? text : text + "\n").replacing("\n", with: "\r\n")
  }
  #expect(mail.parts[0].text == lines(texts[1]), "seed \(seed)")
  #expect(mail.parts[1].text == lines(texts[2]), "seed \(seed)")
  for (part, text) in zip(mail.parts[2...], texts[3...]) {
    #expect(part.sha256 == Digest.sha256(Array(text.utf8)), "seed \(seed)")
  }
}

@Test func theNameOfAMessageFollowsFromWhatItIs() {
  func name(_ rule: String = "board", _ recipient: String = "ada@example.com", revision: Int = 1) -> String {
    messageID(
      DeliveryKey(rule: rule, report: "summary", period: "2024-02", recipient: recipient), revision: revision,
      company: "Acme", domain: "example.com")
  }
  #expect(name() == name())
  #expect(
    Set([name(), name("boar", "dada@example.com"), name(revision: 2), name("board", "b@example.com")]).count
      == 4)
  #expect(name().hasSuffix("@example.com>"))
}

@Test func aDigestIsWhatTheStandardsSay() {
  #expect(
    Digest.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  #expect(
    Digest.hmac(Array("what do ya want for nothing?".utf8), key: "Jefe")
      == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
}

/// SplitMix64: the same numbers for a seed on every machine.
struct Dice: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
