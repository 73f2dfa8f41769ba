/// One file of `Config/sources/`: which files to read, how they are written, and what their columns mean.
public struct SourceConfiguration: Sendable, Hashable {
  public enum Extent: String, Sendable, CaseIterable { case full, delta }
  /// What one row states: a period with its own start and end, or the state at the snapshot's instant.
  public enum Rows: String, Sendable, CaseIterable {
    case periods
    case currentState = "current_state"
  }

  /// Where the declared snapshot instant comes from; never the file's modification time.
  public enum DataThrough: Sendable, Hashable {
    /// `--as-of` of the run.
    case asOf
    case fixed(Moment)
    /// A pattern with `YYYY`, `MM`, `DD` (and optionally `hh`, `mm`, `ss`) in the file's name: `subscriptions_YYYY-MM-DD.csv`.
    case fileName(String)
    /// The latest value of a column.
    case column(FieldMapping)
  }

  /// One entity fed by each row.
  public struct EntityMapping: Sendable, Hashable {
    public var entity: EntityKind
    public var rows: Rows
    /// By entity column name; `attributes` are in ``attributes``.
    public var fields: [String: FieldMapping]
    /// Free attributes of a customer, by name.
    public var attributes: [String: FieldMapping]
    public var place: Place
    public init(
      entity: EntityKind, rows: Rows, fields: [String: FieldMapping],
      attributes: [String: FieldMapping] = [:],
      place: Place
    ) {
      self.entity = entity
      self.rows = rows
      self.fields = fields
      self.attributes = attributes
      self.place = place
    }
  }

  /// A stream of a connector, as this source reads it.
  public struct StreamReference: Sendable, Hashable {
    public var connector: Connector
    public var stream: ConnectorStream
    public init(connector: Connector, stream: ConnectorStream) {
      self.connector = connector
      self.stream = stream
    }
  }

  /// The source's name: its file's name without extension.
  public var name: String
  /// The system whose ids the rows carry: rows of two sources with one system and one id are one entity.
  public var system: String
  /// Paths or globs, relative to the project's folder; or `http://`, `https://`, `s3://` and `sftp://` URLs.
  public var files: [String]
  public var access: SourceAccess
  /// The API's list that the records come from instead of files.
  public var stream: StreamReference?
  public var preset: String?
  public var format: FileFormat
  public var extent: Extent
  public var dataThrough: DataThrough
  public var entities: [EntityMapping]
  /// Share of rows, in millionths, above which quarantine turns the run into exit 1.
  public var maximumQuarantineShare: Int64
  /// Fall in rows and in MRR, in millionths of the last published, above which the run is held.
  public var maximumRowFall: Int64
  public var maximumMRRFall: Int64
  public var place: Place

  public init(
    name: String, system: String, files: [String], preset: String? = nil, format: FileFormat = FileFormat(),
    extent: Extent = .full, dataThrough: DataThrough = .asOf, entities: [EntityMapping],
    maximumQuarantineShare: Int64 = 10_000, maximumRowFall: Int64 = 200_000, maximumMRRFall: Int64 = 200_000,
    access: SourceAccess = SourceAccess(), stream: StreamReference? = nil, place: Place
  ) {
    self.name = name
    self.system = system
    self.files = files
    self.access = access
    self.stream = stream
    self.preset = preset
    self.format = format
    self.extent = extent
    self.dataThrough = dataThrough
    self.entities = entities
    self.maximumQuarantineShare = maximumQuarantineShare
    self.maximumRowFall = maximumRowFall
    self.maximumMRRFall = maximumMRRFall
    self.place = place
  }

  /// Every secret that reading this source needs.
  public var references: [SecretReference] { access.references + (stream?.connector.references ?? []) }
}

