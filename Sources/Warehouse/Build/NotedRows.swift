import Model

/// What the index of a version table is to say of its rows, which are numbered from 1 on.
struct NotedRows {
  private(set) var count = 0
  private(set) var source: Int64 = 0
  private var firstIdentity: Int64 = 0
  /// Identities of the rows; empty while each is the one before it and one more.
  private var identities: [Int64] = []
  /// Whether each row's identity comes after the one before it.
  private var ascend = true
  /// ``Moment/packed`` of what the rows are valid from; the least number for none. Empty while none has any.
  private var froms: [Int64] = []

  @inline(__always) mutating func add(_ stamp: VersionStamp) {
    if count == 0 { firstIdentity = stamp.identity }
    if identities.isEmpty, stamp.identity != firstIdentity + Int64(count) {
      identities = (0..<count).map { firstIdentity + Int64($0) }
      ascend = count == 0 || firstIdentity + Int64(count) - 1 < stamp.identity
      identities.append(stamp.identity)
    } else if !identities.isEmpty {
      ascend = ascend && identities[count - 1] < stamp.identity
      identities.append(stamp.identity)
    }
    if let from = stamp.validFrom?.packed {
      if froms.isEmpty { froms = Array(repeating: .min, count: count) }
      froms.append(from)
    } else if !froms.isEmpty {
      froms.append(.min)
    }
    source = stamp.source
    count += 1
  }

  private func identity(_ row: Int) -> Int64 {
    identities.isEmpty ? firstIdentity + Int64(row) : identities[row]
  }

  private func from(_ row: Int) -> Moment? {
    froms.isEmpty || froms[row] == .min ? nil : Moment(packed: froms[row])
  }

  /// Positions of the rows by identity, and of one identity as the index compares what they are valid from.
  func forEachInOrder(_ body: (_ row: Int, _ identity: Int64, _ from: Moment?) throws -> Void) rethrows {
    if ascend {
      for row in 0..<count { try body(row, identity(row), from(row)) }
      return
    }
    var keyed = identities.indices.map { KeyedRow(key: UInt64(identities[$0]), index: Int32($0)) }
    sortByRadix(&keyed)
    if !froms.isEmpty {
      var start = 0
      while start < keyed.count {
        var end = start + 1
        while end < keyed.count, keyed[end].key == keyed[start].key { end += 1 }
        if end - start > 1 { keyed[start..<end].sort { text(Int($0.index)) < text(Int($1.index)) } }
        start = end
      }
    }
    for entry in keyed {
      let row = Int(entry.index)
      try body(row, identity(row), from(row))
    }
  }

  /// As the index compares it.
  private func text(_ row: Int) -> String { from(row)?.description ?? "" }
}
