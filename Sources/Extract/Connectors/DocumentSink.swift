import Model

/// Takes the records of JSON pages: their bytes as they were sent, one a line, with their lists completed.
final class DocumentSink: RecordSink {
  private let shape: RecordShape
  private let file: RecordFile
  private let nested: NestedLists
  var keys = SeenKeys()
  /// Of the first record that is not deleted.
  private(set) var firstKey: String?

  init(_ shape: RecordShape, into file: RecordFile, _ nested: NestedLists) {
    self.shape = shape
    self.file = file
    self.nested = nested
  }

  func beginQuestion(isFurther: Bool) { keys.beginQuestion(isFurther: isFurther) }

  func take(_ page: ServicePage) throws(StreamFault) -> PageTally {
    guard case .json(let json, let records) = page.content else {
      throw page.fault(.pageNotUnderstood, "is no JSON")
    }
    var tally = PageTally()
    var hasher = Hasher()
    var fields: [Fields] = []
    fields.reserveCapacity(records.count)
    for record in records {
      let found = try self.fields(of: record, in: json, page)
      fields.append(found)
      tally.note(found.times.changed, keys.insert(found.digest.first, of: found.key))
      let range = json.range(record)
      json.bytes[range].withUnsafeBytes { hasher.combine(bytes: $0) }
    }
    firstKey = firstKey ?? fields.first { !$0.isDeleted }?.key
    tally.digest = UInt64(bitPattern: Int64(hasher.finalize()))
    if let last = records.last, let key = json.value(shape.key, in: last) {
      tally.lastKey = (
        fields[fields.count - 1].key, String(decoding: json.bytes[json.range(key)], as: UTF8.self)
      )
    }
    try write(records, fields, json, page)
    return tally
  }

  private struct Fields {
    var key: String
    var digest: KeyDigest
    var times: RecordShape.Times
    var isDeleted: Bool
  }

  private func fields(of record: Int, in json: JSONText, _ page: ServicePage) throws(StreamFault) -> Fields {
    guard json.isObject(record) else {
      throw page.fault(.recordWithoutKey, "has a record that is no object", byte: json.offset(record))
    }
    guard let value = json.value(shape.key, in: record), let key = json.scalar(value), !key.isEmpty else {
      throw page.fault(
        .recordWithoutKey, "has a record without `\(shape.key.text)`", byte: json.offset(record))
    }
    func text(_ steps: FieldSteps?) -> String? {
      steps.flatMap { json.value($0, in: record) }.flatMap(json.scalar)
    }
    let isDeleted = shape.isDeleted(record, in: json)
    do throws(RecordShape.UnreadableTime) {
      let times = try shape.times(changed: text(shape.change?.field), version: text(shape.version))
      return Fields(key: key, digest: KeyDigest(key), times: times, isDeleted: isDeleted)
    } catch {
      throw page.fault(.pageNotUnderstood, error.problem, byte: json.offset(record))
    }
  }

  private func write(
    _ records: [Int], _ fields: [Fields], _ json: JSONText, _ page: ServicePage
  ) throws(StreamFault) {
    let alive = records.indices.filter { !fields[$0].isDeleted }
    let completed = try nested.completed(alive.map { records[$0] }, in: json, page)
    for (index, record) in records.enumerated() {
      if fields[index].isDeleted {
        try file.add(deleted: fields[index].key, version: fields[index].times.version)
      } else if let bytes = completed[record] {
        try add(bytes[...], fields[index])
      } else {
        try add(json.bytes[json.range(record)], fields[index])
      }
    }
  }

  /// A line feed can stand between values alone: without it the record is the same on one line.
  private func add(_ bytes: ArraySlice<UInt8>, _ fields: Fields) throws(StreamFault) {
    let isOneLine = !bytes.contains { $0 == 0x0A || $0 == 0x0D }
    var line = isOneLine ? Array(bytes) : bytes.filter { $0 != 0x0A && $0 != 0x0D }
    line.append(0x0A)
    try file.add(line, key: fields.digest, version: fields.times.version)
  }

  /// A record that is deleted, as its absence shows.
  func add(deleted key: String) throws(StreamFault) {
    _ = keys.insert(KeyDigest(key).first, of: key)
    try file.add(deleted: key, version: .none)
  }
}
