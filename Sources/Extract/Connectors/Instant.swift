/// A time of change as an API says it: also the fractions of a second, which tell two versions of a record apart.
struct Instant: Comparable, Sendable {
  /// Since 1970 in UTC.
  var seconds: Int64
  var nanoseconds: Int32 = 0

  static let none = Instant(seconds: .min)

  static func < (left: Self, right: Self) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// What orders the versions of a record where no format is declared: a whole number, or an instant.
  init?(version text: String) {
    if let number = Int64(text) {
      self.init(seconds: number)
    } else if let instant = InstantFormat(.iso)?.read(text) {
      self = instant
    } else {
      return nil
    }
  }

  init(seconds: Int64, nanoseconds: Int32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}
