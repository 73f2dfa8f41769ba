import Model

/// How many records an API says there are, where it is asked for that by itself.
enum StatedCount {
  /// nil where no count is declared, or pages say it.
  static func asked(_ template: RequestTemplate, _ client: ServiceClient) throws(StreamFault) -> Int? {
    switch template.request.count {
    case .headHeader(let header):
      var request = try template.page(.first, at: client.baseURL)
      request.method = .head
      request.body = nil
      let reply = try client.send(request)
      return try number(reply.reply.header(header.lowercased()), "header `\(header)`", reply)
    case .request(let path, let field):
      var question = StreamRequest(path: path)
      question.count = nil
      var asking = RequestTemplate(question)
      asking.values = template.values
      let reply = try client.send(try asking.page(.first, at: client.baseURL))
      let json = JSONText()
      do throws(JSONTextFault) {
        try json.load(reply.text)
      } catch {
        throw StreamFault(
          .pageNotUnderstood, reply.shownAs, "the count at \(reply.shownAs) is no JSON: \(error.reason)",
          byte: error.at)
      }
      let text = json.value(FieldSteps(field), in: JSONText.root).flatMap(json.scalar)
      return try number(text, "field `\(field.dotted)`", reply)
    case .field, .header, .jobField, nil: return nil
    }
  }

  private static func number(
    _ text: String?, _ place: String, _ reply: ServiceReply
  ) throws(StreamFault) -> Int {
    guard let number = text.flatMap({ Int($0) }), number >= 0 else {
      throw StreamFault(
        .pageNotUnderstood, reply.shownAs,
        "\(reply.shownAs) does not say in its \(place) how many records there are")
    }
    return number
  }
}
