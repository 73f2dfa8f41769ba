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

  @inline(__always) func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  @inline(__always) func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  @inline(__always) func moment(_ column: Int32) -> Moment? {
    isNull(column) ? nil : MomentText.read(bytes(column))
  }

  @inline(__always) func choice(_ column: Int32, _ names: [String]) -> UInt8? {
    guard !isNull(column) else { return nil }
    let found = bytes(column)
    return names.firstIndex { $0.utf8.count == found.count && $0.utf8.elementsEqual(found) }.map { UInt8($0) }
  }
}

extension RawStatement: RowFields {}
