import Foundation
import Model
import Project
import Testing

private let path = "Config/delivery.yml"
private let mail = "mail:\n  from: reports@example.com\n  relays: [{host: smtp.example.com}]\n"

private func faults(_ text: String) throws -> [String] { try TemporaryProject.faults([path: text]) }

@Test func aWholeDeliveryFileIsRead() throws {
  let text = """
    mail:
      from: Larkspur Reports <reports@example.com>
      reply_to: finance@example.com
      relays:
        - {host: smtp.example.com, user: reports, password: "${env:SMTP_PASSWORD}"}
        - {host: 10.0.0.1, encryption: none, timeouts: {connect: 5 s, total: 20 s}}
      retry: {attempts: 3, wait: 1 min}
    operator: [ops@example.com]
    stale_after: 3 days
    rules:
      board:
        report: executive_summary
        to: [Ada <ada@example.com>, ben@example.com]
        subject: "{company}: MRR {mrr} in {month}"
        attach: [html, csv]
        max_size: 2 MB
        when: {whole_month: true, notice: true, fresh: 2 days}
        on_change: true

    """
  let loaded = try TemporaryProject.load([path: text])
  #expect(loaded.findings.map { $0.text() } == [])
  let settings = try #require(loaded.project?.delivery)
  let relays = try #require(settings.mail?.relays)
  #expect(relays.map(\.port) == [587, 25] && relays.map(\.encryption) == [.starttls, .none])
  #expect(relays[1].connect == 5_000 && relays[1].total == 20_000)
  #expect(settings.mail?.retry.attempts == 3 && settings.mail?.retry.wait == 60_000)
  #expect(settings.staleAfter == 3 * 86_400_000 && settings.operators.map(\.address) == ["ops@example.com"])
  #expect(settings.references.map(\.description) == ["${env:SMTP_PASSWORD}"])
  let rule = try #require(settings.rules.first)
  #expect(rule.recipients.map(\.address) == ["ada@example.com", "ben@example.com"])
  #expect(rule.attachments == [.html, .csv] && rule.maximumSize == 2_000_000 && rule.sendsChanges)
  #expect(rule.conditions == .init(isWhole: true, hasNotice: true, freshness: 2 * 86_400_000))
}

@Test func theExampleDeliveryIsValidOnceItsLinesAreUncommented() throws {
  var files = scaffold(companyName: "Acme")
  #expect(try TemporaryProject.load(over: files).project?.delivery == DeliverySettings())
  files[path] = (files[path] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.hasPrefix("# ") ? String($0.dropFirst(2)) : String($0) }.joined(separator: "\n")
  let loaded = try TemporaryProject.load(over: files)
  #expect(loaded.findings.map { $0.text() } == [])
  #expect(loaded.project?.delivery.rules.map(\.name) == ["board", "controllers"])
  #expect(loaded.project?.pipelines.first?.rules == ["board", "controllers"])
}

@Test func everyMistakeOfADeliveryIsToldWithItsPlace() throws {
  let text =
    mail + """
      rules:
        a: {report: executive_sumary, to: ada@example.com}
        b: {report: customers}
        c: {report: customers, to: [ada@example.com, "Ada <ada@EXAMPLE.com>"], subject: "{titel}"}
        d: {report: customers, to: "ada@example.com, ben@example.com", attach: word}
        e: {report: customers, to: ada@example.com, subject: "{month"}

      """
  #expect(
    try faults(text) == [
      "5:15 unknown-report: no report is named `executive_sumary`",
      "6:3 missing-key: the rule `b` does not say who gets the report",
      "7:48 bad-value: `ada@EXAMPLE.com` is named twice",
      "7:83 bad-value: the subject knows no `{titel}`",
      "8:30 bad-value: `to` takes a mail address such as `Ada Larch <ada@example.com>`, the address itself in ASCII, not `ada@example.com, ben@example.com`",
      "8:74 bad-value: `attach` takes one of markdown, html, csv, json, xlsx, pdf, png, not `word`",
      "9:56 bad-value: the subject has a brace without its partner",
    ])
}

