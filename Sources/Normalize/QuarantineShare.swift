import Model

/// What a source's quarantine means for the run: nil when it is empty, a warning with counts within the
/// configured share, an error above it.
///
/// `bad` counts records, malformed ones included; `rows` are what quarantine holds of them.
public func quarantineFinding(
  bad: Int, of records: Int, rows: [QuarantinedRow], source: SourceConfiguration
) -> Finding? {
  guard bad > 0 else { return nil }
  let allowed = source.maximumQuarantineShare
  let isTooMuch = Int128(bad) * 1_000_000 > Int128(records) * Int128(allowed)
  let name: NormalizeFinding = isTooMuch ? .quarantineShare : .rowsQuarantined
  // One record is there once for each entity it feeds.
  let counts = Dictionary(grouping: Set(rows.map { Reason(name: $0.name, place: $0.place) }), by: \.name)
    .mapValues(\.count).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
  let listed = counts.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  let share = records == 0 ? 1_000_000 : Int64(Int128(bad) * 1_000_000 / Int128(records))
  return name.finding(
    at: source.place,
    "\(bad) of \(records) records of source \(source.name) are in quarantine (\(percent(share)), allowed \(percent(allowed))): \(listed)"
  )
}

private struct Reason: Hashable {
  var name: String
  var place: Place
}

/// Millionths as a percentage with at most four decimals, rounded down: `1.25 %`.
private func percent(_ millionths: Int64) -> String {
  var decimals = String(millionths % 10_000 + 10_000).dropFirst()
  while decimals.last == "0" { decimals.removeLast() }
  return "\(millionths / 10_000)\(decimals.isEmpty ? "" : "." + decimals) %"
}

/// The first rows in quarantine as warnings with an excerpt for the caret, one for each record.
public func quarantineExcerpts(_ rows: [QuarantinedRow], first limit: Int) -> [Finding] {
  var findings: [Finding] = []
  var lastPlace: Place?
  for row in rows where row.place != lastPlace {
    guard findings.count < limit else { break }
    lastPlace = row.place
    // A row over several lines has no one line to point into; a JSON record has no lines worth keeping.
    let isOneLine = !row.raw.utf8.contains { $0 == 0x0A || $0 == 0x0D }
    let beginning =
      row.place.byte == nil ? nil : row.raw.prefix(400).split { $0.isWhitespace }.joined(separator: " ")
    findings.append(
      Finding(
        .warning, row.name, at: row.place, row.reason, excerpt: isOneLine ? row.raw : beginning,
        consequence: "the row is in quarantine; an id that had a good version keeps it"))
  }
  return findings
}
