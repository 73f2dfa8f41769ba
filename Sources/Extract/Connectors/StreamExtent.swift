import Model

/// Decides whether a stream is read whole or from its cursor on, and where it goes on the next time.
struct StreamExtent {
  let reference: SourceConfiguration.StreamReference
  /// nil where the stream was never read, or another question was asked then.
  let cursor: StreamCursor?
  private let asked: StreamCursor?
  private let readsWhole: Bool

  private var changes: StreamChanges? { reference.stream.changes }

  init(
    _ reference: SourceConfiguration.StreamReference, since cursor: StreamCursor?, readsWhole: Bool
  ) {
    self.reference = reference
    self.readsWhole = readsWhole
    asked = cursor
    self.cursor = cursor?.stream == reference.identity ? cursor : nil
  }

  /// Why everything has to be read; nil where changes suffice, unless the server's clock says that the cursor is too old.
  var reasonForAll: String? {
    guard changes != nil else { return "the stream has no `changes`" }
    if readsWhole { return "asked for" }
    guard asked != nil else { return "first read" }
    guard let cursor else { return "the connector has changed" }
    guard cursor.reached != nil else { return "no record was there at the last read" }
    return nil
  }

  /// Why the cursor is too old; nil where it is not.
  ///
  /// - Parameter now: The server's clock, which the cursor was written by: this machine's may be another one.
  func age(now: Int64) -> String? {
    guard let cursor, let changes else { return nil }
    let milliseconds = { (moment: Moment) in (now - moment.seconds) * 1000 }
    // What changed since, by a clock that was set right meanwhile, would lie before what is asked for.
    if -milliseconds(cursor.read) > max(changes.overlap, 60_000) {
      return "the source's clock stands \(seconds(-milliseconds(cursor.read))) before the last read"
    }
    if let memory = changes.memory, milliseconds(cursor.read) + changes.overlap > memory {
      return "the last read is older than the API remembers changes, \(Self.span(memory))"
    }
    if let every = changes.fullEvery, milliseconds(cursor.readWhole) >= every {
      return "the last read of everything is \(Self.span(every)) ago"
    }
    return nil
  }

  private static func span(_ milliseconds: Int64) -> String {
    let day: Int64 = 86_400_000
    guard milliseconds % day == 0, milliseconds > day else { return seconds(milliseconds) }
    return "\(milliseconds / day) days"
  }

  /// The lower bound to ask with, in seconds since 1970.
  func since(_ format: InstantFormat) -> Int64? {
    guard let changes, let reached = cursor?.reached else { return nil }
    let overlap = (max(0, changes.overlap) + 999) / 1000
    return reached.seconds - overlap - (changes.bound == .exclusive ? format.unit : 0)
  }

  /// The cursor to keep.
  ///
  /// - Parameters:
  ///   - latest: The latest time of change that came.
  ///   - date: The server's clock when the read began.
  ///   - timeless: Keys of the records that no question for changes gives.
  func next(
    _ source: String, wasWhole: Bool, latest: Instant?, date: Int64, timeless: Set<String>
  ) -> StreamCursor {
    let now = Moment(instant: date)
    var reached = latest?.seconds
    if !wasWhole, let old = cursor?.reached { reached = max(reached ?? old.seconds, old.seconds) }
    // Notices of what a whole read saw may come while it goes on.
    if wasWhole, changes?.notices != nil { reached = date }
    if changes == nil { reached = nil }
    return StreamCursor(
      source: source, stream: reference.identity, reached: reached.map { Moment(instant: min($0, date)) },
      read: now, readWhole: wasWhole ? now : cursor?.readWhole ?? now,
      withoutTime: timeless.sorted())
  }
}
