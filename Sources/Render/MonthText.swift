import Model

private let monthNames = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November",
  "December",
]

extension Month {
  /// `February 2024`.
  var longName: String { "\(nameOfMonth) \(year)" }
  /// `Feb 2024`.
  var shortName: String { "\(monthName) \(year)" }
  /// `Feb`, for axes.
  var monthName: String { String(nameOfMonth.prefix(3)) }

  /// `February`. A warehouse without data can be asked about months before year 0.
  var nameOfMonth: String { monthNames[(Int(number) % 12 + 12) % 12] }
}

/// Months as short as they can be said: `Jan 2024, Mar 2024 to May 2024`.
func monthsText(_ months: [Month]) -> String {
  var runs: [(first: Month, last: Month)] = []
  for month in months.sorted() {
    if let last = runs.last, month - last.last <= 1 {
      runs[runs.count - 1].last = month
    } else {
      runs.append((month, month))
    }
  }
  return runs.map { run in
    run.first == run.last ? run.first.shortName : "\(run.first.shortName) to \(run.last.shortName)"
  }.joined(separator: ", ")
}

/// `A`, `A and B`, `A, B and C`.
func listText(_ parts: [String]) -> String {
  guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
  return parts.dropLast().joined(separator: ", ") + " and " + last
}
