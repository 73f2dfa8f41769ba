import Model

/// A text as a page or a mail shows it: a true minus, as wide as the plus, and no line break inside a number.
///
/// `(-USD 3,693.35)` becomes `(\u{2212}USD\u{A0}3,693.35)`; days and names with a hyphen stay as they are.
func typeset(_ text: String) -> String {
  guard text.utf8.contains(0x20) || text.utf8.contains(0x2D) else { return text }
  let words = text.split(separator: " ", omittingEmptySubsequences: false)
  var result = ""
  for (number, word) in words.enumerated() {
    let next = number + 1 < words.count ? words[number + 1] : ""
    result += withMinus(word, next)
    if number + 1 < words.count { result += isOneNumber(word, next) ? "\u{A0}" : " " }
  }
  return result
}

/// Money's code, and what stands behind a number.
private func isCode(_ word: Substring) -> Bool {
  word.count == 3 && word.allSatisfy { ("A"..."Z").contains($0) }
}
private let units: Set<Substring> = ["%", "k", "M", "bn", "pp", "months", "days"]
private let monthNames = Set(
  (1...12).flatMap { number -> [Substring] in
    let month = Month(year: 2000, month: number)
    return [Substring(month.nameOfMonth), Substring(month.monthName)]
  })

private func isDigit(_ character: Character?) -> Bool { character.map { ("0"..."9").contains($0) } ?? false }

/// A hyphen that begins a number is a minus.
private func withMinus(_ word: Substring, _ next: Substring) -> String {
  let opening = word.prefix { $0 == "(" || $0 == "\u{2068}" }
  let rest = word.dropFirst(opening.count)
  guard rest.first == "-" else { return String(word) }
  let number = rest.dropFirst()
  guard isDigit(number.first) || isCode(number) && isDigit(next.first) else { return String(word) }
  return opening + "\u{2212}" + number
}

/// Whether what stands on both sides of a space is read as one.
private func isOneNumber(_ left: Substring, _ right: Substring) -> Bool {
  let left = left.drop { "(+-\u{2212}\u{2068}".contains($0) }
  let right = right.prefix { !".,;:)\u{2069}".contains($0) || isDigit(right.first) }
  let style = WrittenStyle.current
  if isDigit(right.first) {
    if isCode(left) { return true }
    if monthNames.contains(left) { return right.prefix(4).allSatisfy { isDigit($0) } && right.count >= 4 }
    return style.groupMark == "\u{A0}" && isDigit(left.last) && isDigit(left.first)
  }
  if ["▲", "▼", "■"].contains(left) { return right.first.map { "+-\u{2212}(".contains($0) } ?? false }
  let isBehind = style.hasCurrencyBehind && isCode(right)
  return isDigit(left.last) && (units.contains(right) || isBehind)
    || isBehind && ["k", "M", "bn"].contains(left)
}
