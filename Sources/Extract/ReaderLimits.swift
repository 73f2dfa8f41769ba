import Model

/// Bounds on what one file may cost; the defaults suit every export.
public struct ReaderLimits: Sendable, Hashable {
  /// Bytes read at a time; a batch holds the records of one such block. Text, fields and rows of one stay in the
  /// processor's cache together.
  public var blockSize = 1 << 18
  /// Bytes a row may have. A longer one is malformed, and so is a quote that stays open for longer.
  public var rowSize = 1 << 24
  /// How many times its size a compressed file may hold.
  public var inflation = 250
  /// Bytes a compressed file may hold whatever ``inflation`` says of its size.
  public var inflatedSize = 1 << 28
  /// Bytes a compressed file may hold at all.
  public var inflatedMaximum = 64_000_000_000

  public init() {}

  /// What the source says of its compressed files counts before the standard.
  func bounded(by format: FileFormat) -> ReaderLimits {
    var limits = self
    if let times = format.maximumInflation { limits.inflation = times }
    if let bytes = format.maximumInflated { limits.inflatedMaximum = Int(clamping: bytes) }
    return limits
  }

  /// Bytes to add to a text that holds no whole row: as much again, so that a long row costs linear time in all.
  func growth(of count: Int) -> Int {
    max(blockSize, min(count, rowSize + 1 - count))
  }
}
