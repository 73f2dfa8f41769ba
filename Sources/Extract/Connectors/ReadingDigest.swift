/// What a reading came to, whatever the order its records came in: two readings of the same records have the same one.
struct ReadingDigest: Equatable {
  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private(set) var records = 0

  /// - Parameter version: What tells two versions of the record apart.
  mutating func add(_ key: KeyDigest, version: Instant) {
    add { (hasher) in
      hasher.combine(key)
      hasher.combine(version.seconds)
      hasher.combine(version.nanoseconds)
    }
  }

  mutating func add(deleted key: KeyDigest) { add { (hasher) in hasher.combine(key) } }

  mutating func add(_ key: KeyDigest, bytes: some Collection<UInt8>) {
    add { (hasher) in
      hasher.combine(key)
      if bytes.withContiguousStorageIfAvailable({ hasher.combine(bytes: UnsafeRawBufferPointer($0)) }) == nil
      {
        for byte in bytes { hasher.combine(byte) }
      }
    }
  }

  mutating func add(_ other: ReadingDigest) {
    first &+= other.first
    second &+= other.second
    records += other.records
  }

  private mutating func add(_ feed: (inout Hasher) -> Void) {
    func digest(_ salt: UInt8) -> UInt64 {
      var hasher = Hasher()
      hasher.combine(salt)
      feed(&hasher)
      return UInt64(bitPattern: Int64(hasher.finalize()))
    }
    first &+= digest(2)
    second &+= digest(3)
    records += 1
  }
}
