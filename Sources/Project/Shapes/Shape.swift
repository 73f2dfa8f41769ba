/// What may stand at one place of a configuration file.
///
/// One declaration serves three: the reader checks files against it, `perennial schema` prints it as JSON Schema, and
/// Documentation/Configuration.md describes it.
indirect enum Shape: Sendable {
  case scalar(ScalarKind)
  /// With `single`, one item may stand without the list around it.
  case list(Shape, single: Bool)
  /// A mapping with known keys; `noun` is what a key names (`key`, `entity`, `column`).
  case mapping(noun: Noun, [ShapeKey])
  /// A mapping with names of the user's choice.
  case named(ScalarKind, Shape)
  /// A plain text or a mapping.
  case either(ScalarKind, Shape)
  /// Any mapping at all: what is sent to somebody else, as JSON.
  case document
}

/// One key of a mapping.
struct ShapeKey: Sendable {
  var name: String
  var shape: Shape
  /// One sentence for the reference.
  var meaning: String
  /// The value when the key is missing, in words; nil when there is none.
  var standard: String?
  /// The line to paste when a required key is missing; nil for keys that may be missing.
  var required: String?
  /// Set where the key exists elsewhere but means nothing here: the reason, said instead of "unknown".
  var misplaced: String?
  /// True where `~` takes out what a preset says.
  var isRemovable: Bool

  init(
    _ name: String, _ shape: Shape, _ meaning: String, standard: String? = nil, required: String? = nil,
    misplaced: String? = nil, isRemovable: Bool = false
  ) {
    self.name = name
    self.shape = shape
    self.meaning = meaning
    self.standard = standard
    self.required = required
    self.misplaced = misplaced
    self.isRemovable = isRemovable
  }
}
