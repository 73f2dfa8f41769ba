import Model

/// One value of a configuration file with its place, as written: nothing is guessed about its type.
struct ConfigurationNode {
  struct Entry {
    var key: String
    var keyPlace: Place
    var value: ConfigurationNode
  }

  enum Content {
    /// A key without a value, `~` or `null`.
    case nothing
    case scalar(String)
    case list([ConfigurationNode])
    case mapping([Entry])
  }

  var content: Content
  var place: Place
  /// True for what a preset says rather than the project's own file.
  var isFromPreset = false
  /// True for a text in quotes, or in a block of its own: in a JSON document `"1"` is a text, `1` a number.
  var isQuoted = false
  /// True for a checked mapping that held a key nobody knows: what seems to be missing may be that one, misspelt.
  var hasUnknownKeys = false

  subscript(key: String) -> ConfigurationNode? { entry(key)?.value }

  func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }

  var entries: [Entry] {
    if case .mapping(let entries) = content { entries } else { [] }
  }

  var text: String? {
    if case .scalar(let text) = content { text } else { nil }
  }

  /// The items of a list; a single value counts as a list of one.
  var items: [ConfigurationNode] {
    switch content {
    case .nothing: []
    case .scalar, .mapping: [self]
    case .list(let items): items
    }
  }

  /// True for `[]`.
  var isEmptyList: Bool {
    if case .list(let items) = content { items.isEmpty } else { false }
  }

  var texts: [String] { items.compactMap(\.text) }

  var whole: Int? { text.flatMap(Int.init) }

  var flag: Bool? { text.map { $0 == "true" } }

  /// True for what ``readYAML(_:file:_:)`` makes of a file without any key.
  var isEmptyFile: Bool {
    if case .mapping(let entries) = content { entries.isEmpty } else { false }
  }

  /// What the value is, in words.
  var kindInWords: String {
    switch content {
    case .nothing: "nothing"
    case .scalar: "a single value"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