@Test func mailWithoutARelayOrASenderIsTold() throws {
  #expect(
    try faults("rules:\n  a: {report: customers, to: ada@example.com}\noperator: ops@example.com\n") == [
      "2:26 missing-key: `to` wants mail to be sent, and no `mail` says how",
      "3:1 missing-key: `operator` wants mail to be sent, and no `mail` says how",
    ])
  #expect(
    try faults("mail: {relays: []}\n") == [
      "1:7 missing-key: `mail` says no `from`: who the mail is from"
    ])
  #expect(
    try faults("mail: {from: a@example.com, relays: []}\n") == ["1:37 empty-key: `relays` names no server"])
}

@Test func aRelaysPasswordIsASecretAndGoesOverNoOpenLine() throws {
  func relay(_ text: String) -> String { "mail: {from: a@example.com, relays: [{\(text)}]}\n" }
  #expect(
    try faults(relay("host: a.example.com, user: x, password: sesame")) == [
      "1:79 literal-secret: `password` is a secret, and stands here for everybody to read"
    ])
  #expect(
    try faults(relay("host: a.example.com, user: x")) == [
      "1:38 missing-key: `user` and `password` belong together, and one of them is missing"
    ])
  let open = "user: x, password: \"${env:P}\", encryption: none"
  #expect(
    try faults(relay("host: a.example.com, \(open)")) == [
      "1:103 unencrypted-secret: the relay's password is sent to a.example.com without encryption"
    ])
  #expect(try faults(relay("host: localhost, \(open)")) == [])
  #expect(try faults(relay("host: \"smtp.example.com/x\"")).count == 1)
}

@Test func aWebhookIsASecretOfItsOwnKindOfRule() throws {
  func rule(_ text: String) -> String { mail + "rules:\n  a: {report: customers, \(text)}\n" }
  func names(_ text: String) throws -> [String] {
    try faults(rule(text)).map { String($0.split(separator: " ")[1].dropLast()) }
  }
  let loaded = try TemporaryProject.load([
    path: rule("webhook: {url: \"${env:URL}\", form: slack, key: \"${env:KEY}\"}")
  ])
  #expect(loaded.findings.map { $0.text() } == [])
  #expect(loaded.project?.delivery.references.map(\.description) == ["${env:URL}", "${env:KEY}"])
  #expect(loaded.project?.delivery.rules.first?.webhook?.form == .slack)
  #expect(try names("webhook: {url: \"https://hooks.slack.com/services/T/B/x\"}") == ["literal-secret"])
  #expect(
    try names("webhook: {url: \"http://example.com/x\", key: \"${env:KEY}\"}") == ["unencrypted-secret"])
  #expect(try names("webhook: {url: \"http://127.0.0.1:80/x\", key: \"${env:KEY}\"}") == [])
  #expect(try names("webhook: {url: example.com}") == ["bad-value"])
  #expect(
    try names("webhook: {url: \"https://example.com\"}, to: a@example.com, subject: x") == [
      "ambiguous-choice", "misplaced-key",
    ])
}

@Test func whatWatchesAPipelineIsChecked() throws {
  let pipeline = "Pipelines/p.yml"
  let good =
    "deliver: {dated: true, ping: \"https://x.example.com/${env:ID}\", metrics_file: /var/x/p.prom}\n"
  let loaded = try TemporaryProject.load([pipeline: good])
  #expect(loaded.findings == [])
  #expect(loaded.project?.pipelines.first?.isDated == true)
  #expect(
    try TemporaryProject.faults([pipeline: "deliver: {metrics_file: /var/x/p.txt, ping: nowhere}\n"]).map {
      String($0.split(separator: " ")[1])
    } == ["bad-path:", "bad-value:"])
}

@Test func aPipelineFollowsTheRulesItNames() throws {
  let rules =
    mail
    + "rules:\n  a: {report: customers, to: ada@example.com}\n  b: {report: customers, to: ada@example.com}\n"
  let loaded = try TemporaryProject.load([path: rules, "Pipelines/p.yml": "deliver: {rules: [b]}\n"])
  #expect(loaded.project?.pipelines.first?.rules == ["b"])
  #expect(
    try TemporaryProject.faults([path: rules, "Pipelines/p.yml": "deliver: {rules: [c]}\n"]) == [
      "1:19 unknown-rule: no rule is named `c`"
    ])
}
