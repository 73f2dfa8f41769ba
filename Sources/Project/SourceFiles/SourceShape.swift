import Model

/// The shape of `Config/sources/NAME.yml` and of presets.
enum SourceShape {
  /// All there is, for the reference and the schema.
  static let file = Shape.mapping(noun: .key, keys)

  static let keys =
    [
      ShapeKey(
        "preset", .scalar(.text),
        "A known export's mapping to begin with; what else the file says overrides it: a text changes only the column, a mapping the whole field, `~` takes it out."
      ),
      ShapeKey(
        "system", .scalar(.text),
        "The system whose ids the rows carry: equal ids of one system are one thing.",
        standard: "the file's name, or the preset's"),
      ShapeKey(
        "files", .list(.scalar(FilesEntry.kind), single: true),
        "Paths or globs, relative to the project, or URLs (`https://`, `s3://bucket/exports/*.csv`, `sftp://host/exports/*.csv`). `subscriptions_YYYY-MM-DD.csv` stands for all files with a date in just that place, and says at once where `data_through` is read from.",
        standard: "required, unless there is a `connector`"),
      ShapeKey(
        "connector", .scalar(.text),
        "A connector to read the records with instead of files: one of this page, or of the project's own in `Config/connectors/`."
      ),
      ShapeKey(
        "stream", .scalar(.text), "Which of the connector's streams.", standard: "required with a `connector`"
      ),
      ShapeKey(
        "base_url", .scalar(.webAddress), "Where the connector's API is.",
        standard: "the connector's `base_url`"),
      ShapeKey("access", AccessShape.access, "Who asks for files that lie elsewhere, and whom it trusts."),
      ShapeKey("transfer", AccessShape.transfer, "How long and how often fetching is tried, and how fast."),
      ShapeKey("format", format, "How the files are written; what is left out is detected."),
      ShapeKey(
        "dates", .scalar(.datePattern),
        "How dates are written, unless a field says otherwise. `YY` in a pattern is a year from 1969 to 2068.",
        standard: "iso"),
      ShapeKey(
        "extent", .scalar(.oneOf(SourceConfiguration.Extent.allCases.map(\.rawValue))),
        "Whether a read holds everything there is (`full`: a period that is gone was never true, a state that is gone has ended; of dated files of periods the latest is the whole truth) or only changes (`delta`).",
        standard: "full"),
      ShapeKey(
        "data_through", .either(dataThroughText, dataThrough),
        "Up to when the data is complete: a date, an instant, `as_of` (the run's `--as-of`), or where to read it.",
        standard: "the date in `files`, else as_of"),
      ShapeKey(
        "quarantine",
        .mapping(
          noun: .key,
          [
            ShapeKey(
              "max_share", .scalar(.share), "Share of bad rows above which nothing is published.",
              standard: "1 %")
          ]), "What happens with bad rows."),
      ShapeKey(
        "hold",
        .mapping(
          noun: .key,
          [
            ShapeKey(
              "rows_fall", .scalar(.share), "Fall in rows above which the run is held.", standard: "20 %"),
            ShapeKey(
              "mrr_fall", .scalar(.share), "Fall in MRR above which the run is held.", standard: "20 %"),
          ]), "When a fall is too large to be believed: the run is held until `perennial accept SOURCE`."),
      ShapeKey("entities", EntityShape.entities, "What the columns mean: entities and their columns."),
    ]

  static let dataThroughText = ScalarKind(
    finding: .badValue, expected: "a date such as `2024-01-31`, an instant, or `as_of`",
    known: { ["as_of"] },
    schema: .type("string"),
    accepts: { $0 == "as_of" || Moment(iso: $0) != nil })

