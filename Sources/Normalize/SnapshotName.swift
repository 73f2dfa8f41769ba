import Model

/// The snapshot instant a file's name declares; nil when the name does not match the pattern or there is no
/// such day.
///
/// `pattern` has `YYYY`, `MM`, `DD`, optionally `hh`, `mm`, `ss`, and `*` for anything:
/// `subscriptions_YYYY-MM-DD*.csv`. Letters count as a field where no other letter touches them, so that the
/// `mm` of `summary` is text; `YYYY`, `MM` and `DD` also where they stand in the pattern only once. Folders
/// of `fileName` and a `.gz` or `.zst` behind the pattern are ignored. With a time the moment is an instant in UTC,
/// else a plain day.
public func snapshotMoment(of fileName: String, pattern: String) -> Moment? {
  // A URL's parameters are no part of a file's name.
  let path = fileName.contains("://") ? fileName.prefix { $0 != "?" } : fileName[...]
  let name = Array((path.split(separator: "/").last ?? "").utf8)
  let template = snapshotPieces(of: Array((pattern.split(separator: "/").last ?? "").utf8))
  for suffix in ["", ".gz", ".zst"].map({ Array($0.utf8) }) where name.ends(with: suffix) {
    var numbers: [UInt8: Int] = [:]
    guard matches(name.dropLast(suffix.count), template[...], &numbers) else { continue }
    guard let year = numbers[0x59], let month = numbers[0x4D], let dayOfMonth = numbers[0x44],
      let day = Day(year: year, month: month, day: dayOfMonth)
    else { return nil }
    guard let hour = numbers[0x68] else { return Moment(day: day) }
    let (minute, second) = (numbers[0x6D] ?? 0, numbers[0x73] ?? 0)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    return Moment(instant: Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second))
  }
  return nil
}

private enum SnapshotPiece {
  case literal(UInt8)
  case anything
  case number(UInt8, digits: Int)
}

private func snapshotPieces(of pattern: [UInt8]) -> [SnapshotPiece] {
  var pieces: [SnapshotPiece] = []
  var index = 0
  while index < pattern.count {
    let byte = pattern[index]
    var length = 1
    while index + length < pattern.count, pattern[index + length] == byte { length += 1 }
    let wanted = byte == 0x59 ? 4 : "MDhms".utf8.contains(byte) ? 2 : 0
    let before = index > 0 ? pattern[index - 1] : 0
    let after = index + length < pattern.count ? pattern[index + length] : 0
    let isFree = [before, after].allSatisfy { !isLetter($0) || "YMDhmsTZ".utf8.contains($0) }
    let stands = isFree || byte < 0x61 && occurrences(of: byte, wanted, in: pattern) == 1
    if length == wanted, stands {
      pieces.append(.number(byte, digits: wanted))
    } else {
      for _ in 0..<length { pieces.append(byte == 0x2A ? .anything : .literal(byte)) }
    }
    index += length
  }
  return pieces
}

private func occurrences(of letter: UInt8, _ length: Int, in pattern: [UInt8]) -> Int {
  let field = [UInt8](repeating: letter, count: length)
  return pattern.indices.count { pattern[$0...].starts(with: field) }
}

private func matches(
  _ name: ArraySlice<UInt8>, _ pieces: ArraySlice<SnapshotPiece>, _ numbers: inout [UInt8: Int]
) -> Bool {
  guard let piece = pieces.first else { return name.isEmpty }
  switch piece {
  case .literal(let byte):
    return name.first == byte && matches(name.dropFirst(), pieces.dropFirst(), &numbers)
  case .anything:
    return (0...name.count).contains { matches(name.dropFirst($0), pieces.dropFirst(), &numbers) }
  case .number(let field, let digits):
    let text = name.prefix(digits)
    guard text.count == digits, text.allSatisfy({ $0 &- 0x30 <= 9 }) else { return false }
    numbers[field] = text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return matches(name.dropFirst(digits), pieces.dropFirst(), &numbers)
  }
}

extension Array where Element == UInt8 {
  fileprivate func ends(with suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}
