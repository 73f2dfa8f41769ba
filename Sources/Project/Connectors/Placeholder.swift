/// What stands in a connector's request for what is known only when it is sent.
enum Placeholder: String, CaseIterable {
  /// The lower bound of changes.
  case since
  /// The moment of asking.
  case until
  /// A record's id, or a job's.
  case id

  /// `{since}`.
  var text: String { "{\(rawValue)}" }
}
