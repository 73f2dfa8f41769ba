import Model

/// What the figures of a report rest on: the lines at its foot.
struct ReportBasis {
  var lines: [(label: String, text: String)] = []

  init(_ index: FigureIndex) {
    let data = index.data
    let overrides =
      data.policyOverrides.isEmpty ? "no overrides" : data.policyOverrides.joined(separator: "; ")
    lines.append(("Policy", "\(data.policyName), \(overrides)"))
    lines.append(("Reporting currency", data.currency.code))
    lines.append(("Exchange rates", Self.rates(data)))
    lines.append(("Time zone", data.zoneName))
    lines.append(
      (
        "Fiscal year starts",
        data.fiscalYearStart == 1
          ? "January"
          : Month(year: 2000, month: data.fiscalYearStart).longName.split(separator: " ").first.map(
            String.init) ?? ""
      ))
    lines.append(
      ("Data through", data.sources.map { "\($0.name) \($0.dataThrough)" }.joined(separator: "; ")))
    lines.append(
      ("Provisional months", data.provisionalMonths.isEmpty ? "none" : monthsText(data.provisionalMonths)))
    lines.append(("Rows in quarantine", Self.quarantine(data)))
    lines.append(("Unmatched accounts", Self.unmatched(data)))
    lines.append(("Grade of the figures", Self.grade(index)))
  }

  /// The rates of the reported month and of the month before, which the bridge opens at.
  private static func rates(_ data: ReportData) -> String {
    let foreign = data.ratesUsed.filter {
      $0.from != $0.to && ($0.month == data.month || $0.month == data.month - 1)
    }
    if foreign.isEmpty {
      return data.ratesUsed.contains { $0.from != $0.to } ? "none in \(data.month.longName)" : "none needed"
    }
    let sorted = foreign.sorted {
      ($0.from, $0.to, $1.month, $0.day?.number ?? 0) < ($1.from, $1.to, $0.month, $1.day?.number ?? 0)
    }
    var texts: [String] = []
    for rate in sorted {
      let day = rate.day.map { "of \($0)" } ?? "of \(rate.month)"
      let text = "1 \(rate.from) = \(rateText(rate.rate)) \(rate.to) \(day)"
      if !texts.contains(text) { texts.append(text) }
    }
    return texts.joined(separator: "; ")
  }

  private static func quarantine(_ data: ReportData) -> String {
    let held = data.sources.filter { $0.quarantined > 0 }
    guard !held.isEmpty else { return "none" }
    return held.map { "\($0.name) \(countText($0.quarantined)) of \(countText($0.rows + $0.quarantined))" }
      .joined(separator: "; ")
  }

  private static func unmatched(_ data: ReportData) -> String {
    guard data.unlinkedAccounts + data.unlinkedCustomers > 0 else { return "none" }
    return "\(countText(data.unlinkedAccounts)) CRM accounts without a billing customer; "
      + "\(countText(data.unlinkedCustomers)) billing customers without a CRM account"
  }

  private static func grade(_ index: FigureIndex) -> String {
    let data = index.data
    let worst = data.figures.filter { $0.period.last == data.month && $0.segment == .all }.map(\.grade).max()
    switch worst ?? .exact {
    case .exact: return "exact"
    case .reconstructed: return "in part reconstructed from invoices"
    case .assumed: return "in part assumed: snapshots do not prove every charge's past"
    }
  }
}

/// A count with thousands separators.
func countText(_ count: Int) -> String { decimalText(Int128(count), scale: 0, digits: 0) }

/// A rate as a decimal: exact where it has at most ten decimals, else rounded to six and marked.
func rateText(_ rate: ExactRate) -> String {
  let scaled = Int128(rate.numerator) * powerOfTen(10)
  guard scaled % Int128(rate.denominator) != 0 else {
    return exactDecimalText(scaled / Int128(rate.denominator), scale: 10)
  }
  return "≈ " + decimalText(roundedQuotient(scaled, Int128(rate.denominator)), scale: 10, digits: 6)
}
