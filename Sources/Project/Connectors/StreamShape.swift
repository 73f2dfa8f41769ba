import Model

/// The shape of one stream of a connector.
enum StreamShape {
  static let stream = Shape.mapping(noun: .key, RequestShape.keys(needsPath: true) + own)

  /// What a stream says besides how all of it is asked for.
  static let own = [
    ShapeKey(
      "title", .scalar(.text), "What the records are, in words.", standard: "the stream's name in words"),
    ShapeKey(
      "key", .scalar(.fieldPath), "The record's own id; of CSV, a column.", required: "key: id"),
    ShapeKey(
      "nested", .list(.scalar(.fieldPath), single: true),
      "Lists inside a record that the API cuts short: `items` for `{items: {data: [...], has_more: true, url: /v1/...}}`. They are read to their end by last id."
    ),
    ShapeKey(
      "deleted",
      .mapping(
        noun: .key,
        [
          ShapeKey("field", .scalar(.fieldPath), "The field that says so.", required: "field: deleted"),
          ShapeKey(
            "values", .list(.scalar(.anyText), single: true), "Its values for a deleted record.",
            standard: "true"),
        ]), "How a record says that it is deleted."),
    ShapeKey(
      "version", .scalar(.fieldPath),
      "A field by which the newer of two versions of one record is told, where `changes` names none.",
      standard: "the one that came later"),
    ShapeKey(
      "changes", changes, "How to ask for what changed since the last read.",
      standard: "every read is of everything"),
    ShapeKey(
      "preset", .scalar(.text), "What the records mean: a preset of this page, or one of the project's own."),
    ShapeKey(
      "mapping", mapping,
      "What the records mean, in a source's own words: `dates`, `format` and `entities`. Without it and without `preset` they are kept in the landing folder only."
    ),
  ]

  /// `format` is the time's: a list of changes is written as the stream's own is.
  static let changes = Shape.mapping(
    noun: .key, RequestShape.keys(needsPath: false).filter { $0.name != "format" } + ownOfChanges)

  static let ownOfChanges = [
    ShapeKey(
      "field", .scalar(.fieldPath),
      "When a record changed, as the API says: a field of the record, or of the notice where there are `notices`.",
      required: "field: updated_at"),
    ShapeKey(
      "format", .scalar(.datePattern),
      "How that time is written, in the records and in the question.", standard: "iso"),
    ShapeKey(
      "bound", .scalar(.oneOf(StreamChanges.Bound.allCases.map(\.rawValue))),
      "Whether records of the very time that is asked with are given (`inclusive`) or not.",
      standard: "inclusive"),
    ShapeKey(
      "overlap", .scalar(.duration),
      "How far a read reaches back before the last one's end, for what was late then.", standard: "10 min"),
    ShapeKey(
      "remembers", .scalar(.duration),
      "How long the API knows of changes. After a longer pause everything is read. Required with `notices`.",
      standard: "for ever"),
    ShapeKey(
      "full_every", .scalar(.duration),
      "How often everything is read all the same: for deletions that changes do not show.", standard: "never"),
    ShapeKey(
      "without_time",
      .mapping(
        noun: .key,
        RequestShape.keys(needsPath: false) + [
          ShapeKey(
            "gone", gone, goneMeaning,
            standard: "everything is read then, or where there are `notices`, it is asked for as they say")
        ]),
      "A question for the records whose `field` is empty, which the one for changes never gives; over the stream's own. It is asked in every read."
    ),
    ShapeKey(
      "notices", notices, "That the list is one of notices, each of which names a record to be asked for."),
  ]

  private static let goneMeaning =
    "How a record is asked for that was in that list and is in no answer any more. The answer 404 means that it is deleted."

  private static let gone = Shape.mapping(noun: .key, oneRecord)

  private static let notices = Shape.mapping(
    noun: .key,
    [
      ShapeKey("key", .scalar(.fieldPath), "The notice's own id.", required: "key: id"),
      ShapeKey(
        "record", .scalar(.fieldPath), "The record's id in the notice.", required: "record: data.object.id"),
    ] + oneRecord)

  /// How one record is asked for by its id.
  private static let oneRecord =
    RequestShape.keys(needsPath: true).filter { ["path", "method", "parameters", "body"].contains($0.name) }
    .map(ofNotices) + [
      ShapeKey(
        "records", .scalar(.fieldPath), "The way to the record in the reply.",
        standard: "the reply is the record")
    ]

  private static func ofNotices(_ key: ShapeKey) -> ShapeKey {
    guard key.name == "path" else { return key }
    var key = key
    key.meaning =
      "Where one record is asked for, `{id}` standing for its id. The answer 404 means that it is deleted."
    key.required = "path: \"/v1/subscriptions/{id}\""
    return key
  }

  /// What a source says of its columns, without what the stream says already.
  static let mapping = Shape.mapping(
    noun: .key,
    SourceShape.keys.compactMap { key in
      var key = key
      switch key.name {
      case "dates", "entities": return key
      case "format":
        key.shape = SourceShape.formatOfStream
        return key
      default: return nil
      }
    })
}
