import Glibc
import Model

/// Reads one question's pages to the end, and makes sure that it was the end.
struct PageReader {
  /// What reading came to.
  struct Result {
    var pages = 0
    var received = 0
    var withoutTime = 0
    /// What the API says how many there are.
    var counted: Int?
    /// What it said before, where that changed while pages were read.
    var countedBefore: Int?
    var latest: Instant?
    /// Whether as many came as the API gives to one question.
    var isCutOff = false
    /// Of the last page that was read: whether there is another.
    var hasNext = false
    /// Whether pages were asked for by where they stand in the list: a row that went then moved others past the reader.
    var mayHavePassedOver = false
  }

  let client: ServiceClient
  let template: RequestTemplate
  let sink: any RecordSink
  private(set) var result: Result
  private var asked: Set<UInt64> = []
  private var contents: Set<UInt64> = []
  private var emptyPages = 0
  private var isAscending = true
  /// Whether pages are asked for by where they stand in the list, however that is said.
  private var isPositional: Bool
  /// Up to which time of change records may have come already; nil where the question is asked for the first time.
  private let boundary: Instant?
  private let json = JSONText()

  private static let errors = FieldSteps(FieldPath(names: ["errors"]))

  private var request: StreamRequest { template.request }

  /// - Parameters:
  ///   - counted: What was found out beforehand of how many there are.
  ///   - boundary: The latest time of change that came, where the question is asked anew from there on.
  init(
    _ client: ServiceClient, _ template: RequestTemplate, into sink: any RecordSink, counted: Int?,
    behind boundary: Instant? = nil
  ) {
    self.boundary = boundary
    self.client = client
    self.template = template
    self.sink = sink
    isPositional = template.request.page.shifts
    result = Result(counted: counted)
  }

  mutating func read(pages limit: Int = .max) throws(StreamFault) -> Result {
    sink.beginQuestion(isFurther: boundary != nil)
    var next: RequestTemplate.Page? = .first
    while let asking = next, result.pages < limit {
      let question = try template.page(asking, at: client.baseURL)
      guard asked.insert(question.digest).inserted else {
        throw StreamFault(
          .cursorLoops, client.masked(question.url),
          "page \(result.pages) of the API says that \(client.masked(question.url)) is the next one, which was read already"
        )
      }
      let page = try page(try client.send(question))
      try takeCount(page)
      let tally = try sink.take(page)
      try take(tally, page)
      if let window = request.window, result.received >= window {
        result.isCutOff = true
        guard isAscending || limit != .max else {
          throw page.fault(
            .windowReached,
            "ends what the API gives to one question, \(window) records, and they are not sorted by their time of change"
          )
        }
        return result
      }
      let cursor = PageCursor(request: request, page: page, url: question.url)
      next = try cursor.next(tally, received: result.received, isCounted: result.counted == sink.distinct)
      result.hasNext = next != nil
      // What a job made stands still.
      if let next, request.job == nil, cursor.isPosition(next, received: result.received) {
        isPositional = true
      }
      if next == nil { try proveEnd(cursor, tally) }
    }
    return result
  }

  /// A first page that is full and has no word on the next one may be the last, or the word is sought in the wrong place: a page of
  /// one record tells, behind which there are others.
  private func proveEnd(_ cursor: PageCursor, _ tally: PageTally) throws(StreamFault) {
    guard result.pages == 1, request.more == nil, request.count == nil, let size = request.size,
      size.count > 1, tally.received >= size.count, let word = cursor.missingWord
    else { return }
    guard let (page, url) = try smallerPage(than: min(tally.received, size.count), by: size.name) else {
      return
    }
    if case .json(_, let records) = page.content, records.isEmpty { return }
    guard PageCursor(request: request, page: page, url: url).missingWord != nil else { return }
    var fault = cursor.page.fault(
      .pageNotUnderstood,
      "does not say how to get the next page: `\(word)` is in no page, and \(tally.received) records came where \(size.count) were asked for"
    )
    fault.remedy =
      "correct `page` of the stream; if the API gives everything at once, say neither `page` nor `size`"
    throw fault
  }

  /// A first page of fewer records than there are; nil where the API takes no such size, which then tells nothing.
  private func smallerPage(
    than count: Int, by name: String
  ) throws(StreamFault) -> (page: ServicePage, url: String)? {
    var smaller = template
    var tried: Set<Int> = []
    for size in [1, count / 2, count - 1] where size > 0 && tried.insert(size).inserted {
      smaller.request.size = (name, size)
      var question = try smaller.page(.first, at: client.baseURL)
      question.answers = [400, 404, 406, 409, 413, 416, 422]
      let reply = try client.send(question)
      defer { if let path = reply.path { unlink(path) } }
      if reply.reply.status == 200 { return (try page(reply), question.url) }
    }
    return nil
  }

