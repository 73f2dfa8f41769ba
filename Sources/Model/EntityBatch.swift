/// Normalized rows of one entity from one file, as they travel from Normalize to Warehouse: one flat array of cells.
///
/// A cell is an `Int64` whose meaning is its column's ``EntityColumn/Kind``; ``EntityColumn/null`` is a missing value.
/// Text cells point into ``texts`` (``text(_:)``).
@frozen public struct EntityBatch: Sendable {
  public let kind: EntityKind
  public let width: Int
  public var cells: [Int64]
  public var texts: [UInt8]
  /// 1-based line each row came from.
  public var lines: [Int32]

  public init(kind: EntityKind) {
    self.kind = kind
    width = kind.columns.count
    cells = []
    texts = []
    lines = []
  }

  @inlinable public var count: Int { lines.count }

  /// Appends bytes to the text arena and returns the cell that points at them. Texts are at most 16 MiB.
  @inlinable public mutating func appendText(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64 {
    let cell = Int64(texts.count) << 24 | Int64(bytes.count)
    texts.append(contentsOf: bytes)
    return cell
  }

  @inlinable public mutating func appendText(_ text: String) -> Int64 {
    var copy = text
    return copy.withUTF8 { appendText($0) }
  }

  /// Offset and length in ``texts`` of a text cell that is not null.
  @inlinable public static func range(ofText cell: Int64) -> Range<Int> {
    let offset = Int(cell >> 24)
    return offset..<offset + Int(cell & 0xFF_FFFF)
  }

  @inlinable public func text(_ cell: Int64) -> String? {
    cell == EntityColumn.null ? nil : String(decoding: texts[Self.range(ofText: cell)], as: UTF8.self)
  }

  @inlinable public subscript(row: Int, column: Int) -> Int64 { cells[row * width + column] }
}

/// Everything one source's read says, ready to be compared with what the warehouse knows.
public struct SourceRead: Sendable {
  /// Rows of one entity from one file; all of them, or some in the file's order.
  public struct Part: Sendable {
    /// Index into ``files``.
    public var file: Int
    public let held: HeldBatch
    public init(file: Int, batch: EntityBatch) { self.init(file: file, held: HeldBatch(batch)) }

    public init(file: Int, held: HeldBatch) {
      self.file = file
      self.held = held
    }

    public var kind: EntityKind { held.kind }
    public var count: Int { held.count }
    /// See ``HeldBatch/rows()``.
    public func rows() throws -> EntityBatch { try held.rows() }
  }

  public var source: SourceConfiguration
  public var files: [SourceFile]
  public var parts: [Part]
  public var quarantined: [QuarantinedRow]
  /// Rows in quarantine since an earlier read, of records that this one says nothing of: it is one of changes.
  public var standing: [QuarantinedRow]
  public var findings: [Finding]
  /// All records seen, good, quarantined and malformed together.
  public var records: Int
  /// The instant up to which the source is complete; of several files the latest.
  public var dataThrough: Moment
  /// The records of the one file, where the next read can pass over those that stay as they are; ``parts`` hold only those that
  /// were read.
  public var trail: RecordTrail?
  /// Where the rows come from an API: how it was read, and the cursor to be kept with them.
  public var stream: StreamRead?
  /// Where they are what changed in it: what follows for rows that were not read.
  public var changes: ReadChanges?

  public init(source: SourceConfiguration, dataThrough: Moment) {
    self.source = source
    self.dataThrough = dataThrough
    files = []
    parts = []
    quarantined = []
    standing = []
    findings = []
    records = 0
  }

  /// Records in quarantine, those of earlier reads included; each is listed for all its entities.
  public var badRecords: Int {
    Set(quarantined.map(\.place)).count + Set(standing.map(\.record)).count
  }
}
