import Model

/// Reads the compiled time-zone format TZif (RFC 8536): the transitions up to a year, the footer's rule expanded.
///
/// nil when the bytes are no such file.
func reportingZone(named name: String, timeZoneFile bytes: [UInt8], throughYear: Int = 2100) -> ReportingZone?
{
  guard let first = TimeZoneBlock(bytes, at: 0, timeSize: 4) else { return nil }
  guard first.version >= 2 else {
    return ReportingZone(name: name, firstOffset: first.firstOffset, transitions: first.transitions)
  }
  guard let block = TimeZoneBlock(bytes, at: first.end, timeSize: 8) else { return nil }
  var transitions = block.transitions
  let footer = String(decoding: bytes[block.end...].drop { $0 == 0x0A }.prefix { $0 != 0x0A }, as: UTF8.self)
  if let rule = TimeZoneRule(footer) {
    let last = transitions.last?.at
    let lastYear = last.map { ReportingZone.utc.day(ofInstant: $0).civil.year } ?? 1970
    for year in lastYear...max(lastYear, throughYear) {
      transitions += rule.transitions(in: year).filter { change in last.map { change.at > $0 } ?? true }
    }
  }
  return ReportingZone(name: name, firstOffset: block.firstOffset, transitions: transitions)
}

/// One of the two data blocks of a TZif file.
private struct TimeZoneBlock {
  var version: Int
  var firstOffset: Int32
  var transitions: [(at: Int64, offset: Int32)]
  /// Offset of the first byte behind it.
  var end: Int

  init?(_ bytes: [UInt8], at start: Int, timeSize: Int) {
    func number(_ offset: Int, _ size: Int) -> Int64 {
      let value = bytes[offset..<offset + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return size == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
    guard bytes.count >= start + 44, bytes[start..<start + 4].elementsEqual("TZif".utf8) else { return nil }
    version = bytes[start + 4] == 0 ? 1 : Int(bytes[start + 4]) - 0x30
    let counts = (0..<6).map { Int(number(start + 20 + $0 * 4, 4)) }
    let (utc, standard, leaps, times, types, characters) =
      (counts[0], counts[1], counts[2], counts[3], counts[4], counts[5])
    let timesAt = start + 44
    let indicesAt = timesAt + times * timeSize
    let typesAt = indicesAt + times
    end = typesAt + types * 6 + characters + leaps * (timeSize + 4) + standard + utc
    guard counts.allSatisfy({ $0 >= 0 }), types > 0, bytes.count >= end else { return nil }
    let offsets = (0..<types).map { Int32(truncatingIfNeeded: number(typesAt + $0 * 6, 4)) }
    firstOffset = offsets[0]
    transitions = []
    for index in 0..<times {
      let type = Int(bytes[indicesAt + index])
      guard type < types else { return nil }
      transitions.append((number(timesAt + index * timeSize, timeSize), offsets[type]))
    }
  }
}
