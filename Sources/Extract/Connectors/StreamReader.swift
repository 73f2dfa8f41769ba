import Glibc
import Model

/// Reads one stream of an API, whole or from its cursor on, into one file of the landing folder.
struct StreamReader {
  struct Outcome {
    var read: StreamRead
    var file: RecordFile.Finished
    var findings: [Finding] = []
    /// What the reading before has to have come to, too; nil where this one alone shows that nothing is missing.
    var digest: ReadingDigest?
    /// Keys that a reading after this one has to have, too; nil where the count stood still.
    var unsettled: Set<UInt64>?

    /// Of what came or changed since an earlier reading nothing is sure: it is asked for again.
    mutating func hold(asOf earlier: StreamCursor) {
      read.cursor.reached = read.cursor.reached.map { Moment(instant: min($0.seconds, earlier.read.seconds)) }
      if read.cursor.readWhole == read.cursor.read { read.cursor.readWhole = earlier.read }
      read.cursor.read = earlier.read
    }
  }

  let source: SourceConfiguration
  let reference: SourceConfiguration.StreamReference
  let client: ServiceClient
  let landing: Landing

  private var stream: ConnectorStream { reference.stream }
  /// How often everything is read at the most where the service changes meanwhile.
  private static let readings = 4

  func read(since cursor: StreamCursor?, readsWhole: Bool) throws(StreamFault) -> Outcome {
    let extent = StreamExtent(reference, since: cursor, readsWhole: readsWhole)
    var reason = extent.reasonForAll
    var readings = 0
    var before: Outcome?
    while true {
      do throws(StreamFault) {
        var outcome = try readOnce(extent, reason)
        let agrees = outcome.digest == nil || outcome.digest == before?.digest
        if agrees, outcome.unsettled == nil { return outcome }
        if agrees, let before, let earlier = before.unsettled, outcome.unsettled.map(earlier.isSubset) == true
        {
          outcome.hold(asOf: before.read.cursor)
          return outcome
        }
        unlink(outcome.file.path)
        readings += 1
        guard readings < Self.readings else { throw unproven(before, outcome) }
        before = outcome
      } catch {
        if error.isForgotten, reason == nil {
          reason = error.problem
        } else if error.isWorthRereading, readings < Self.readings - 1 {
          readings += 1
        } else {
          throw error
        }
        before = nil
      }
    }
  }

  private func unproven(_ before: Outcome?, _ last: Outcome) -> StreamFault {
    guard let digest = last.digest else {
      return StreamFault(
        .totalChanges, stream.name,
        "stream `\(stream.name)` was read \(Self.readings) times, and each time the count that the API says moved and records that had come were deleted"
      )
    }
    let records = before?.digest.map {
      $0.records == digest.records ? "\(digest.records)" : "\($0.records) and \(digest.records)"
    }
    return StreamFault(
      .readingsDiffer, stream.name,
      "stream `\(stream.name)` was read \(Self.readings) times, and no two readings in a row had the same records"
        + (records.map { ": the last two had \($0)" } ?? ""))
  }

  private func readOnce(_ extent: StreamExtent, _ reason: String?) throws(StreamFault) -> Outcome {
    client.beginReading { (date) throws(StreamFault) in
      guard reason == nil, let age = extent.age(now: date) else { return }
      throw StreamFault(forgotten: stream.name, age)
    }
    let file = try RecordFile(landing)
    do throws(StreamFault) {
      let pass = try StreamPass(stream, source.format, client, into: file)
      if reason == nil, let changes = stream.changes {
        try pass.readChanges(changes, extent)
      } else {
        try pass.readAll()
      }
      return try outcome(pass, file, extent, reason)
    } catch {
      file.remove()
      throw error
    }
  }

  private func outcome(
    _ pass: StreamPass, _ file: RecordFile, _ extent: StreamExtent, _ reason: String?
  ) throws(StreamFault) -> Outcome {
    let finished = try file.finish(repeated: pass.repeated)
    let date = client.date ?? client.now / 1000
    let isWhole = reason != nil
    let main = pass.main
    let read = StreamRead(
      source: source.name, connector: reference.connector.name, stream: stream.name,
      extent: isWhole ? .whole : .changes, reason: reason ?? "",
      since: pass.since.map { Moment(instant: $0) },
      pages: pass.pages, received: pass.received, records: finished.records + finished.deletedKeys.count,
      deleted: finished.deletedKeys.count, withoutTime: pass.withoutTime, counted: main.counted,
      proof: main.counted == nil ? .ended : .counted,
      cursor: extent.next(
        source.name, wasWhole: isWhole, latest: main.latest, date: date, timeless: pass.timeless))
    var findings = client.findings
    if let changes = stream.changes, changes.withoutTime == nil, changes.notices == nil,
      changes.fullEvery == nil, main.withoutTime > 0
    {
      findings.append(
        Finding(
          .warning, .noChangeTime, at: Place(file: stream.name),
          "\(main.withoutTime) of \(main.received) records of stream `\(stream.name)` have nothing in `\(changes.field.dotted)`",
          consequence: "what changes in them is seen only when everything is read"))
    }
    return Outcome(
      read: read, file: finished, findings: findings, digest: pass.digest, unsettled: pass.unsettled)
  }
}
