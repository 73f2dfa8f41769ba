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

  public init(shape: String, entities: Int, digests: [UInt64] = [], identities: [UInt32] = []) {
    self.shape = shape
    self.entities = entities
    self.digests = digests
    self.identities = identities
  }
}

/// What a read saw: every record of its file in order, and which of the known ones it is.
public struct RecordTrail: Sendable {
  public var shape: String
  /// The records known before; nil when all were read anew.
  public var known: KnownRecords?
  public var digests: [UInt64] = []
  public var lines: [Int32] = []
  /// Position among the known records; -1 for a record that was read. Empty where none was known before.
  public var positions: [Int32] = []

  public init(shape: String, known: KnownRecords?) {
    self.shape = shape
    self.known = known
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
