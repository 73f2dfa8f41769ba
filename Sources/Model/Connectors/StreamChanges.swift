/// How an API is asked for what changed.
public struct StreamChanges: Sendable, Hashable {
  public enum Bound: String, Sendable, CaseIterable {
    /// Records of the bound's own instant are given, too.
    case inclusive
    /// They are not: what is asked for is one unit earlier.
    case exclusive
  }

  public var request: StreamRequest
  /// When a record changed, as the API says: a field of the record, or of the notice where ``notices`` is.
  public var field: FieldPath
  public var format: FieldMapping.DateFormat
  public var bound: Bound
  /// Milliseconds by which a read begins before the last one's end: what was late then is seen now.
  public var overlap: Int64
  /// Milliseconds for which the API remembers changes; nil where it does for ever. A read whose predecessor is older reads everything.
  public var memory: Int64?
  /// Milliseconds after which everything is read anew although changes could be: for deletions that changes do not show.
  public var fullEvery: Int64?
  /// Records without a time of change, which the question for changes never gives: asked for beside it in every read.
  public var withoutTime: StreamRequest?
  /// Where a record is asked for that has gone from that list; nil where the notices' request does, or everything is read then.
  public var gone: StreamRequest?
  /// The list is one of notices, not of records.
  public var notices: Notices?

  /// A list of events, each of which names a record that is then asked for by its id: the record's state now, not that of the
  /// event.
  public struct Notices: Sendable, Hashable {
    /// The notice's own id.
    public var key: FieldPath
    /// The record's id in it.
    public var record: FieldPath
    /// Where the record is asked for: `/v1/subscriptions/{id}`, with the parameters it needs. A 404 means that it is deleted.
    public var request: StreamRequest
    public init(key: FieldPath, record: FieldPath, request: StreamRequest) {
      self.key = key
      self.record = record
      self.request = request
    }
  }

  public init(
    request: StreamRequest, field: FieldPath, format: FieldMapping.DateFormat, bound: Bound = .inclusive,
    overlap: Int64 = 600_000, memory: Int64? = nil, fullEvery: Int64? = nil,
    withoutTime: StreamRequest? = nil, gone: StreamRequest? = nil,
    notices: Notices? = nil
  ) {
    self.request = request
    self.field = field
    self.format = format
    self.bound = bound
    self.overlap = overlap
    self.memory = memory
    self.fullEvery = fullEvery
    self.withoutTime = withoutTime
    self.gone = gone
    self.notices = notices
  }
}
