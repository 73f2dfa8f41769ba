import GRDB
import Model

/// Writes the digests and the identities of a source's records into the row that has room for them, some at a time: all of them twice
/// in memory would be the most a large read takes.
struct KnownRecordWriter: ~Copyable {
  private static let most = 1 << 20

  private let content: KnownRecordContent
  private var digests: [UInt64] = []
  private var identities: [UInt32] = []
  /// Where the next ones go.
  private var digestPlace = 0
  private var identityPlace: Int

  /// For `count` records of a source.
  init(_ database: Database, source: Int64, count: Int) throws {
    content = try KnownRecordContent(database, source: source, isWritten: true)
    identityPlace = count * 8
  }

  @inline(__always) mutating func add(digest: UInt64) throws {
    digests.append(digest)
    if digests.count * 8 >= Self.most { try writeDigests() }
  }

  @inline(__always) mutating func add(identity: UInt32) throws {
    identities.append(identity)
    if identities.count * 4 >= Self.most { try writeIdentities() }
  }

  /// Adds some of the known records as they are.
  mutating func add(_ known: KnownRecords, _ positions: Range<Int>) throws {
    try writeDigests()
    try writeIdentities()
    let entities = known.entities
    try known.digests[positions].withUnsafeBytes { try content.write($0, at: digestPlace) }
    digestPlace += positions.count * 8
    try known.identities[positions.lowerBound * entities..<positions.upperBound * entities]
      .withUnsafeBytes { try content.write($0, at: identityPlace) }
    identityPlace += positions.count * entities * 4
  }

  /// Writes what is still in memory.
  consuming func finish() throws {
    try writeDigests()
    try writeIdentities()
  }

  private mutating func writeDigests() throws {
    try digests.withUnsafeBytes { try content.write($0, at: digestPlace) }
    digestPlace += digests.count * 8
    digests.removeAll(keepingCapacity: true)
  }

  private mutating func writeIdentities() throws {
    try identities.withUnsafeBytes { try content.write($0, at: identityPlace) }
    identityPlace += identities.count * 4
    identities.removeAll(keepingCapacity: true)
  }
}
