import Model

/// A query an API carries out by itself: made, then asked for until it has ended.
struct ServiceJob {
  /// What its last state said.
  struct Ended {
    var id: String
    var counted: Int?
  }

  let job: StreamRequest.Job
  let count: StreamRequest.Count?
  let client: ServiceClient
  private let json = JSONText()

  init(_ job: StreamRequest.Job, count: StreamRequest.Count?, _ client: ServiceClient) {
    self.job = job
    self.count = count
    self.client = client
  }

  /// - Parameter template: Of the results' pages; its values go into the job, too.
  func run(_ template: RequestTemplate) throws(StreamFault) -> Ended {
    var request = ServiceRequest(client.baseURL + job.path)
    request.method = .post
    request.body = Array(template.document(job.body).utf8)
    request.answers = [201, 202]
    let began = client.now
    let made = try client.send(request)
    try load(made, Array(made.text))
    let id = try text(job.id, made)
    while true {
      var question = ServiceRequest(client.baseURL + job.path + "/" + percentEncoded(id))
      question.answers = [202]
      let reply = try client.send(question)
      try load(reply, reply.text)
      let state = try text(job.state, reply)
      if job.done.contains(state) { return Ended(id: id, counted: try counted(reply)) }
      if job.failed.contains(state) {
        let message = job.message.flatMap { json.value(FieldSteps($0), in: JSONText.root) }.flatMap(
          json.scalar)
        let said = message.map { ": " + client.masked(serverText($0)) } ?? ""
        throw StreamFault(.jobFailed, reply.shownAs, "the job \(reply.shownAs) ended as `\(state)`\(said)")
      }
      let wait = max(1, job.interval, ServerDelay.milliseconds(reply.reply, now: client.now) ?? 0)
      guard client.now - began + wait <= job.within else {
        throw StreamFault(
          .jobFailed, reply.shownAs,
          "the job \(reply.shownAs) is still `\(state)` after \(seconds(client.now - began)), and may take \(seconds(job.within))"
        )
      }
      client.wait(wait)
    }
  }

  private func load(_ reply: ServiceReply, _ text: [UInt8]) throws(StreamFault) {
    do throws(JSONTextFault) {
      try json.load(text)
    } catch {
      throw StreamFault(
        .pageNotUnderstood, reply.shownAs,
        "what \(reply.shownAs) says of the job is no JSON: \(error.reason)",
        byte: error.at)
    }
  }

  private func text(_ field: FieldPath, _ reply: ServiceReply) throws(StreamFault) -> String {
    guard let text = json.value(FieldSteps(field), in: JSONText.root).flatMap(json.scalar), !text.isEmpty
    else {
      throw StreamFault(
        .pageNotUnderstood, reply.shownAs, "what \(reply.shownAs) says of the job has no `\(field.dotted)`")
    }
    return text
  }

  private func counted(_ reply: ServiceReply) throws(StreamFault) -> Int? {
    guard case .jobField(let field) = count else { return nil }
    let text = try text(field, reply)
    guard let number = Int(text) else {
      throw StreamFault(
        .pageNotUnderstood, reply.shownAs,
        "what \(reply.shownAs) says of the job has no number in `\(field.dotted)`")
    }
    return number
  }
}
