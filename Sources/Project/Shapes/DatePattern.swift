import Model

/// `iso`, `epoch_seconds`, `epoch_milliseconds`, or a pattern; nil when the pattern names no whole date.
///
/// A pattern needs a year (`YYYY` or `YY`) and a month (`MM`, `M` or `MMM`), each field once. Without a day the month's
/// first is meant, so a time of day needs a day. Letters that are no field must be `T`, so that `dd/mm/yyyy` is told from
/// `DD/MM/YYYY`; fields of one or two digits need something between them.
func dateFormat(_ text: String) -> FieldMapping.DateFormat? {
  switch text {
  case "iso": return .iso
  case "epoch_seconds": return .epochSeconds
  case "epoch_milliseconds": return .epochMilliseconds
  default: break
  }
  var fields: [String] = []
  var touchesVaryingField = false
  var rest = text[...]
  while let first = rest.first {
    guard first.isLetter, first != "T" else {
      rest = rest.dropFirst()
      touchesVaryingField = false
      continue
    }
    let run = String(rest.prefix { $0 == first })
    guard patternFields.contains(run), !touchesVaryingField else { return nil }
    fields.append(run)
    rest = rest.dropFirst(run.count)
    touchesVaryingField = run.count == 1 && run != "Z"
  }
  func count(_ letter: Character) -> Int { fields.count { $0.first == letter } }
  let hasTime = count("h") == 1
  guard count("Y") == 1, count("M") == 1, count("D") <= 1, count("h") <= 1, count("m") <= count("h"),
    count("s") <= count("m"), count("Z") <= count("h"), !hasTime || count("D") == 1
  else { return nil }
  return .pattern(text)
}

private let patternFields: Set<String> = [
  "YYYY", "YY", "MMMM", "MMM", "MM", "M", "DD", "D", "hh", "h", "mm", "m", "ss", "s", "Z",
]
