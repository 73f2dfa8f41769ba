import Model

/// Takes of a page's records the keys alone, without those of records that are marked as deleted.
final class KeySink: RecordSink {
  private let shape: RecordShape
  var keys = SeenKeys()
  private(set) var listed: [String] = []

  init(_ shape: RecordShape) { self.shape = shape }

  func beginQuestion(isFurther: Bool) { keys.beginQuestion(isFurther: isFurther) }

  func take(_ page: ServicePage) throws(StreamFault) -> PageTally {
    guard case .json(let json, let records) = page.content else {
      throw page.fault(.pageNotUnderstood, "is no JSON")
    }
    var tally = PageTally()
    for record in records {
      guard json.isObject(record), let value = json.value(shape.key, in: record),
        let key = json.scalar(value), !key.isEmpty
      else {
        throw page.fault(
          .recordWithoutKey, "has a record without `\(shape.key.text)`", byte: json.offset(record))
      }
      tally.note(nil, keys.insert(KeyDigest(key).first, of: key))
      if !shape.isDeleted(record, in: json) { listed.append(key) }
    }
    return tally
  }
}
