/// Ids, and what refers to one: texts, but for those that a spreadsheet made of a long number.
///
/// Ids of thirteen digits become `1.23456E+12` all alike, and what they tell apart would be one thing.
struct IdParser: CellParser {
  /// Columns that name something by its id or number.
  static let columns: Set<String> = [
    "id", "customer", "subscription", "plan", "invoice", "payment", "contract", "parent", "link_id", "number",
    "user", "account",
  ]

  let remembers: Bool

  @inline(__always)
  func parse(_ text: FieldBytes, row: UnsafeMutablePointer<Int64>, texts: inout TextArena) -> ParsedCell {
    // Of the bytes a sign could be, ids hardly ever have one: no other byte of theirs is looked at.
    let count = text.count
    if count > 5, text[count &- 3] == 0x2B || text[count &- 4] == 0x2B, isRounded(text) {
      return ParsedCell(.rounded)
    }
    return textCell(text, &texts)
  }
}

/// A digit, a point or comma, digits, `E+`, and two or three digits: the whole of the text.
@inline(never)
private func isRounded(_ text: FieldBytes) -> Bool {
  func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
  guard let exponent = text.firstIndex(of: 0x45), exponent > 2, exponent + 1 < text.count,
    text[exponent + 1] == 0x2B, (2...3).contains(text.count - exponent - 2)
  else { return false }
  return isDigit(text[0]) && (text[1] == 0x2E || text[1] == 0x2C)
    && text[2..<exponent].allSatisfy(isDigit) && text[(exponent + 2)...].allSatisfy(isDigit)
}
