import Model

/// The states of one key of one source over valid time, in order and without overlap; a gap says it was not there.
struct Timeline {
  /// Where a state's content is to be taken from.
  enum Origin: Equatable {
    /// A row of the version table.
    case version(Int64)
    /// A row of the read, by index.
    case read(Int)
  }

  struct State {
    /// ``Moment/packed`` of the snapshots that bound it; `to` is exclusive, ``Timeline/open`` while it lasts.
    var from: Int64
    var to: Int64
    var digest: UInt64
    var origin: Origin
  }

  static let open = Int64.max

  private(set) var states: [State] = []

  init() {}

  /// Adds a state behind all others.
  mutating func append(_ state: State) { states.append(state) }

  func covers(_ moment: Int64) -> Bool { states.contains { $0.from <= moment && moment < $0.to } }

  /// True when the whole of `[from, to)` is already in one state of this content; nil stands for a gap.
  func says(_ digest: UInt64?, from: Int64, to: Int64) -> Bool {
    guard let digest else { return !states.contains { $0.from < to && from < $0.to } }
    return states.contains { $0.from <= from && to <= $0.to && $0.digest == digest }
  }

  /// Puts a state, or a gap, in place of whatever `[from, to)` said. With `merging`, equal neighbours become one state.
  mutating func replace(
    from: Int64, to: Int64, with content: (digest: UInt64, origin: Origin)?, merging: Bool
  ) {
    var result: [State] = []
    result.reserveCapacity(states.count + 2)
    for state in states where state.from < from {
      var before = state
      before.to = min(state.to, from)
      result.append(before)
    }
    if let content {
      result.append(State(from: from, to: to, digest: content.digest, origin: content.origin))
    }
    for state in states where state.to > to {
      var after = state
      after.from = max(state.from, to)
      result.append(after)
    }
    guard merging else {
      states = result
      return
    }
    states.removeAll(keepingCapacity: true)
    for state in result {
      if let last = states.last, last.to == state.from, last.digest == state.digest {
        states[states.count - 1].to = state.to
      } else {
        states.append(state)
      }
    }
  }

  /// The start of the first state after `moment`, or ``open``.
  func nextStart(after moment: Int64) -> Int64 { states.first { $0.from > moment }?.from ?? Self.open }
}
