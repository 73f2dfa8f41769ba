import Model

/// One reading of a stream from its first page to its last.
final class StreamPass {
  private let stream: ConnectorStream
  private let client: ServiceClient
  private let sink: any RecordSink
  private let documents: DocumentSink?
  private let nested: NestedLists
  private let file: RecordFile

  /// What the main question came to, and all of them together.
  private(set) var main = PageReader.Result()
  private(set) var received = 0
  private(set) var withoutTime = 0
  /// Keys of the records that the question for changes cannot give.
  private(set) var timeless: Set<String> = []
  /// The lower bound that was asked with, in seconds since 1970.
  private(set) var since: Int64?
  /// Keys of the main question's records where the count that they came to had moved while it was read: a record that was deleted after it came may
  /// stand in for one that never did.
  private(set) var unsettled: Set<UInt64>?
  private var readPages = 0
  private var mayHavePassedOver = false
  private var notices = ReadingDigest()

  init(
    _ stream: ConnectorStream, _ format: FileFormat, _ client: ServiceClient, into file: RecordFile
  ) throws(StreamFault) {
    self.stream = stream
    self.client = client
    self.file = file
    let shape = try RecordShape(stream)
    nested = NestedLists(stream, client)
    if stream.all.format == .csv {
      sink = DelimitedSink(shape, format, into: file)
      documents = nil
    } else {
      let documents = DocumentSink(shape, into: file, nested)
      self.documents = documents
      sink = documents
    }
  }

  var pages: Int { readPages + nested.pages }
  var repeated: Set<UInt64> { sink.keys.repeated }

  /// What a second reading has to come to as well; nil where nothing can have been passed over.
  var digest: ReadingDigest? {
    guard mayHavePassedOver else { return nil }
    var digest = file.digest
    digest.add(notices)
    return digest
  }

  func readAll(pages limit: Int = .max) throws(StreamFault) {
    main = try ask(RequestTemplate(stream.all), into: sink, pages: limit)
    guard limit == .max else { return }
    if main.isCutOff { throw full(stream.all) }
    if let request = stream.changes?.withoutTime { try readWithoutTime(request) }
  }

  /// That list is read whole each time: what is not in it any more is seen by the next read.
  private func readWithoutTime(_ request: StreamRequest) throws(StreamFault) {
    let before = received
    sink.keys.collected = []
    let main = unsettled
    let result = try ask(RequestTemplate(request), into: sink)
    if unsettled != main { throw moved(result) }
    timeless = sink.keys.collected ?? []
    sink.keys.collected = nil
    if result.isCutOff { throw full(request) }
    withoutTime = received - before
  }

  /// What was in the list of records without a time and is in no answer now: it was deleted, or has a time that lies before what was asked for.
  private func settleGone(_ changes: StreamChanges, _ before: [String]) throws(StreamFault) {
    let gone = before.filter { !timeless.contains($0) && !sink.keys.contains(KeyDigest($0).first) }
    guard !gone.isEmpty else { return }
    guard let documents, let request = changes.gone ?? changes.notices?.request else {
      let said =
        gone.count == 1
        ? "a record that had no time of change is" : "\(gone.count) records that had no time of change are"
      throw StreamFault(forgotten: stream.name, "\(said) in no answer any more")
    }
    let asking = NoticedRecords(
      request: request, key: FieldSteps(stream.key), client: client, sink: documents)
    documents.beginQuestion(isFurther: false)
    let read = try asking.read(gone) { () throws(StreamFault) in try listedKeys() }
    received += gone.count
    readPages += gone.count
    // One that has no time still is to be watched still.
    if changes.notices == nil { timeless.formUnion(read.timeless) }
  }

  func readChanges(_ changes: StreamChanges, _ extent: StreamExtent) throws(StreamFault) {
    let format = try changes.instantFormat(stream.name)
    guard let start = extent.since(format) else { return try readAll() }
    since = start
    let notices = changes.notices.map { NoticeSink(changes, $0, format) }
    main = try ask(changes, from: start, format, into: notices ?? sink)
    if let notices, let noticed = noticedRecords, let documents {
      documents.beginQuestion(isFurther: false)
      self.notices = notices.digest
      _ = try noticed.read(notices.records) { () throws(StreamFault) in try listedKeys() }
      readPages += notices.records.count
      // Notices are no records.
      received = notices.records.count
    }
    if let request = changes.withoutTime {
      try readWithoutTime(request)
      try settleGone(changes, extent.cursor?.withoutTime ?? [])
    }
  }

