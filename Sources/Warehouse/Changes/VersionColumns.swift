import Model

/// What the columns of one entity's version table hold, between its identity and its stamps.
struct VersionColumns {
  enum Kind { case number, text, moment, reference, choice }

  struct Column {
    var name: String
    var kind = Kind.number
    var isRequired: Bool
    /// A currency: three bytes.
    var isCode: Bool
    /// Where its names stand among ``VersionColumns/choices``, or its parent among the row's.
    var first = 0
  }

  private(set) var all: [Column] = []
  private(set) var choices: [ContiguousArray<UInt8>] = []

  init(_ entity: EntityKind) {
    var parents = 0
    for column in entity.columns.dropFirst() {
      var known = Column(
        name: column.name, isRequired: column.required, isCode: isCurrencyCode(column, in: entity))
      if referredEntity(of: column.name, in: entity) != nil {
        known.kind = .reference
        known.first = parents
        parents += 1
      } else {
        switch column.kind {
        case .text: known.kind = .text
        case .moment: known.kind = .moment
        case .choice(let names):
          known.kind = .choice
          known.first = choices.count
          choices += names.map { ContiguousArray($0.utf8) }
        case .integer, .money, .millionths, .flag: break
        }
      }
      all.append(known)
    }
  }
}
