import Glibc
import Model

/// The records of a read on their way into the landing folder, in memory that does not grow with their text.
///
/// Each is written as it comes. Beside it stands a line for each of 32 bytes, its key's digests and its version: where a key came
/// twice, the file is written once more without the older ones.
final class RecordFile {
  struct Entry {
    var key: KeyDigest
    /// Newer versions are greater; of two the same the later one is taken.
    var version: Instant
    /// Bytes in the file; 0 for a deleted record, which is not in it.
    var length: UInt32
  }

  /// A whole file of records.
  struct Finished {
    var path: String
    /// SHA-256, lower-case hex.
    var digest: String
    var bytes: Int64
    var records: Int
    var deletedKeys: [String]
  }

  private let landing: Landing
  private let records: PartWriter
  private let index: PartWriter
  private var headLength = 0
  private var count = 0
  private var deletedKeys: [String] = []
  /// Of what was added. A record's content is its version where it says one: of the same version an API may give other bytes each time,
  /// as where a link in it expires.
  private(set) var digest = ReadingDigest()

  init(_ landing: Landing) throws(StreamFault) {
    self.landing = landing
    records = try PartWriter(landing.newPart())
    index = try PartWriter(landing.newPart())
  }

  /// What stands before the first record: the header of a delimited text.
  func write(head: [UInt8]) throws(StreamFault) {
    headLength = head.count
    try records.write(head)
  }

  /// - Parameter bytes: One line, with its end.
  func add(_ bytes: some Collection<UInt8>, key: KeyDigest, version: Instant) throws(StreamFault) {
    try records.write(bytes)
    try note(Entry(key: key, version: version, length: UInt32(clamping: bytes.count)))
    if version == .none { digest.add(key, bytes: bytes) } else { digest.add(key, version: version) }
    count += 1
  }

  func add(deleted key: String, version: Instant) throws(StreamFault) {
    deletedKeys.append(key)
    try note(Entry(key: KeyDigest(key), version: version, length: 0))
    digest.add(deleted: KeyDigest(key))
  }

  private func note(_ entry: Entry) throws(StreamFault) {
    var words = [
      entry.key.first, entry.key.second, UInt64(bitPattern: entry.version.seconds),
      UInt64(UInt32(bitPattern: entry.version.nanoseconds)) << 32 | UInt64(entry.length),
    ]
    let bytes = words.withUnsafeMutableBytes { Array($0) }
    try index.write(bytes)
  }

  /// - Parameter repeated: First digests of keys that came more than once.
  func finish(repeated: Set<UInt64>) throws(StreamFault) -> Finished {
    let digest = try records.finish()
    _ = try index.finish()
    defer { unlink(index.path) }
    guard !repeated.isEmpty else {
      return Finished(
        path: records.path, digest: digest, bytes: records.size, records: count, deletedKeys: deletedKeys)
    }
    defer { unlink(records.path) }
    let settled = try PartWriter(landing.newPart())
    var result = Finished(path: settled.path, digest: "", bytes: 0, records: 0, deletedKeys: [])
    let newest = try newest(repeated)
    let text = try BlockReader(records.path)
    try settled.write(try text.take(headLength))
    var deleted = deletedKeys.makeIterator()
    try eachEntry { (number, entry) throws(StreamFault) in
      let isKept = newest[entry.key].map { $0.number == number } ?? true
      if entry.length == 0 {
        if let key = deleted.next(), isKept { result.deletedKeys.append(key) }
        return
      }
      let record = try text.take(Int(entry.length))
      guard isKept else { return }
      try settled.write(record)
      result.records += 1
    }
    result.digest = try settled.finish()
    result.bytes = settled.size
    return result
  }

  func remove() {
    records.remove()
    index.remove()
  }

  /// Of each key that came more than once the entry that counts.
  private func newest(
    _ repeated: Set<UInt64>
  ) throws(StreamFault) -> [KeyDigest: (number: Int, version: Instant)] {
    var newest: [KeyDigest: (number: Int, version: Instant)] = [:]
    try eachEntry { (number, entry) throws(StreamFault) in
      guard repeated.contains(entry.key.first) else { return }
      if let other = newest[entry.key], other.version > entry.version { return }
      newest[entry.key] = (number, entry.version)
    }
    return newest
  }

  private func eachEntry(
    _ body: (_ number: Int, _ entry: Entry) throws(StreamFault) -> Void
  ) throws(StreamFault) {
    let reader = try BlockReader(index.path)
    for number in 0..<Int(index.size / 32) {
      let words = try reader.take(32).withUnsafeBytes { bytes in
        (0..<4).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self) }
      }
      let entry = Entry(
        key: KeyDigest(first: words[0], second: words[1]),
        version: Instant(
          seconds: Int64(bitPattern: words[2]),
          nanoseconds: Int32(bitPattern: UInt32(truncatingIfNeeded: words[3] >> 32))),
        length: UInt32(truncatingIfNeeded: words[3]))
      try body(number, entry)
    }
  }
}
