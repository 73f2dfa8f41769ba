import Model

/// Reads once more, from a file that has been read, the records that begin on some lines; findings say when they are not
/// there any more.
public typealias RawRecordReader = (_ file: SourceFile, _ lines: Set<Int32>) -> (
  records: [Int32: RawRecord], findings: [Finding]
)

extension DuplicateSettlement {
  /// The raw texts are read again: keeping those of all records for the few that turn out bad would cost a file's
  /// size in memory.
  mutating func quarantineLateRecords(_ reread: RawRecordReader) {
    var records: [Int: [Int32: RawRecord]] = [:]
    for (file, causes) in Dictionary(grouping: causes, by: \.position.file).sorted(by: { $0.key < $1.key }) {
      let lines = Set(causes.map { parts[file][0].lines[$0.position.row] })
      let found = reread(members[file].file, lines)
      records[file] = found.records
      findings += found.findings
    }
    for cause in causes {
      let (file, row) = (cause.position.file, cause.position.row)
      let mapper = members[file].mapper
      let writer = QuarantineWriter(mapper: mapper, dataThrough: nil)
      let line = parts[file][0].lines[row]
      let record = records[file]?[line]
      let raw = writer.raw((record?.text ?? "").utf8)
      let id = mapper.entities[cause.entity].readers.first { $0.target == 0 }
      let place = writer.latePlace(ofField: id?.firstField ?? 0, in: raw, Int(line), byte: record?.byte)
      pending[file].append(
        contentsOf: writer.rows(
          at: place, NormalizeFinding.duplicateId.rawValue, cause.reason, raw: raw.text,
          atFault: cause.entity,
          keys: parts[file].map { $0.key(ofRow: row) }))
    }
  }

  /// Takes out what quarantine says of entities that were not at fault and have a good row elsewhere: their
  /// state is known. One row of each record stays.
  mutating func forgetInnocents(_ scopes: [Scope]) {
    var tables: [[KeyTable?]] = parts.map { $0.map { _ in nil } }
    for scope in scopes {
      for file in scope.files { tables[file][scope.entity] = scope.table }
    }
    func isKnownElsewhere(_ entry: PendingQuarantine, _ file: Int) -> Bool {
      guard !entry.isAtFault, let key = entry.row.key,
        let entity = source.entities.firstIndex(where: { $0.entity == entry.row.entity }),
        let table = tables[file][entity]
      else { return false }
      return table.rows(withKey: key).contains(where: isGood)
    }
    for file in pending.indices {
      var kept: [PendingQuarantine] = []
      var record: [PendingQuarantine] = []
      func closeRecord() {
        let told = record.filter { !isKnownElsewhere($0, file) }
        kept += told.isEmpty ? Array(record.prefix(1)) : told
        record = []
      }
      for entry in pending[file] {
        if entry.isFirst { closeRecord() }
        record.append(entry)
      }
      closeRecord()
      pending[file] = kept
    }
  }

  /// By file and line; of one record in the order of its entities.
  var quarantined: [QuarantinedRow] { pending.flatMap(\.inOrder) }

  /// The rows that are left, by file and entity.
  mutating func takeParts() -> [[EntityBatch]] {
    for file in parts.indices {
      for entity in parts[file].indices {
        let (bad, dropped) = (isBad[file], isDropped[file][entity])
        if bad.isEmpty, dropped.isEmpty { continue }
        parts[file][entity].removeRows(from: 0) { !bad.isEmpty && bad[$0] || !dropped.isEmpty && dropped[$0] }
      }
    }
    return parts
  }
}

extension [PendingQuarantine] {
  /// By line; of one record in the order of its entities.
  var inOrder: [QuarantinedRow] {
    enumerated().sorted {
      ($0.element.row.place.order, $0.offset) < ($1.element.row.place.order, $1.offset)
    }.map(\.element.row)
  }
}

extension Place {
  /// What places of one file are sorted by.
  fileprivate var order: Int { line ?? byte ?? 0 }
}
