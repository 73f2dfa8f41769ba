import Model

/// One row by the columns it was asked for, wherever it comes from.
protocol RowFields {
  func isNull(_ column: Int32) -> Bool
  func integer(_ column: Int32) -> Int64
  /// Valid until the next row; empty for null.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>
  func moment(_ column: Int32) -> Moment?
  /// Position of a choice's name among `names`; nil for null.
  func choice(_ column: Int32, _ names: [String]) -> UInt8?
}

extension RowFields {
  @inline(__always) func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
}

extension RawStatement: RowFields {}
