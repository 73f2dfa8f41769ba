import GRDB
import Model

/// The book a run rolled up, with what is kept of it for the next one.
struct LastBook {
  /// The customers, for the view `customer`.
  var accounts: [Book.Customer]
  /// The customers they take the place of; nil when these are all.
  var replaced: [Book.Customer]?
  var tally: BookTally
  var terms: String
}

extension RunTransaction {
  /// The facts as known now, ready to be rolled up; with findings on what cannot be counted, for the caller to
  /// ``record(_:)-([Finding])`` and show.
  ///
  /// Joins linked customers first, and writes down which identity they share.
  public func book(_ request: BookRequest) throws -> (book: Book, findings: [Finding]) {
    try build?.writeIdentities(registry, database)
    let sources = try configured(request)
    let reader = try BookReader(sources, request, database)
    try reader.links.save(database)
    let reading = try reader.read(streamed: build?.streamed ?? [:], room: (folder, lineShareSize))
    build?.streamed = [:]
    lastBook = LastBook(
      accounts: reading.book.customers, tally: reading.tally, terms: terms(request, sources))
    return (reading.book, try findings(reading.tally, reading.findings, sources, request))
  }

  func configured(_ request: BookRequest) throws -> ConfiguredSources {
    try ConfiguredSources(
      request,
      dataThrough: { name in
        try log.dataThrough(of: name) ?? lastPublishedRead(of: name, database)?.dataThrough
      }, database)
  }

  /// All that a book depends on beside the rows of the warehouse, as text.
  func terms(_ request: BookRequest, _ sources: ConfiguredSources) -> String {
    let billing = request.billing.map(\.rawValue).sorted().joined(separator: ",")
    return "\(program)\n\(request.zone.name)\n\(billing)\n\(sources.terms)"
  }

  /// On the whole book, of which `others` are those that were read whole.
  func findings(
    _ tally: BookTally, _ others: [Finding], _ sources: ConfiguredSources, _ request: BookRequest
  ) throws -> [Finding] {
    let uncounted = UncountedCharges(rows: tally.uncounted)
    let circular = request.joinsParents ? tally.circularParents : [:]
    return abandoned(sources) + others + (try uncounted.findings(of: Int(tally.charges), database))
      + (try NaturalIDs(database).unknownParents(tally.undescribed.mapValues { Set($0.keys) }, sources))
      + (try NaturalIDs(database).circularParents(circular))
      + (try tally.sharedNumbers.findings(database)) + (try tally.voided.findings(database))
  }

  private func abandoned(_ sources: ConfiguredSources) -> [Finding] {
    sources.abandoned.map { name in
      Finding(
        .note, "source-not-configured",
        "the warehouse has facts of the source \(name), which is not configured",
        consequence: "they are kept, and count nowhere",
        remedy: "if it was renamed, give the new source the same `system`")
    }
  }
}
