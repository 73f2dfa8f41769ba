import Model

/// Finds out from a page how the next one is asked for, or that there is none.
struct PageCursor {
  let request: StreamRequest
  let page: ServicePage
  /// The whole URL the page was asked with.
  let url: String

  private static let hasMore = FieldSteps(FieldPath(names: ["has_more"]))

  private var json: JSONText? { if case .json(let json, _) = page.content { json } else { nil } }

  /// nil at the end. What is not said is never taken for it.
  ///
  /// - Parameters:
  ///   - received: Records so far.
  ///   - isCounted: Whether as many came as the API says there are.
  func next(
    _ tally: PageTally, received: Int, isCounted: Bool
  ) throws(StreamFault) -> RequestTemplate.Page? {
    let more = try saysMore()
    if more == false { return nil }
    let next = try nextPage(tally, received: received, isCounted: isCounted)
    if next == nil, more == true {
      throw page.fault(.pageNotUnderstood, "says that there are more records, and not how to get them")
    }
    return next
  }

  private func nextPage(
    _ tally: PageTally, received: Int, isCounted: Bool
  ) throws(StreamFault) -> RequestTemplate.Page? {
    switch request.page {
    case .single:
      if request.more == nil, let json, let more = json.value(Self.hasMore, in: JSONText.root),
        !json.isString(more), json.scalar(more) == "true"
      {
        var fault = page.fault(
          .pageNotUnderstood, "says `has_more: true`, and the connector says no `page`",
          byte: json.offset(more))
        fault.remedy = "say in `page` of the stream how the API gives the next page"
        throw fault
      }
      return nil
    case .lastID: return tally.lastKey.map { .value($0.text, json: $0.json) }
    case .token(let field, _):
      guard let (text, raw) = try scalar(field) else { return nil }
      return .value(text, json: raw)
    case .headerToken(let header, _):
      guard let value = page.reply.header(header.lowercased()), !value.isEmpty, value != "null" else {
        return nil
      }
      return .value(value, json: "\"\(RequestTemplate.escaped(value))\"")
    case .nextURL(let field):
      guard let (text, _) = try scalar(field) else { return nil }
      return try target(text)
    case .link:
      return try link.map { (link) throws(StreamFault) in try target(link) }
    case .number(_, let first):
      // A page that is not full may be so because the API caps pages: only an empty one ends the list.
      let more = try saysMore()
      guard tally.received > 0 || more == true, !isCounted else { return nil }
      let number = String(first + page.number)
      return .value(number, json: number)
    case .offset:
      guard tally.received > 0, !isCounted else { return nil }
      return .value(String(received), json: String(received))
    }
  }

  /// Whether a word on the next page says where it stands in the list: how many records lie before it, or the how manieth page it is.
  func isPosition(_ next: RequestTemplate.Page, received: Int) -> Bool {
    let positions: Set<Int> = [received, page.number, page.number + 1]
    func showsOne(_ text: some StringProtocol) -> Bool { !ShownNumbers.of(text).isDisjoint(with: positions) }
    switch (next, request.page) {
    case (.first, _), (_, .single), (_, .lastID): return false
    case (.value(let text, _), _): return showsOne(text)
    case (.url(let next), _):
      let asked = Set(WebTarget.query(of: url) + WebTarget.folders(of: url))
      return WebTarget.folders(of: next).contains { !asked.contains($0) && showsOne($0) }
        || WebTarget.query(of: next).contains { parameter in
          !asked.contains(parameter) && showsOne(parameter.drop { $0 != "=" }.dropFirst())
        }
    }
  }

  private var link: String? {
    page.reply.headers.filter { $0.name == "link" }.compactMap { WebTarget.next(inLink: $0.value) }.first
  }

  /// The field or header that would say how to get the next page, where the page does not have it at all, not even as null.
  var missingWord: String? {
    switch request.page {
    case .token(let field, _), .nextURL(let field):
      json?.value(FieldSteps(field), in: JSONText.root) == nil ? field.dotted : nil
    case .headerToken(let header, _):
      page.reply.header(header.lowercased()) == nil ? header : nil
    case .link: link == nil ? "Link" : nil
    case .single, .lastID, .number, .offset: nil
    }
  }

  private func target(_ text: String) throws(StreamFault) -> RequestTemplate.Page {
    guard let url = WebTarget.resolved(text, from: url) else {
      throw page.fault(.pageNotUnderstood, "names as the next page what is no URL")
    }
    return .url(url)
  }

  /// nil where the API says nothing of it because nothing is declared.
  private func saysMore() throws(StreamFault) -> Bool? {
    guard let field = request.more else { return nil }
    guard let json, let value = json.value(FieldSteps(field), in: JSONText.root),
      let text = json.isString(value) ? nil : json.scalar(value), let more = Bool(text)
    else {
      throw page.fault(.pageNotUnderstood, "does not say in `\(field.dotted)` whether there are more records")
    }
    return more
  }

  /// A field of the page; nil where it is not there, null or empty.
  private func scalar(_ field: FieldPath) throws(StreamFault) -> (text: String, raw: String)? {
    guard let json, let value = json.value(FieldSteps(field), in: JSONText.root), !json.isNull(value) else {
      return nil
    }
    guard let text = json.scalar(value), text != "true" else {
      throw page.fault(
        .pageNotUnderstood, "has in `\(field.dotted)` no word on the next page", byte: json.offset(value))
    }
    if text.isEmpty || !json.isString(value) && text == "false" { return nil }
    return (text, String(decoding: json.bytes[json.range(value)], as: UTF8.self))
  }
}
