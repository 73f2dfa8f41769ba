import Model

/// What the figures of a report rest on: the lines at its foot.
struct ReportBasis {
  var lines: [(label: String, text: String)] = []

  init(_ index: FigureIndex) {
    let data = index.data
    let overrides =
      data.policyOverrides.isEmpty ? "no overrides" : data.policyOverrides.joined(separator: "; ")
    lines.append(("Policy", "\(data.policyName), \(overrides)"))
    if !data.policyAssumptions.isEmpty {
      lines.append(
        (
          "Assumed of the policy",
          data.policyAssumptions.joined(separator: ", ") + ": not published by its vendor"
        ))
    }
    lines.append(("Basis", String(data.basis.sentence.dropLast())))
    lines.append(("Reporting currency", data.currency.code))
    lines.append(("Exchange rates", Self.rates(data)))
    lines.append(("Time zone", data.zoneName))
    lines.append(("Fiscal year starts", Month(year: 2000, month: data.fiscalYearStart).nameOfMonth))
    lines.append(("Data through", Self.dataThrough(data)))
    lines.append(
      ("Provisional months", data.provisionalMonths.isEmpty ? "none" : monthsText(data.provisionalMonths)))
    if let closed = data.bridge.lazy.filter({ $0.state == .closed }).map(\.period.last).max() {
      lines.append(("Closed months", "to \(closed.longName)"))
    }
    lines.append(("Rows in quarantine", Self.quarantine(data)))
    if let records = Self.streams(data) { lines.append(("Records of APIs", records)) }
    lines.append(("Unmatched accounts", Self.unmatched(data)))
    lines.append(("Grade of the figures", Self.grade(index)))
  }

  /// The rates of the reported month and of the one before, which the bridge opens at, by the day they are of.
  private static func rates(_ data: ReportData) -> String {
    let foreign = data.ratesUsed.filter { $0.from != $0.to }
    let near = foreign.filter { $0.month == data.month || $0.month == data.month - 1 }
    if near.isEmpty { return foreign.isEmpty ? "none needed" : "none in \(data.month.longName)" }
    let sorted = near.sorted {
      ($1.month, $0.day?.number ?? 0, $0.from, $0.to) < ($0.month, $1.day?.number ?? 0, $1.from, $1.to)
    }
    let texts = sorted.map { rate in
      (
        group: rate.day.map(WrittenStyle.current.text) ?? rate.month.shortName,
        text: "1 \(rate.from) \(rateText(rate.rate)) \(rate.to)"
      )
    }
    return grouped(texts)
  }

  private static func dataThrough(_ data: ReportData) -> String {
    grouped(
      data.sources.sorted { ($1.dataThrough.seconds, $0.name) < ($0.dataThrough.seconds, $1.name) }
        .map { source in
          let through = source.dataThrough
          let day = through.isInstant ? nil : Day(iso: through.description)
          return (group: day.map(WrittenStyle.current.text) ?? through.description, text: source.name)
        })
  }

  /// `2024-02-29: a, b; 2024-01-31: c`, in the order given.
  private static func grouped(_ texts: [(group: String, text: String)]) -> String {
    var groups: [(name: String, texts: [String])] = []
    for item in texts {
      if let last = groups.last, last.name == item.group {
        if !last.texts.contains(item.text) { groups[groups.count - 1].texts.append(item.text) }
      } else {
        groups.append((item.group, [item.text]))
      }
    }
    return groups.map { "\($0.name): \($0.texts.joined(separator: ", "))" }.joined(separator: "; ")
  }

  private static func quarantine(_ data: ReportData) -> String {
    let held = data.sources.filter { $0.quarantined > 0 }
    guard !held.isEmpty else { return "none" }
    // How many rows an API's last read had is chance: it may have been one of changes.
    return held.map { source in
      "\(source.name) \(countText(source.quarantined))"
        + (source.proof == nil ? " of \(countText(source.rows))" : "")
    }.joined(separator: "; ")
  }

  /// Whether the sources' own counts or only their word shows that nothing is missing; nil where all are files.
  private static func streams(_ data: ReportData) -> String? {
    let texts = data.sources.sorted { $0.name < $1.name }.compactMap { source in
      source.proof.map { "\(source.name), \($0.sentence())" }
    }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
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
public func countText(_ count: Int) -> String { decimalText(Int128(count), scale: 0, digits: 0) }

/// A rate as a decimal, `= 1.0843`: exact where it has at most ten decimals, else rounded to six, `≈ 0.006802`.
public func rateText(_ rate: ExactRate) -> String {
  let scaled = Int128(rate.numerator) * powerOfTen(10)
  guard scaled % Int128(rate.denominator) != 0 else {
    return "= " + WrittenStyle.marked(exactDecimalText(scaled / Int128(rate.denominator), scale: 10))
  }
  return "≈ " + decimalText(roundedQuotient(scaled, Int128(rate.denominator)), scale: 10, digits: 6)
}
