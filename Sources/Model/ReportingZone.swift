/// The one time zone that decides which day an instant belongs to; a day starts at its first existing local instant.
///
/// Holds the zone's transitions, so that putting an instant on a day is a binary search without I/O.
public struct ReportingZone: Sendable, Equatable {
  /// IANA name, `Europe/Berlin`.
  public let name: String
  /// Instants (seconds since 1970, UTC) at which an offset starts to hold, ascending.
  private let starts: [Int64]
  /// Seconds east of UTC; one more than `starts`, the first holding before all of them.
  private let offsets: [Int32]

  public init(name: String, firstOffset: Int32, transitions: [(at: Int64, offset: Int32)]) {
    self.name = name
    starts = transitions.map(\.at)
    offsets = [firstOffset] + transitions.map(\.offset)
  }

  public static let utc = ReportingZone(name: "UTC", firstOffset: 0, transitions: [])

  @inlinable public func day(of moment: Moment) -> Day {
    moment.plainDay ?? day(ofInstant: moment.seconds)
  }

  public func day(ofInstant seconds: Int64) -> Day {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    let local = seconds + Int64(offsets[low])
    return Day(number: Int32((local >= 0 ? local : local - 86_399) / 86_400))
  }

  /// The first instant of a local day, in seconds since 1970; of a day the zone skips, that of the next one.
  public func firstInstant(of day: Day) -> Int64 {
    let midnight = Int64(day.number) * 86_400
    var low = 0
    var high = starts.count
    // Offsets stay below two days: what held before then cannot reach into the day.
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= midnight - 172_800 { low = middle + 1 } else { high = middle }
    }
    while low < starts.count {
      let first = max(midnight - Int64(offsets[low]), low == 0 ? .min : starts[low - 1])
      if first < starts[low] { return first }
      low += 1
    }
    return max(midnight - Int64(offsets[low]), low == 0 ? .min : starts[low - 1])
  }
}
