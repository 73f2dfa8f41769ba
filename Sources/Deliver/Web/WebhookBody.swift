import Model

/// What a webhook is told of a report: for people in a chat, or for programs.
public func webhookBody(_ brief: ReportBrief, form: Webhook.Form, key: DeliveryKey) -> String {
  let heading =
    "\(brief.company): \(brief.title), \(brief.monthName)" + (brief.isProvisional ? " (provisional)" : "")
  switch form {
  case .slack:
    let lines = brief.figures.prefix(8).map { "\(slack($0.title)): *\(slack($0.value))*\(change($0, slack))" }
    return
      "{\"text\":\(JSONText.quoted("*\(slack(heading))*\n\(slack(brief.lead))\n\n" + lines.joined(separator: "\n")))}"
  case .teams:
    let facts = brief.figures.prefix(8).map {
      "{\"title\":\(JSONText.quoted($0.title)),\"value\":\(JSONText.quoted(teams("\($0.value)\(change($0) { $0 })")))}"
    }
    return """
      {"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":\
      {"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","type":"AdaptiveCard","version":"1.4","body":[\
      {"type":"TextBlock","size":"medium","weight":"bolder","wrap":true,"text":\(JSONText.quoted(teams(heading)))},\
      {"type":"TextBlock","wrap":true,"text":\(JSONText.quoted(teams(brief.lead)))},\
      {"type":"FactSet","facts":[\(facts.joined(separator: ","))]}]}}]}
      """
  case .json:
    let figures = brief.figures.map { figure in
      "{\"metric\":\(JSONText.quoted(figure.metric)),\"title\":\(JSONText.quoted(figure.title)),"
        + "\"value\":\(figure.number.map(JSONText.quoted) ?? "null"),\"text\":\(JSONText.quoted(figure.value)),"
        + "\"change\":\(JSONText.quoted(figure.change))}"
    }
    return "{\"company\":\(JSONText.quoted(brief.company)),\"report\":\(JSONText.quoted(key.report)),"
      + "\"title\":\(JSONText.quoted(brief.title)),\"month\":\"\(brief.month)\",\"currency\":\"\(brief.currency.code)\","
      + "\"provisional\":\(brief.isProvisional),\"lead\":\(JSONText.quoted(brief.lead)),"
      + "\"figures\":[\(figures.joined(separator: ","))]}"
  }
}

private func change(_ figure: ReportBrief.Figure, _ escaped: (String) -> String) -> String {
  figure.change == "n/a" ? "" : " (\(escaped(figure.change)))"
}

/// Slack reads `&`, `<` and `>`; marks for bold and code lose their meaning by a space of no width.
private func slack(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    .replacing("*", with: "\u{2217}").replacing("`", with: "'").replacing("~", with: "\u{223C}")
}

/// Teams reads some Markdown: links, emphasis, lists.
private func teams(_ text: String) -> String {
  var result = ""
  for character in text {
    if "\\`*_[]<>#~|".contains(character) { result.append("\\") }
    result.append(character)
  }
  return result
}

/// Posts a prepared body, signed where there is a key.
///
/// The signature is `sha256=` and the HMAC of the time, a full stop and the body, so that a receiver can refuse what is
/// repeated later by somebody else.
public func postWebhook(
  _ body: String, to url: Secret, key: Secret?, messageID: String, now: Moment
) -> DeliveryEnd {
  var headers = [
    ("Content-Type", "application/json; charset=utf-8"), ("X-Perennial-Delivery", messageID),
    ("Idempotency-Key", messageID), ("X-Perennial-Timestamp", String(now.seconds)), ("Expect", ""),
  ]
  if let key {
    let signature = Digest.hmac(Array("\(now.seconds).\(body)".utf8), key: key.text)
    headers.append(("X-Perennial-Signature", "sha256=\(signature)"))
  }
  return WebRequest(url: url, headers: headers.map { (name: $0.0, value: $0.1) }, body: body, total: 30_000)
    .perform()
}
