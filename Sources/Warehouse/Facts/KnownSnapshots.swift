import GRDB
import Model

/// The snapshots known of each source and entity, and which keys were in quarantine at which.
struct KnownSnapshots {
  struct Snapshot {
    var at: Moment
    /// Whether what was absent from it was known to be absent.
    var isComplete: Bool
  }

  /// What is known of a key before it was first seen.
  enum Absence {
    case unknown
    /// A complete snapshot did not have it.
    case at(Moment)
    /// Each record of an API holds all that belongs to it.
    case wheneverOwnerWasSeen
  }

  private(set) var snapshots: [Int64: [Snapshot]] = [:]
  /// Sources whose records come from streams of APIs.
  private var streamed: Set<Int64> = []
  private var unknown: Set<Mark> = []
  private var marked: Set<Int64> = []

  private struct Mark: Hashable {
    var source: Int64
    var identity: Int64
    var at: Moment
  }

  init(_ entity: EntityKind, _ database: Database) throws {
    let select = try RawStatement(
      database, "select source, at, complete from snapshot where entity = '\(entity.rawValue)'")
    while try select.step() {
      guard let at = MomentText.read(select.bytes(1)) else { continue }
      snapshots[select.integer(0), default: []].append(Snapshot(at: at, isComplete: select.integer(2) == 1))
    }
    for source in snapshots.keys { snapshots[source]?.sort { $0.at.packed < $1.at.packed } }
    streamed = Set(try Int64.fetchAll(database, sql: "select source from stream_cursor"))
    let marks = try RawStatement(
      database, "select source, identity, at from unknown_state where known_run is null")
    while try marks.step() {
      guard let at = MomentText.read(marks.bytes(2)) else { continue }
      marked.insert(marks.integer(1))
      unknown.insert(Mark(source: marks.integer(0), identity: marks.integer(1), at: at))
    }
  }

  func lastAbsence(before moment: Moment, source: Int64, identity: Int64) -> Absence {
    if streamed.contains(source), !marked.contains(identity) {
      return .wheneverOwnerWasSeen
    }
    return lastInformative(before: moment, source: source, identity: identity).map(Absence.at) ?? .unknown
  }

  /// The latest snapshot before `moment` that proves whether this key was there then.
  func lastInformative(before moment: Moment, source: Int64, identity: Int64) -> Moment? {
    snapshots[source]?.last {
      $0.isComplete && $0.at.packed < moment.packed
        && !unknown.contains(Mark(source: source, identity: identity, at: $0.at))
    }?.at
  }
}