  /// nil where no notices tell of changes.
  private var noticedRecords: NoticedRecords? {
    guard let documents, let request = stream.changes?.notices?.request else { return nil }
    return NoticedRecords(request: request, key: FieldSteps(stream.key), client: client, sink: documents)
  }

  /// The keys on the first page of the stream's own list.
  private func listedKeys() throws(StreamFault) -> [String] {
    let keys = KeySink(try RecordShape(stream))
    let before = (received, readPages)
    _ = try ask(RequestTemplate(stream.all), into: keys, pages: 1)
    (received, readPages) = before
    return keys.listed
  }

  /// Asks for the first record that was read as for one that a notice names.
  func proveNotices() throws(StreamFault) {
    guard let noticed = noticedRecords, let key = documents?.firstKey else { return }
    try noticed.prove(key)
  }

  /// Asks for changes, and anew from the last one on where the API gives no more to one question.
  private func ask(
    _ changes: StreamChanges, from start: Int64, _ format: InstantFormat, into sink: any RecordSink
  ) throws(StreamFault) -> PageReader.Result {
    var since = start
    var whole = PageReader.Result()
    while true {
      let template = RequestTemplate(changes.request, since: since, format, now: client.now / 1000)
      let isFurther = since != start
      let result = try ask(template, into: sink, behind: isFurther ? whole.latest : nil)
      if !isFurther { (whole.counted, whole.countedBefore) = (result.counted, result.countedBefore) }
      whole.withoutTime += result.withoutTime
      whole.received += result.received
      if let latest = result.latest { whole.latest = max(latest, whole.latest ?? latest) }
      guard result.isCutOff else { break }
      let next = (result.latest?.seconds ?? since) - (changes.bound == .exclusive ? format.unit : 0)
      guard next > since else {
        throw StreamFault(
          .windowReached, stream.name,
          "stream `\(stream.name)` has more records of one time than the API gives to one question, \(changes.request.window ?? 0)"
        )
      }
      since = next
    }
    try check(whole, sink)
    return whole
  }

  private func ask(
    _ template: RequestTemplate, into sink: any RecordSink, pages limit: Int = .max,
    behind boundary: Instant? = nil
  ) throws(StreamFault) -> PageReader.Result {
    var template = template
    var counted: Int?
    try client.authenticate()
    if let job = template.request.job {
      let ended = try ServiceJob(job, count: template.request.count, client).run(template)
      template.values["id"] = ended.id
      counted = ended.counted
    }
    counted = try StatedCount.asked(template, client) ?? counted
    var reader = PageReader(client, template, into: sink, counted: counted, behind: boundary)
    var result = try reader.read(pages: limit)
    if let said = counted, said != sink.distinct, limit == .max, !result.mayHavePassedOver,
      template.request.window == nil,
      let now = try StatedCount.asked(template, client), now != said
    {
      (result.counted, result.countedBefore) = (now, said)
    }
    readPages += result.pages
    received += result.received
    mayHavePassedOver = mayHavePassedOver || result.mayHavePassedOver
    if !result.isCutOff, boundary == nil, limit == .max { try check(result, sink) }
    return result
  }

  private func moved(_ result: PageReader.Result) -> StreamFault {
    StreamFault(
      .totalChanges, stream.name,
      "the API said that a list of stream `\(stream.name)` has \(result.countedBefore ?? 0) records and then that it has \(result.counted ?? 0)",
      isWorthRereading: true)
  }

  private func check(_ result: PageReader.Result, _ sink: any RecordSink) throws(StreamFault) {
    guard let counted = result.counted else { return }
    if let before = result.countedBefore {
      guard counted == sink.distinct else {
        throw StreamFault(
          .totalChanges, stream.name,
          "the API said that stream `\(stream.name)` has \(before) records and then that it has \(counted), and \(sink.distinct) different ones came",
          isWorthRereading: true)
      }
      unsettled = sink.keys.ofQuestion
    }
    guard counted != sink.distinct else { return }
    throw StreamFault(
      .countDiffers, stream.name,
      "\(sink.distinct) different records of stream `\(stream.name)` came, and the API says that there are \(counted)",
      isWorthRereading: true)
  }

  private func full(_ request: StreamRequest) -> StreamFault {
    StreamFault(
      .windowReached, stream.name,
      "\(request.window ?? 0) records of stream `\(stream.name)` came, which is what the API gives to one question: there may be more"
    )
  }
}