  private func page(_ reply: ServiceReply) throws(StreamFault) -> ServicePage {
    var page = ServicePage(
      number: result.pages + 1, shownAs: reply.shownAs, reply: reply.reply, content: .json(json, records: []))
    if let path = reply.path {
      // JSON has an end of its own; lines have none.
      guard reply.reply.isProvenWhole || client.acceptsUnknownLength else {
        throw page.fault(
          .lengthNotSaid, "may be cut off: the server says neither how long it is nor where it ends")
      }
      page.content = .delimited(path: path)
      return page
    }
    do throws(JSONTextFault) {
      try json.load(reply.text)
    } catch {
      throw page.fault(.pageNotUnderstood, "is no JSON: \(error.reason)", byte: error.at, in: json)
    }
    if let errors = json.value(Self.errors, in: JSONText.root), json.isArray(errors), !json.isEmpty(errors) {
      // GraphQL answers 200 with what it has, and says beside it what is missing.
      throw page.fault(.pageNotUnderstood, "says `errors`", byte: json.offset(errors), in: json)
    }
    guard let path = request.records else {
      guard json.isArray(JSONText.root) else {
        throw page.fault(.pageNotUnderstood, "is no array of records", byte: 0, in: json)
      }
      page.content = .json(json, records: json.elements(JSONText.root))
      return page
    }
    guard let value = json.value(FieldSteps(path), in: JSONText.root) else {
      throw page.fault(
        .pageNotUnderstood, "has no `\(path.dotted)`, where its records should be", byte: 0, in: json)
    }
    guard json.isArray(value) else {
      throw page.fault(
        .pageNotUnderstood, "has in `\(path.dotted)` no array of records", byte: json.offset(value), in: json)
    }
    page.content = .json(json, records: json.elements(value))
    return page
  }

  private mutating func takeCount(_ page: ServicePage) throws(StreamFault) {
    let (text, name): (String?, String)
    switch request.count {
    case .field(let path):
      name = path.dotted
      text = json.value(FieldSteps(path), in: JSONText.root).flatMap(json.scalar)
    case .header(let header):
      name = header
      text = page.reply.header(header.lowercased())
    case .headHeader, .jobField, .request, nil: return
    }
    guard let count = text.flatMap({ Int($0) }) else {
      throw page.fault(.pageNotUnderstood, "does not say in `\(name)` how many records there are")
    }
    if let counted = result.counted, counted != count {
      // By cursor nothing is passed over; whether all came is seen at the end.
      if !isPositional, request.window == nil {
        result.countedBefore = result.countedBefore ?? counted
        result.counted = count
        return
      }
      throw page.fault(
        .totalChanges, "says that there are \(count) records, and a page before said \(counted)",
        isWorthRereading: true)
    }
    result.counted = count
  }

  private mutating func take(_ tally: PageTally, _ page: ServicePage) throws(StreamFault) {
    if let first = tally.firstChange, let latest = result.latest, first < latest { isAscending = false }
    isAscending = isAscending && tally.isAscending
    if let latest = tally.latest { result.latest = max(latest, result.latest ?? latest) }
    result.pages += 1
    result.mayHavePassedOver = isPositional && result.pages > 1
    result.received += tally.received
    result.withoutTime += tally.withoutTime
    emptyPages = tally.received == 0 ? emptyPages + 1 : 0
    if tally.received > 0, !contents.insert(tally.digest).inserted {
      throw page.fault(
        .pageRepeats, "has the records of a page before, and was asked for as another one",
        isWorthRereading: isPositional)
    }
    let hasMoved = boundary.map { boundary in tally.latestReturned.map { $0 > boundary } ?? false } ?? false
    if isPositional, tally.repeated > 0 || hasMoved {
      throw page.fault(
        .rowsShift, "has records that came before: rows move from page to page while they are read",
        isWorthRereading: true)
    }
    guard emptyPages < 1000, result.received <= 1000 + 10 * max(sink.distinct, result.counted ?? 0) else {
      throw page.fault(
        .pagesWithoutEnd,
        "is the \(result.pages)th, and the API goes on: \(result.received) records came, \(sink.distinct) different ones"
      )
    }
  }
}
