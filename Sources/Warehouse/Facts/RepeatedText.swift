/// Texts of a column that says a few things many times, each made once.
struct RepeatedText {
  private let slots = IdentityIndex()
  private var texts: [String] = []

  mutating func optionalText(_ statement: some RowFields, _ column: Int32) -> String? {
    if statement.isNull(column) { return nil }
    let bytes = statement.bytes(column)
    guard texts.count < 10_000 else { return String(decoding: bytes, as: UTF8.self) }
    let slot = Int(slots.slot(adding: bytes))
    if slot == texts.count { texts.append(String(decoding: bytes, as: UTF8.self)) }
    return texts[slot]
  }
}
