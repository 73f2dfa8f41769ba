import Model

/// Takes the records of a list of notices: which records they name, each once, and until when they reach.
final class NoticeSink: RecordSink {
  private let notices: StreamChanges.Notices
  private let key: FieldSteps
  private let record: FieldSteps
  private let time: FieldSteps
  private let format: InstantFormat
  var keys = SeenKeys()
  private(set) var digest = ReadingDigest()
  private var known: Set<String> = []
  /// Ids of the records, in the order in which they were named first.
  private(set) var records: [String] = []

  init(_ changes: StreamChanges, _ notices: StreamChanges.Notices, _ format: InstantFormat) {
    self.notices = notices
    self.format = format
    key = FieldSteps(notices.key)
    record = FieldSteps(notices.record)
    time = FieldSteps(changes.field)
  }

  func beginQuestion(isFurther: Bool) { keys.beginQuestion(isFurther: isFurther) }

  func take(_ page: ServicePage) throws(StreamFault) -> PageTally {
    guard case .json(let json, let notices) = page.content else {
      throw page.fault(.pageNotUnderstood, "is no JSON")
    }
    var tally = PageTally()
    var hasher = Hasher()
    for notice in notices {
      func fault(_ name: ExtractFinding, _ problem: String) -> StreamFault {
        page.fault(name, "has a notice " + problem, byte: json.offset(notice))
      }
      guard json.isObject(notice), let value = json.value(key, in: notice), let text = json.scalar(value)
      else {
        throw fault(.recordWithoutKey, "without `\(key.text)`")
      }
      tally.lastKey = (text, String(decoding: json.bytes[json.range(value)], as: UTF8.self))
      json.bytes[json.range(notice)].withUnsafeBytes { hasher.combine(bytes: $0) }
      guard let changed = json.value(time, in: notice).flatMap(json.scalar).flatMap(format.read) else {
        throw fault(.pageNotUnderstood, "that does not say when it was in `\(time.text)`")
      }
      let digest = KeyDigest(text)
      tally.note(changed, keys.insert(digest.first, of: text))
      self.digest.add(digest, version: changed)
      guard let named = json.value(record, in: notice) else {
        throw fault(.pageNotUnderstood, "that names no record in `\(record.text)`")
      }
      // A notice of something that belongs to no record of this stream.
      guard !json.isNull(named) else { continue }
      guard let id = json.scalar(named), !id.isEmpty else {
        throw fault(.pageNotUnderstood, "whose `\(record.text)` is no id")
      }
      if known.insert(id).inserted { records.append(id) }
    }
    tally.digest = UInt64(bitPattern: Int64(hasher.finalize()))
    return tally
  }
}
