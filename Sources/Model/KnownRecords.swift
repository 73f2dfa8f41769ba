/// The records of a source's last published read, in the order of its file: so the next read can pass over those that are the same,
/// byte by byte.
public struct KnownRecords: Sendable, Equatable {
  /// How the file was read: equal records mean the same only in files read alike.
  public var shape: String
  /// Entities that each record feeds.
  public var entities: Int
  /// One per record; 0 where it has to be read again whatever it says.
  public var digests: [UInt64]
  /// The identities a record's rows have, entity after entity in the configuration's order; `entities` for each record.
  public var identities: [UInt32]
  /// How they are kept: one block after the other.
  public var blocks: [Block]

  /// Records side by side that are kept together.
  public struct Block: Sendable, Equatable {
    /// Orders the blocks of a source.
    public var place: Int64
    public var count: Int
    public init(place: Int64, count: Int) {
      self.place = place
      self.count = count
    }
  }

  public init(
    shape: String, entities: Int, digests: [UInt64] = [], identities: [UInt32] = [], blocks: [Block] = []
  ) {
    self.shape = shape
    self.entities = entities
    self.digests = digests
    self.identities = identities
    self.blocks = blocks
  }
}

/// What a read saw: every record of its file in order, and which of the known ones it is.
public struct RecordTrail: Sendable {
  /// Records side by side in the file.
  public struct Run: Sendable, Equatable {
    /// Position of the first among the known records, where the others follow it; nil for records that were read.
    public var known: Int?
    public var count: Int
  }

  public var shape: String
  /// The records known before; nil when all were read anew.
  public var known: KnownRecords?
  /// All records. Of most files nearly all are known ones: nothing is kept of each of those.
  public private(set) var runs: [Run] = []
  /// Of the records that were read, in their order.
  public var digests: [UInt64] = []
  public var lines: [Int32] = []
  /// How many records there are.
  public private(set) var count = 0
  /// How many of them are known ones.
  public private(set) var passedOver = 0

  public init(shape: String, known: KnownRecords?) {
    self.shape = shape
    self.known = known
  }

  /// Notes the next records: known ones from a position on, or such as were read.
  public mutating func add(_ more: Int, known position: Int? = nil) {
    guard more > 0 else { return }
    count += more
    if position != nil { passedOver += more }
    if let last = runs.last, last.known.map({ $0 + last.count }) == position {
      runs[runs.count - 1].count += more
    } else {
      runs.append(Run(known: position, count: more))
    }
  }

  /// Positions of the known records that were not seen again: they are seen in their order.
  public var unseen: [Range<Int>] {
    var ranges: [Range<Int>] = []
    var next = 0
    for run in runs {
      guard let first = run.known else { continue }
      if next < first { ranges.append(next..<first) }
      next = first + run.count
    }
    if let known, next < known.digests.count { ranges.append(next..<known.digests.count) }
    return ranges
  }
}

extension SourceFile {
  /// How the file is read, see ``KnownRecords/shape``.
  public var shape: String {
    ([kind.rawValue, encoding, delimiter] + header).map { "\($0.utf8.count):\($0)" }.joined()
  }
}

extension SourceConfiguration {
  /// Whether what a record says is told by the record alone: not how far the data reaches, nor its place among equal ones.
  public var leavesTrail: Bool {
    guard extent == .full else { return false }
    if case .column = dataThrough { return false }
    return !entities.isEmpty && entities.allSatisfy { $0.entity.compositeKey?.numberedBy == nil }
  }
}
