import Model

/// What a stream says of its records: which field is the id, which tells the version, which that it is deleted.
struct RecordShape {
  let key: FieldSteps
  /// Time of change, and how it is written.
  let change: (field: FieldSteps, format: InstantFormat)?
  /// What tells the newer of two versions where there is no time of change.
  let version: FieldSteps?
  let deletion: (field: FieldSteps, values: Set<String>)?
  let nested: [FieldSteps]

  init(_ stream: ConnectorStream) throws(StreamFault) {
    key = FieldSteps(stream.key)
    version = stream.version.map { FieldSteps($0) }
    deletion = stream.deleted.map { (FieldSteps($0.field), Set($0.values)) }
    nested = stream.nested.map { FieldSteps($0) }
    if let changes = stream.changes, changes.notices == nil {
      change = (FieldSteps(changes.field), try changes.instantFormat(stream.name))
    } else {
      change = nil
    }
  }

  /// Whether a record says that it is deleted.
  func isDeleted(_ record: Int, in json: JSONText) -> Bool {
    guard let deletion, let value = json.value(deletion.field, in: record) else { return false }
    return json.scalar(value).map(deletion.values.contains) ?? false
  }

  struct Times {
    /// nil where the record has none.
    var changed: Instant?
    /// Newer versions are greater.
    var version: Instant
  }

  /// - Parameters:
  ///   - changed: The text of the field that says when the record changed.
  ///   - version: The text of ``version``, which orders versions where no time of change does.
  func times(changed: String?, version: String?) throws(UnreadableTime) -> Times {
    if let change, let changed, !changed.isEmpty {
      guard let instant = change.format.read(changed) else {
        throw UnreadableTime(field: change.field.text, text: changed)
      }
      return Times(changed: instant, version: instant)
    }
    guard let steps = self.version, let version, !version.isEmpty else { return Times(version: .none) }
    guard let instant = Instant(version: version) else {
      throw UnreadableTime(field: steps.text, text: version)
    }
    return Times(version: instant)
  }

  struct UnreadableTime: Error {
    var field: String
    var text: String
    var problem: String {
      "has a record whose `\(field)` is \"\(text.prefix(40))\", which is not written as declared"
    }
  }
}

extension StreamChanges {
  func instantFormat(_ stream: String) throws(StreamFault) -> InstantFormat {
    guard let format = InstantFormat(format) else {
      throw StreamFault(
        .sourceNotFetchable, stream, "the pattern of `changes` of stream `\(stream)` has no year or no month",
        remedy: "write it like `YYYY-MM-DDThh:mm:ssZ`")
    }
    return format
  }
}
