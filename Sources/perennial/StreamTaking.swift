import Extract
import Model
import Normalize
import Warehouse

extension PipelineRun {
  /// Asks an API for what the warehouse does not have yet; for everything where that alone says what is so.
  func ask(
    _ source: SourceConfiguration, with finder: FileFinder, _ transaction: RunTransaction
  ) throws -> FoundFiles {
    let cursor = try transaction.streamCursor(of: source.name)
    var reason: String?
    if cursor != nil, source.stream?.stream.changes != nil {
      if !source.showsRecords {
        reason = "its rows do not show which record they are of"
      } else if try !transaction.meansTheSame(source) {
        reason = "another mapping or program than before"
      }
    }
    var found = finder.files(of: source, since: cursor, readsWhole: rollsUpAnew || reason != nil)
    guard let reason, found.streamRead != nil else { return found }
    if found.streamRead?.extent == .changes {
      // Only offline, where there is no choice.
      found.files = []
      found.streamRead = nil
      found.findings.append(
        Finding(
          .error, ExtractFinding.landedChangesGap.rawValue, at: source.place,
          "what was landed of source `\(source.name)` are changes, and everything is needed: \(reason)",
          consequence: "nothing of this source is read, and nothing is published",
          remedy: "run once without `--offline`"))
    }
    found.streamRead?.reason = reason
    return found
  }

  /// Fills in what follows from how a stream was read.
  func tell(
    _ read: inout SourceRead, _ stream: StreamRead, _ found: FoundFiles, _ transaction: RunTransaction
  ) throws {
    read.stream = stream
    // However many files it landed in, it is one state of the API.
    for index in read.files.indices { read.files[index].snapshot = read.dataThrough }
    guard stream.extent == .changes else { return }
    read.changes = ReadChanges(
      columns: read.source.recordColumns, held: try keys(of: read.source, found), deleted: found.deletedKeys)
    read.standing = try transaction.standingQuarantine(beside: read)
    let known = max(
      read.records + read.standing.count,
      try transaction.previousWholeRead(of: read.source.name)?.records ?? 0)
    let finding = quarantineFinding(
      bad: read.badRecords, of: known, rows: read.quarantined + read.standing, source: read.source)
    if let finding { read.findings.append(finding) }
  }

  /// Keys of the records that came, where some may have no row: those without an element in the list that rows are made of.
  private func keys(of source: SourceConfiguration, _ found: FoundFiles) throws -> [String] {
    guard source.format.each != nil, let key = source.stream?.stream.key else { return [] }
    var plain = source
    plain.format.each = nil
    plain.dataThrough = .asOf
    plain.entities = [
      .init(
        entity: .customer, rows: .periods, fields: ["id": FieldMapping(.column(key.dotted))],
        place: source.place)
    ]
    return try readSource(plain, found, asOf: asOf).parts.flatMap { part in
      let batch = try part.rows()
      return (0..<batch.count).compactMap { batch.text(batch[$0, 0]) }
    }
  }
}

extension SourceConfiguration {
  /// The source as a stream of it was read: everything, or what changed.
  func asRead(_ stream: StreamRead?) -> SourceConfiguration {
    guard let stream else { return self }
    var source = self
    source.extent = stream.extent == .whole ? .full : .delta
    return source
  }
}
