import GRDB
import Model

/// A source's known records as they are kept: in blocks of a page each, so that a night writes those only whose records changed.
struct KnownRecordBlocks {
  let database: Database
  let source: Int64
  let entities: Int
  /// What is between the places of two blocks that are written one after the other.
  var spacing: Int64 = 1 << 40

  init(_ database: Database, source: Int64, entities: Int) {
    (self.database, self.source, self.entities) = (database, source, entities)
  }

  /// How many bytes a record takes.
  var recordSize: Int { 8 + 4 * entities }
  /// How many records fit a page, beside what SQLite keeps of a row.
  var capacity: Int { max(1, 4_032 / recordSize) }

  /// Adds the records to what is known of them; nil where they are not as many as were kept.
  func read(_ known: KnownRecords, count: Int) throws -> KnownRecords? {
    var known = known
    known.blocks.reserveCapacity(count / capacity + 1)
    var isWhole = false
    // Tens of megabytes, each byte of which is copied into: not written twice.
    known.identities = try [UInt32](unsafeUninitializedCapacity: count * entities) {
      identities, identityCount in
      known.digests = try [UInt64](unsafeUninitializedCapacity: count) { digests, digestCount in
        let found = try read(
          &known.blocks, into: UnsafeMutableRawBufferPointer(digests),
          UnsafeMutableRawBufferPointer(identities))
        isWhole = found == count
        (digestCount, identityCount) = isWhole ? (count, count * entities) : (0, 0)
      }
    }
    return isWhole ? known : nil
  }

  /// Copies what the blocks hold, and gives the number of their records; nil where there is no room for a block.
  private func read(
    _ blocks: inout [KnownRecords.Block], into digests: UnsafeMutableRawBufferPointer,
    _ identities: UnsafeMutableRawBufferPointer
  ) throws -> Int? {
    let select = try RawStatement(
      database, "select place, content from known_record_block where source = ? order by place")
    select.bind(1, source)
    defer { select.reset() }
    var place = 0
    while try select.step() {
      let bytes = select.rawBytes(1)
      let found = bytes.count / recordSize
      guard bytes.count % recordSize == 0, (place + found) * 8 <= digests.count else { return nil }
      blocks.append(KnownRecords.Block(place: select.integer(0), count: found))
      UnsafeMutableRawBufferPointer(rebasing: digests[(place * 8)...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<(8 * found)]))
      UnsafeMutableRawBufferPointer(rebasing: identities[(place * entities * 4)...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[(8 * found)...]))
      place += found
    }
    return place
  }

  /// Writes the records that `body` gives in place of all that are kept.
  /// - Parameter known: Those read before, of which some are given again; nil where none is.
  func write(over known: KnownRecords?, _ body: (inout KnownRecordWriter) throws -> Void) throws {
    if let blocks = known?.blocks, known?.entities == entities {
      var writer = try KnownRecordWriter(self, over: blocks)
      do {
        try body(&writer)
        return try writer.finish()
      } catch is KnownRecordWriter.NoPlace {
        // So many came to one place that blocks cannot be put in order there.
      }
    }
    try database.execute(sql: "delete from known_record_block where source = ?", arguments: [source])
    var writer = try KnownRecordWriter(self, over: [])
    try body(&writer)
    try writer.finish()
  }
}
