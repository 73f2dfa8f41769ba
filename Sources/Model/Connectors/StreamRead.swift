/// Up to where a stream is known: kept in the warehouse, in the transaction that stores the rows.
public struct StreamCursor: Sendable, Hashable {
  public var source: String
  /// What was read, so that a cursor is not used for another question: connector, base URL, stream and request as one digest.
  public var stream: String
  /// The latest time of change known to be complete: the least of what the records say and of the server's clock when the read began.
  public var reached: Moment?
  /// When the last read that was published began, by the server's clock where it says it.
  public var read: Moment
  /// The same of the last read of everything.
  public var readWhole: Moment
  /// Keys of the records in the list of those without a time of change, sorted: what has gone from it is in no answer. A run's log does
  /// not keep them.
  public var withoutTime: [String]

  public init(
    source: String, stream: String, reached: Moment?, read: Moment, readWhole: Moment,
    withoutTime: [String] = []
  ) {
    self.source = source
    self.stream = stream
    self.reached = reached
    self.read = read
    self.readWhole = readWhole
    self.withoutTime = withoutTime
  }
}

/// What one read of a stream was, and what shows that nothing is missing.
public struct StreamRead: Sendable, Hashable {
  public enum Extent: String, Sendable, CaseIterable { case whole, changes }
  /// What the read's completeness rests on.
  public enum Proof: String, Sendable, CaseIterable {
    /// An independent count of the source's equals what came.
    case counted
    /// The source said that there is nothing more; it offers no count.
    case ended
  }

  public var source: String
  public var connector: String
  public var stream: String
  public var extent: Extent
  /// Why everything was read: `first read`, `asked for`, `the last read is older than ...`; empty where changes were.
  public var reason: String
  /// The lower bound that was asked with, overlap included; nil where everything was read.
  public var since: Moment?
  public var pages: Int
  /// Records that came, repeated ones included; and different keys among them.
  public var received: Int
  public var records: Int
  public var deleted: Int
  /// Records that the question for changes cannot give, from their own question.
  public var withoutTime: Int
  /// The count the source says; nil where it offers none.
  public var counted: Int?
  public var proof: Proof
  /// The cursor to keep when the rows are.
  public var cursor: StreamCursor

  public init(
    source: String, connector: String, stream: String, extent: Extent, reason: String = "",
    since: Moment? = nil, pages: Int = 0, received: Int = 0, records: Int = 0, deleted: Int = 0,
    withoutTime: Int = 0, counted: Int? = nil, proof: Proof = .ended, cursor: StreamCursor
  ) {
    self.source = source
    self.connector = connector
    self.stream = stream
    self.extent = extent
    self.reason = reason
    self.since = since
    self.pages = pages
    self.received = received
    self.records = records
    self.deleted = deleted
    self.withoutTime = withoutTime
    self.counted = counted
    self.proof = proof
    self.cursor = cursor
  }
}

extension StreamRead.Proof {
  /// To be put behind the records: `as many as the source counts (total)`, where `count` is how it says that.
  public func sentence(by count: String? = nil) -> String {
    switch self {
    case .counted: "as many as the source counts" + (count.map { " (\($0))" } ?? "")
    case .ended: "ended by the source, which offers no count"
    }
  }
}