  static let dataThrough = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "file_name", .scalar(filePattern), "Pattern of the file's name: `subscriptions_YYYY-MM-DD.csv`."),
      ShapeKey("column", .scalar(EntityShape.columnName), "A column; its latest value counts."),
      ShapeKey(
        "date", .scalar(.datePattern), "How the column's dates are written.", standard: "the source's `dates`"
      ),
    ])

  private static let filePattern = ScalarKind(
    finding: .badDatePattern, expected: "a file name with `YYYY`, `MM` and `DD` in it",
    schema: .type("string")
  ) { DatedFileName($0) != nil }

  private static let delimiter = ScalarKind(
    finding: .badValue, expected: "a text without line breaks",
    schema: ["type": "string", "pattern": #"^[^\n\r]+$"#]
  ) { text in !text.isEmpty && !text.utf8.contains { $0 == 0x0A || $0 == 0x0D } }

  private static let skippedRows = ScalarKind(
    finding: .badValue, expected: "true, false or blank",
    known: { FileFormat.SkippedRows.allCases.map(\.rawValue) }, schema: ["enum": [true, false, "blank"]],
    accepts: { FileFormat.SkippedRows(rawValue: $0) != nil })

  static let format = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "type", .scalar(.oneOf(FileFormat.Kind.allCases.map(\.rawValue))),
        "What the files are: delimited text (`csv`), JSON documents one a line (`ndjson`), or one JSON document (`json`). In JSON a column is a field: `customer.id`, or as a JSON pointer where a name holds a dot, `/metadata/crm.id`; `discounts.0.id` is in the first element of an array.",
        standard: "by the file's ending, else by its first bytes"),
      ShapeKey(
        "records", .scalar(.fieldPath),
        "Of one JSON document, the way to the array of its records: `data` in `{\"data\": [...]}`.",
        standard: "the document is the array, or one record"),
      ShapeKey(
        "each", .scalar(.fieldPath),
        "Of JSON, an array inside each document of which every element becomes a row: with `each: items.data` the field `items.data.id` is that of the element, `id` that of the document.",
        standard: "a document is a row"),
      ShapeKey(
        "delimiter", .scalar(delimiter), "What separates fields: `,` `;` `|`, `tab`, or a longer text.",
        standard: "detected"),
      ShapeKey(
        "encoding", .scalar(.oneOf(FileFormat.Encoding.allCases.map(\.rawValue))),
        "How letters are written as bytes.",
        standard: "detected"),
      ShapeKey(
        "decimal", .scalar(.mark([".", ","], expected: "`.` or `,`")),
        "The decimal mark of numbers; of JSON, of numbers that are written as texts.",
        standard: "."),
      ShapeKey(
        "thousands", .scalar(.mark([",", ".", "'", " "], expected: "`,` `.` `'` or a space in quotes")),
        "What groups the digits of numbers.",
        standard: "nothing"),
      ShapeKey("header", .scalar(.flag), "Whether the first line names the columns.", standard: "true"),
      ShapeKey(
        "columns", .list(.scalar(.text), single: false), "Names of the columns, where there is no header."),
      ShapeKey("skip_lines", .scalar(.whole(0...10_000)), "Lines before the header.", standard: "0"),
      ShapeKey(
        "footer", .list(.scalar(.text), single: true),
        "A row whose first field begins so ends the records: totals, remarks."),
      ShapeKey("comment", .scalar(.text), "Lines that begin so are skipped."),
      ShapeKey("quote", .scalar(.oneByte), "What encloses fields.", standard: "\""),
      ShapeKey(
        "escape", .scalar(.oneByte), "What stands before a quote inside a field.",
        standard: "the quote itself"),
      ShapeKey(
        "max_inflation", .scalar(.whole(1...1_000_000)),
        "How many times its size a compressed file (gzip, zstd) may hold, beyond 268 MB.", standard: "250"),
      ShapeKey(
        "max_inflated", .scalar(.size), "Bytes a compressed file may hold at all.", standard: "64 GB"),
      ShapeKey(
        "skip_empty_lines", .scalar(skippedRows),
        "Whether empty lines are no rows. `blank` skips as well the rows that have nothing but white space in every field, such as the `,,,` that spreadsheets leave below a table.",
        standard: "true"),
    ])
}
