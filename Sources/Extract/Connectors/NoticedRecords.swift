import Model

/// Asks for the records that notices name, by their ids, several at once.
struct NoticedRecords {
  let request: StreamRequest
  let key: FieldSteps
  let client: ServiceClient
  let sink: DocumentSink

  private static let atOnce = 64
  /// So many records that are all gone are rather a wrong path.
  private static let suspicious = 20

  func read(_ ids: [String]) throws(StreamFault) {
    var gone = 0
    for start in stride(from: 0, to: ids.count, by: Self.atOnce) {
      let batch = ids[start..<min(start + Self.atOnce, ids.count)]
      var requests: [ServiceRequest] = []
      for id in batch {
        var template = RequestTemplate(request)
        template.values["id"] = id
        var question = try template.page(.first, at: client.baseURL)
        question.answers = [404, 410]
        requests.append(question)
      }
      for (id, reply) in zip(batch, try client.send(requests)) {
        if reply.reply.status == 200 {
          try take(reply, id)
        } else {
          try refusePage(reply)
          gone += 1
          try sink.add(deleted: id)
        }
      }
    }
    guard gone < Self.suspicious || gone < ids.count else {
      throw StreamFault(
        .noticedRecordsGone, client.masked(client.baseURL + request.path),
        "of \(ids.count) records that notices name, the API at \(client.masked(client.baseURL + request.path)) knows none"
      )
    }
  }

  /// A page of a proxy's that says 404 knows nothing of the record.
  private func refusePage(_ reply: ServiceReply) throws(StreamFault) {
    let type = (reply.reply.header("content-type") ?? "").lowercased()
    guard type.hasPrefix("text/html") else { return }
    throw StreamFault(
      .sourceNotAnExport, reply.shownAs,
      "\(reply.shownAs) cannot be fetched: an HTML page came with status \(reply.reply.status), where the API would answer in JSON"
    )
  }

  private func take(_ reply: ServiceReply, _ id: String) throws(StreamFault) {
    let json = JSONText()
    var page = ServicePage(
      number: 1, shownAs: reply.shownAs, reply: reply.reply, content: .json(json, records: []))
    do throws(JSONTextFault) {
      try json.load(reply.text)
    } catch {
      throw page.fault(.pageNotUnderstood, "is no JSON: \(error.reason)", byte: error.at)
    }
    var record = JSONText.root
    if let path = request.records {
      guard let value = json.value(FieldSteps(path), in: JSONText.root) else {
        throw page.fault(.pageNotUnderstood, "has no `\(path.dotted)`, where the record should be")
      }
      record = value
    }
    // A list of the one record that was asked for is that record.
    if json.isArray(record) {
      let elements = json.elements(record)
      guard elements.count == 1 else {
        throw page.fault(.pageNotUnderstood, "has \(elements.count) records where one was asked for")
      }
      record = elements[0]
    }
    page.content = .json(json, records: [record])
    let tally = try sink.take(page)
    guard tally.lastKey?.text == id else {
      throw page.fault(.pageNotUnderstood, "has another record than the one that was asked for")
    }
  }
}
