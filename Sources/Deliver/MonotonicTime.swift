import Glibc

/// A clock that nobody sets: what lies between two readings is how long something took.
enum MonotonicTime {
  /// Milliseconds.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
