import GRDB
import Model

/// Writes a source's known records in their order. A block whose records are all there stays as it is.
struct KnownRecordWriter {
  /// There is no number left between the places of two blocks.
  struct NoPlace: Error {}

  private let form: KnownRecordBlocks
  /// The blocks there were.
  private let blocks: [KnownRecords.Block]
  /// Of those: before it, all stay or were written anew.
  private var next = 0
  /// Of those: before it, none can stay any more but those that do.
  private var passed = 0
  /// Records known before, before the block at ``passed``.
  private var passedRecords = 0
  /// Where the last block is.
  private var place: Int64?
  /// Records that are in no block yet.
  private var digests: [UInt64] = []
  private var identities: [UInt32] = []
  private var content: [UInt8] = []
  private let insert: RawStatement
  private let update: RawStatement
  private let delete: RawStatement

  /// - Parameter blocks: Of the records known before; none where they are not to be kept.
  init(_ form: KnownRecordBlocks, over blocks: [KnownRecords.Block]) throws {
    (self.form, self.blocks) = (form, blocks)
    let database = form.database
    insert = try RawStatement(
      database, "insert into known_record_block (content, source, place) values (?, ?, ?)")
    update = try RawStatement(
      database, "update known_record_block set content = ? where source = ? and place = ?")
    delete = try RawStatement(database, "delete from known_record_block where source = ? and place = ?")
  }

  /// Adds an identity of the record whose digest comes after its identities.
  @inline(__always) mutating func add(identity: UInt32) { identities.append(identity) }

  @inline(__always) mutating func add(digest: UInt64) throws {
    digests.append(digest)
    if digests.count == 2 * form.capacity { try write(form.capacity) }
  }

  /// Adds some of the known records as they are. They come in their order.
  mutating func add(_ known: KnownRecords, _ positions: Range<Int>) throws {
    var position = positions.lowerBound
    while position < positions.upperBound {
      var end = positions.upperBound
      if !blocks.isEmpty {
        pass(position)
        end = passedRecords + blocks[passed].count
        // Few records are put with those beside them: there would be more blocks every night.
        if position == passedRecords, end <= positions.upperBound, !isSmall(blocks[passed].count),
          digests.isEmpty || !isSmall(digests.count)
        {
          try keep()
          position = end
          continue
        }
        end = min(end, positions.upperBound)
      }
      for record in position..<end {
        identities.append(contentsOf: known.identities[record * form.entities..<(record + 1) * form.entities])
        try add(digest: known.digests[record])
      }
      position = end
    }
  }

  /// Writes what is still in memory, and removes the blocks that are no more.
  mutating func finish() throws {
    passed = blocks.count
    try writeAll()
    try removePassed()
  }

  private func isSmall(_ count: Int) -> Bool { count < form.capacity / 2 }

  /// Comes to the block that has the record at a position.
  private mutating func pass(_ position: Int) {
    while passedRecords + blocks[passed].count <= position {
      passedRecords += blocks[passed].count
      passed += 1
    }
  }

  /// Leaves the block that comes next as it is.
  private mutating func keep() throws {
    try writeAll()
    try removePassed()
    place = blocks[passed].place
    passedRecords += blocks[passed].count
    passed += 1
    next = passed
  }

  private mutating func writeAll() throws {
    if digests.count > form.capacity { try write(digests.count / 2) }
    if !digests.isEmpty { try write(digests.count) }
  }

  private mutating func removePassed() throws {
    while next < passed {
      delete.bind(1, form.source)
      delete.bind(2, blocks[next].place)
      try delete.run()
      next += 1
    }
  }

  /// Writes a block of the first records.
  private mutating func write(_ count: Int) throws {
    content.removeAll(keepingCapacity: true)
    digests.withUnsafeBytes { content.append(contentsOf: $0[..<(count * 8)]) }
    identities.withUnsafeBytes { content.append(contentsOf: $0[..<(count * form.entities * 4)]) }
    digests.removeFirst(count)
    identities.removeFirst(count * form.entities)
    let isThere = next < passed
    let place = try isThere ? blocks[next].place : newPlace()
    if isThere { next += 1 }
    self.place = place
    let statement = isThere ? update : insert
    statement.bind(1, blob: content)
    statement.bind(2, form.source)
    statement.bind(3, place)
    try statement.run()
  }

  /// A place between the last block and the next one that may stay. More blocks may come before that one.
  private func newPlace() throws -> Int64 {
    guard next < blocks.count else { return place.map { $0 + form.spacing } ?? 0 }
    let following = blocks[next].place
    let last = place ?? following - form.spacing
    let step = max(1, (following - last) >> 3)
    guard last + step < following else { throw NoPlace() }
    return last + step
  }
}
