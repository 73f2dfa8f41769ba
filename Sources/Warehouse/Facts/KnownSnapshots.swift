import GRDB
import Model

/// The snapshots known of each source and entity, and which keys were in quarantine at which.
struct KnownSnapshots {
  struct Snapshot {
    var at: Moment
    /// Whether what was absent from it was known to be absent.
    var isComplete: Bool
  }

  private(set) var snapshots: [Int64: [Snapshot]] = [:]
  private var unknown: Set<Mark> = []

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
    let marks = try RawStatement(database, "select source, identity, at from unknown_state")
    while try marks.step() {
      guard let at = MomentText.read(marks.bytes(2)) else { continue }
      unknown.insert(Mark(source: marks.integer(0), identity: marks.integer(1), at: at))
    }
  }

  /// The latest snapshot before `moment` that proves whether this key was there then.
  func lastInformative(before moment: Moment, source: Int64, identity: Int64) -> Moment? {
    snapshots[source]?.last {
      $0.isComplete && $0.at.packed < moment.packed
        && !unknown.contains(Mark(source: source, identity: identity, at: $0.at))
    }?.at
  }
}
