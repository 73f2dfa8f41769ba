import Model

/// `iso`, `epoch_seconds`, `epoch_milliseconds`, or a pattern; nil when the pattern names no whole date.
///
/// A pattern needs a year (`YYYY` or `YY`), a month (`MM`, `M` or `MMM`) and may leave the day out; letters that are no
/// field must be `T` or `Z`, so that `dd/mm/yyyy` is told from `DD/MM/YYYY`.
func dateFormat(_ text: String) -> FieldMapping.DateFormat? {
  switch text {
  case "iso": return .iso
  case "epoch_seconds": return .epochSeconds
  case "epoch_milliseconds": return .epochMilliseconds
  default: break
  }
  var fields: [String] = []
  var rest = text[...]
  while let first = rest.first {
    guard first.isLetter else {
      rest = rest.dropFirst()
      continue
    }
    let run = String(rest.prefix { $0 == first })
    guard patternFields.contains(run) else { return nil }
    fields.append(run)
    rest = rest.dropFirst(run.count)
  }
  let years = fields.filter { $0.hasPrefix("Y") }
  let months = fields.filter { $0.hasPrefix("M") }
  guard years.count == 1, months.count == 1, Set(fields).count == fields.count else { return nil }
  return .pattern(text)
}

private let patternFields: Set<String> = [
  "YYYY", "YY", "MM", "M", "MMM", "DD", "D", "hh", "mm", "ss", "T", "Z",
]
