import Foundation
import LoopbackServers
import Model
import Testing

@testable import Deliver

private let key = DeliveryKey(
  channel: .webhook, rule: "chat", report: "summary", period: "2024-02", recipient: "webhook")

private func brief(lead: String = "New customers moved MRR most.", title: String = "MRR") -> ReportBrief {
  ReportBrief(
    company: "Größe & <Söhne> *x*", title: "Summary \"A\"\n", monthName: "February 2024",
    month: Month(iso: "2024-02")!,
    currency: Currency("USD")!, isProvisional: true, lead: lead,
    figures: [
      .init(
        metric: "mrr", title: title, value: "USD 2.71 M", change: "▲ +4.0 % better on Jan 2024",
        number: "2710391"),
      .init(metric: "ndr_t12m", title: "NDR", value: "n/a", change: "n/a", number: nil),
    ], html: "", text: "")
}

private func object(_ form: Webhook.Form, _ brief: ReportBrief) throws -> [String: Any] {
  let text = webhookBody(brief, form: form, key: key)
  return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
}

@Suite(.serialized) struct WebhookTests {
  @Test func eachFormIsWhatItsReceiverReads() throws {
    let slack = try #require(try object(.slack, brief())["text"] as? String)
    #expect(slack.hasPrefix("*Größe &amp; &lt;Söhne&gt; ∗x∗: Summary"))
    #expect(slack.contains("MRR: *USD 2.71 M* (▲ +4.0 % better on Jan 2024)") && slack.contains("NDR: *n/a*"))
    let json = try object(.json, brief())
    #expect(json["month"] as? String == "2024-02" && json["provisional"] as? Bool == true)
    let figures = try #require(json["figures"] as? [[String: Any]])
    #expect(figures[0]["value"] as? String == "2710391" && figures[1]["value"] is NSNull)
    let teams = try object(.teams, brief())
    #expect(teams["type"] as? String == "message")
    let card = try #require(
      ((teams["attachments"] as? [[String: Any]])?.first)?["content"] as? [String: Any])
    let body = try #require(card["body"] as? [[String: Any]])
    #expect((body[2]["facts"] as? [[String: String]])?.map { $0["title"] } == ["MRR", "NDR"])
  }

  @Test func whatACustomerIsCalledCannotBreakOutOfAMessage() throws {
    let lead = "\u{0}\u{7F}\\\"},{\"text\":\"x\" <!channel> <@U1> [a](http://b) `c`\r\n\u{2028}"
    for form in Webhook.Form.allCases { _ = try object(form, brief(lead: lead)) }
    let slack = try #require(try object(.slack, brief(lead: lead))["text"] as? String)
    #expect(!slack.contains("<!") && !slack.contains("<@") && !slack.contains("`"))
    let teams = webhookBody(brief(lead: lead), form: .teams, key: key)
    #expect(!teams.contains("[a](http"))
  }

  @Test func thePostIsSignedAndNamesItsDelivery() throws {
    let server = try HookServer()
    let now = Moment(iso: "2024-03-01T02:15:00Z")!
    let body = webhookBody(brief(), form: .json, key: key)
    let end = postWebhook(
      body, to: Secret(server.url + "/hook?token=abc"), key: Secret("sesame"), messageID: "<1@x>", now: now)
    #expect(end == .sent("it answers 200: so be it"))
    let request = try #require(try server.requests().first)
    #expect(request.method == "POST" && request.path == "/hook?token=abc" && request.body == body)
    #expect(
      request.headers["x-perennial-delivery"] == "<1@x>" && request.headers["idempotency-key"] == "<1@x>")
    let signed = Digest.hmac(Array("\(now.seconds).\(body)".utf8), key: "sesame")
    #expect(request.headers["x-perennial-signature"] == "sha256=\(signed)")
    #expect(request.headers["x-perennial-timestamp"] == "\(now.seconds)")
  }

  @Test func anAnswerSettlesItAndSilenceIsADoubt() throws {
    let server = try HookServer([204, 404, 410, 429, 500, 503, 302, "drop"])
    func post(_ url: String) -> String {
      String(
        "\(postWebhook("{}", to: Secret(url), key: nil, messageID: "<1@x>", now: Moment(packed: 1)))".prefix {
          $0 != "("
        })
    }
    #expect(
      (0..<8).map { _ in post(server.url) } == [
        "sent", "refused", "refused", "later", "later", "later", "refused", "unknown",
      ])
    #expect(post("http://127.0.0.1:\(ServerProcess.freePort())/secret") == "later")
    #expect(post("ftp://127.0.0.1/") == "later")
  }
}
