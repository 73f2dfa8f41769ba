/// Rows of one entity that are in memory, or were put away where they take none.
public struct HeldBatch: Sendable {
  public let kind: EntityKind
  public let count: Int
  private let batch: EntityBatch?
  private let load: (@Sendable () throws -> EntityBatch)?

  /// Rows in memory.
  public init(_ batch: EntityBatch) {
    kind = batch.kind
    count = batch.count
    self.batch = batch
    load = nil
  }

  /// Rows that `load` brings back, as often as it is asked.
  public init(kind: EntityKind, count: Int, load: @escaping @Sendable () throws -> EntityBatch) {
    self.kind = kind
    self.count = count
    batch = nil
    self.load = load
  }

  public var isPutAway: Bool { load != nil }

  /// The rows. Those that were put away are read each time: ask once for many.
  ///
  /// Throws when the place they were put is gone.
  public func rows() throws -> EntityBatch {
    if let batch { return batch }
    return try load?() ?? EntityBatch(kind: kind)
  }
}

/// Where rows are put that would take too much memory until they are written to the warehouse.
public struct BatchShelf: Sendable {
  /// Bytes of cells from which on a batch is put away.
  public let batchSize: Int
  /// Puts a batch away; nil where it has to stay in memory: there is no room, or little enough is in memory.
  public let put: @Sendable (EntityBatch) -> HeldBatch?

  public init(batchSize: Int = 1 << 20, put: @escaping @Sendable (EntityBatch) -> HeldBatch?) {
    self.batchSize = batchSize
    self.put = put
  }
}
