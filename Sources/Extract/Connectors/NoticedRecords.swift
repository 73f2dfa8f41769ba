import Model

/// Asks for the records that notices name, by their ids, several at once.
struct NoticedRecords {
  let request: StreamRequest
  let key: FieldSteps
  let client: ServiceClient
  let sink: DocumentSink

  private static let atOnce = 64

  /// What asking came to.
  struct Result {
    /// Keys of records that have no time of change.
    var timeless: Set<String> = []
  }

  /// - Parameter listed: Keys of records that the stream's own list has now; is asked where no named record is there.
  func read(_ ids: [String], listed: () throws(StreamFault) -> [String]) throws(StreamFault) -> Result {
    var result = Result()
    var gone: Set<String> = []
    for start in stride(from: 0, to: ids.count, by: Self.atOnce) {
      let batch = ids[start..<min(start + Self.atOnce, ids.count)]
      var requests: [ServiceRequest] = []
      for id in batch { requests.append(try question(id)) }
      for (id, reply) in zip(batch, try client.send(requests)) {
        if reply.reply.status == 200 {
          if try sink.take(try page(reply, id)).withoutTime > 0 { result.timeless.insert(id) }
        } else {
          try refusePage(reply)
          gone.insert(id)
          try sink.add(deleted: id)
        }
      }
    }
    guard !gone.isEmpty, gone.count == ids.count else { return result }
    // A wrong path knows none either: it has to know a record that is there.
    let listed = try listed()
    guard let proof = listed.first(where: { !gone.contains($0) }) ?? listed.first else { return result }
    let count =
      ids.count == 1 ? "the record that notices name" : "any of the \(ids.count) records that notices name"
    try prove(proof, "does not know \(count), nor")
    return result
  }

  /// Asks for a record that is there: a path that does not know it is wrong.
  ///
  /// - Parameter unknown: What to say of the path in front of the record.
  func prove(_ id: String, _ unknown: String = "does not know") throws(StreamFault) {
    let reply = try client.send(try question(id))
    if reply.reply.status == 200 {
      _ = try page(reply, id)
      return
    }
    try refusePage(reply)
    let path = client.masked(client.baseURL + request.path)
    throw StreamFault(
      .noticedRecordsGone, path, "the API at \(path) \(unknown) the record `\(id)`, which its list has now")
  }

  private func question(_ id: String) throws(StreamFault) -> ServiceRequest {
    var template = RequestTemplate(request)
    template.values["id"] = id
    var question = try template.page(.first, at: client.baseURL)
    question.answers = [404, 410]
    return question
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

  /// The one record that was asked for.
  private func page(_ reply: ServiceReply, _ id: String) throws(StreamFault) -> ServicePage {
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
    guard json.isObject(record), let found = json.value(key, in: record).flatMap(json.scalar) else {
      throw page.fault(.recordWithoutKey, "has a record without `\(key.text)`", byte: json.offset(record))
    }
    guard found == id else {
      throw page.fault(.pageNotUnderstood, "has another record than the one that was asked for")
    }
    return page
  }
}
