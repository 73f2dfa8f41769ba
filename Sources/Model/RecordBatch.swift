/// Records of one file as they travel from Extract to Normalize: fields are slices of one block of bytes.
///
/// Fields are stored record after record. A field without escapes is a slice of its record's raw text; one with
/// escaped quotes points at an unescaped copy behind the raw text. All text is UTF-8 (Extract has converted and validated it), unquoted and
/// unescaped. A record has the header's number of fields: short and long rows never get this far as records, they
/// travel in ``malformed``.
@frozen public struct RecordBatch: Sendable {
  @frozen public struct Field: Sendable {
    public var offset: UInt32
    /// Twice the length, and 1 more when it was quoted: fields are written and read by the million, as one word each.
    @usableFromInline var packed: UInt32
    /// Less than 2^31.
    @inlinable public var length: UInt32 {
      get { packed &>> 1 }
      set { packed = newValue &<< 1 | packed & 1 }
    }
    /// True when the field stood in quotes: `""` is an empty text, an empty field is missing.
    @inlinable public var quoted: Bool { packed & 1 == 1 }
    @inlinable public init(offset: UInt32, length: UInt32, quoted: Bool) {
      self.offset = offset
      packed = length &<< 1 | (quoted ? 1 : 0)
    }
  }

  /// A field that points at an unescaped copy: where its text stands in the file.
  @frozen public struct Escape: Sendable {
    /// Index in ``RecordBatch/fields``.
    public var field: Int
    /// Offset of the escaped text, behind its opening quote.
    public var offset: UInt32
    @inlinable public init(field: Int, offset: UInt32) {
      self.field = field
      self.offset = offset
    }
  }

  /// A row that could not become a record: wrong number of fields, open quote, bytes that are not text.
  public struct Malformed: Sendable {
    public var line: Int
    public var column: Int
    public var name: String
    public var reason: String
    /// The raw text of the row, at most 4 KiB.
    public var raw: String
    /// Of a JSON record: where it stands, and its fields as far as they were read, in the header's order.
    public var origin: Origin?
    public var pointer: String?
    public var fields: [String]?
    /// Of a JSON record: whether its document may hold elements that are told of nowhere.
    public var hidesElements: Bool
    public init(
      line: Int, column: Int, name: String, reason: String, raw: String, origin: Origin? = nil,
      pointer: String? = nil, fields: [String]? = nil, hidesElements: Bool = false
    ) {
      self.line = line
      self.column = column
      self.name = name
      self.reason = reason
      self.raw = raw
      self.origin = origin
      self.pointer = pointer
      self.fields = fields
      self.hidesElements = hidesElements
    }
  }

  /// Where a JSON record comes from.
  @frozen public struct Origin: Sendable, Hashable {
    /// Offset in the file of what ``RecordBatch/raws`` holds.
    public var byte: Int
    /// Position from 0 in the file's array of records; nil where the line or the file is one document.
    public var index: Int?
    /// Position from 0 in the array that `each` names; nil where a document is one record.
    public var element: Int?
    public init(byte: Int, index: Int? = nil, element: Int? = nil) {
      self.byte = byte
      self.index = index
      self.element = element
    }
  }

  /// Number of fields in each record.
  public var width: Int
  public var bytes: [UInt8]
  /// `width` fields for each record.
  public var fields: [Field]
  /// 1-based line on which each record starts; of a file that is one JSON document the record's 1-based number, 0 when
  /// the document itself is the record. One per
  /// record; records of one document share it.
  public var lines: [Int32]
  /// Each record's raw text, as offset and length in `bytes`, without its line end: what quarantine keeps.
  public var raws: [Field]
  /// The fields that are copies, by ascending field.
  public var escapes: [Escape]
  public var malformed: [Malformed]
  /// One per record of JSON; empty otherwise.
  public var origins: [Origin]

  @inlinable public var count: Int { lines.count }

  @inlinable public init(width: Int) {
    self.width = width
    bytes = []
    fields = []
    lines = []
    raws = []
    escapes = []
    malformed = []
    origins = []
  }

  /// Forgets the records and keeps their memory.
  public mutating func clear(width: Int) {
    self.width = width
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    raws.removeAll(keepingCapacity: true)
    escapes.removeAll(keepingCapacity: true)
    malformed.removeAll()
    origins.removeAll(keepingCapacity: true)
  }
}

/// What Extract found out about one file before its records: the decision on each question, recorded in `source_file`.
public struct SourceFile: Sendable, Hashable {
  /// Path relative to the project's folder, as reports and findings show it.
  public var path: String
  public var bytes: Int
  /// SHA-256 of the file as it lies on disk (compressed), lower-case hex.
  public var digest: String
  /// `utf-8`, `utf-16le`, `utf-16be`, `latin-1` and how it was decided: `declared`, `bom`, `detected`.
  public var encoding: String
  public var encodingDecision: String
  public var delimiter: String
  public var newline: String
  public var compression: String
  public var kind: FileFormat.Kind
  /// Column names in file order, of JSON the paths that the source's mapping names; duplicates and empty ones are made unique (`amount`, `amount#2`, `column#5`).
  public var header: [String]
  /// Records, without header, footer and malformed rows.
  public var rows: Int
  /// The declared snapshot instant of this file, when its source has one.
  public var snapshot: Moment?

  public init(
    path: String, bytes: Int = 0, digest: String = "", encoding: String = "utf-8",
    encodingDecision: String = "detected",
    delimiter: String = ",", newline: String = "lf", compression: String = "none",
    kind: FileFormat.Kind = .csv, header: [String] = [], rows: Int = 0,
    snapshot: Moment? = nil
  ) {
    self.path = path
    self.bytes = bytes
    self.digest = digest
    self.encoding = encoding
    self.encodingDecision = encodingDecision
    self.delimiter = delimiter
    self.newline = newline
    self.compression = compression
    self.kind = kind
    self.header = header
    self.rows = rows
    self.snapshot = snapshot
  }
}

/// A row that could not be used, kept whole so that nothing is lost.
public struct QuarantinedRow: Sendable, Hashable {
  public var place: Place
  public var name: String
  public var reason: String
  public var raw: String
  /// Entity and natural id when they could be read: that key keeps its last good version.
  public var entity: EntityKind?
  public var key: String?
  public init(
    place: Place, name: String, reason: String, raw: String, entity: EntityKind? = nil, key: String? = nil
  ) {
    self.place = place
    self.name = name
    self.reason = reason
    self.raw = raw
    self.entity = entity
    self.key = key
  }

  /// By which the rows of one record are known among those of several reads, whose files may have one name.
  public var record: [String] { [place.description, raw] }
}

/// The raw text of a record that is read once more.
public struct RawRecord: Sendable, Hashable {
  public var text: String
  /// Its offset in a file that is one JSON document.
  public var byte: Int?
  public init(text: String, byte: Int? = nil) {
    self.text = text
    self.byte = byte
  }
}