/// How a file is written. What is nil is detected, and the decision recorded.
public struct FileFormat: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Delimited text, whatever the delimiter.
    case csv
    /// A JSON document a line.
    case ndjson
    /// One JSON document.
    case json
  }
  public enum Encoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case utf16le = "utf-16le"
    case utf16be = "utf-16be"
    case latin1 = "latin-1"
  }

  /// Which rows are none, though they take a line.
  public enum SkippedRows: String, Sendable, CaseIterable {
    /// Every line is a row; an empty one has one empty field.
    case none = "false"
    /// Lines without any character.
    case empty = "true"
    /// Also rows all of whose fields, quoted or not, are empty or hold white space alone: `,,,`.
    case blank
  }

  public var kind: Kind?
  /// Of one JSON document: the way to its array of records, where the document is not that array.
  public var records: FieldPath?
  /// Of JSON: the way to an array inside of each document, of which every element becomes a record.
  public var each: FieldPath?
  public var encoding: Encoding?
  /// One or more bytes of text, `,` `;` tab `|`.
  public var delimiter: String?
  public var quote: UInt8
  /// The byte that escapes a quote inside a quoted field; the quote itself when nil.
  public var escape: UInt8?
  /// Lines that start so are skipped.
  public var comment: String?
  public var header: Bool
  /// Column names where the file has no header.
  public var columns: [String]?
  /// Lines before the header.
  public var skipLines: Int
  /// A row whose first field starts so ends the records: totals and footers ("Total", "Copyright").
  public var footer: [String]
  public var skippedRows: SkippedRows
  /// `.` or `,`.
  public var decimalMark: UInt8
  /// Thousands separator, if any: `,` `.` `'` or a space.
  public var thousands: UInt8?
  /// How many times its size, and how many bytes at all, a compressed file may hold; the reader's bounds when nil.
  public var maximumInflation: Int?
  public var maximumInflated: Int64?

  public init(
    encoding: Encoding? = nil, delimiter: String? = nil, quote: UInt8 = 0x22, escape: UInt8? = nil,
    comment: String? = nil,
    header: Bool = true, columns: [String]? = nil, skipLines: Int = 0, footer: [String] = [],
    skippedRows: SkippedRows = .empty,
    decimalMark: UInt8 = 0x2E, thousands: UInt8? = nil, kind: Kind? = nil, records: FieldPath? = nil,
    each: FieldPath? = nil, maximumInflation: Int? = nil, maximumInflated: Int64? = nil
  ) {
    self.kind = kind
    self.records = records
    self.each = each
    self.encoding = encoding
    self.delimiter = delimiter
    self.quote = quote
    self.escape = escape
    self.comment = comment
    self.header = header
    self.columns = columns
    self.skipLines = skipLines
    self.footer = footer
    self.skippedRows = skippedRows
    self.decimalMark = decimalMark
    self.thousands = thousands
    self.maximumInflation = maximumInflation
    self.maximumInflated = maximumInflated
  }
}

/// Where one field of an entity comes from and how its text is read.
public struct FieldMapping: Sendable, Hashable {
  public enum Origin: Sendable, Hashable {
    case column(String)
    case constant(String)
    /// `{Account ID}-{Month}`: column names in braces.
    case template(String)
  }
  public enum Bound: String, Sendable, CaseIterable { case exclusive, inclusive }
  public enum DateFormat: Sendable, Hashable {
    /// Fields `YYYY YY MM M DD D MMM hh mm ss` and literal characters: `DD.MM.YYYY`, `YYYY-MM-DDThh:mm:ssZ`. A trailing `Z` field reads `Z` or an offset.
    case pattern(String)
    case epochSeconds
    case epochMilliseconds
    /// `YYYY-MM-DD`, or an RFC 3339 instant.
    case iso
  }
  public enum Unit: String, Sendable, CaseIterable { case major, minor }

  public var origin: Origin
  public var date: DateFormat
  /// True where a file without the column just has no values; otherwise a missing column is an error.
  public var optional: Bool
  /// Only for ends: what the date written there means.
  public var bound: Bound?
  public var unit: Unit
  /// Of an amount: whether a document states it once for all the rows it gives, so that each gets a share.
  public var isShared: Bool
  /// Text replaced before reading; a text not in the map is a bad value unless `otherwise` says what to take.
  public var map: [String: String]?
  public var otherwise: String?
  /// Columns that must have no value: with one the row cannot be told exactly, and is bad.
  public var refused: [String]
  /// What is wrong where one of them has a value, or a text is not in the map, and what to do about it: whole sentences, for the finding.
  public var because: String?
  /// Taken when the text is missing.
  public var defaultValue: String?
  /// Texts that mean "missing" beside the empty field.
  public var missing: [String]
  public var place: Place

  public init(
    _ origin: Origin, date: DateFormat = .iso, bound: Bound? = nil, unit: Unit = .major,
    map: [String: String]? = nil,
    otherwise: String? = nil, refused: [String] = [], because: String? = nil, defaultValue: String? = nil,
    missing: [String] = [],
    optional: Bool = false,
    isShared: Bool = false, place: Place = Place(file: "")
  ) {
    self.origin = origin
    self.date = date
    self.bound = bound
    self.unit = unit
    self.map = map
    self.otherwise = otherwise
    self.refused = refused
    self.because = because
    self.defaultValue = defaultValue
    self.missing = missing
    self.optional = optional
    self.isShared = isShared
    self.place = place
  }
}
