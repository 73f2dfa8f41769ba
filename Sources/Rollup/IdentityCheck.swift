import Model

/// The bridge's identity, checked in every roll-up: a run in which it fails publishes nothing.
struct IdentityCheck {
  private let totals: Totals
  private let brokenCustomers: [Int64]

  init(_ totals: Totals, brokenCustomers: [Int64]) {
    self.totals = totals
    self.brokenCustomers = brokenCustomers
  }

  func findings(_ rows: [BridgeRow]) -> [Finding] {
    var findings = brokenCustomers.map {
      failure("customer \($0): the movements do not add up to the ending")
    }
    for row in rows {
      let name =
        "\(row.period.label) \(row.segment.dimension)=\(row.segment.segment) \(row.valuation.rawValue)"
      if row.amounts.sumOfParts != row.amounts.ending {
        findings.append(failure("\(name): the parts do not add up to the ending"))
      }
      if let counts = row.counts, counts.sumOfParts != counts.ending {
        findings.append(failure("\(name): the customers do not add up to the ending"))
      }
    }
    return findings + chain() + segments() + churnWindows()
  }

  private func churnWindows() -> [Finding] {
    guard let window = totals.churnWindow else { return [] }
    let cells = window.reported.amounts.indices.filter { cell in
      [window.reported, window.constant].contains {
        $0.amounts[cell].sumOfParts != $0.amounts[cell].ending
          || $0.counts[cell].sumOfParts != $0.counts[cell].ending
      }
    }
    return cells.map { cell in
      let month = totals.calendar.first + cell % totals.calendar.count
      let segment = totals.segments.keys[cell / totals.calendar.count]
      return failure("30 days to the end of \(month), \(segment): the parts do not add up to the ending")
    }
  }

  /// The ending of a month is the starting of the next, segment by segment once transfers of the new month are counted in.
  private func chain() -> [Finding] {
    var findings: [Finding] = []
    let months = totals.calendar.periods(.month)
    for (before, after) in zip(months, months.dropFirst()) {
      for segment in 0..<totals.segments.count {
        let ending = totals.bridge(before, segment, .asReported).ending
        if ending != totals.bridge(after, segment, .asReported).starting {
          findings.append(
            failure("\(after.label) \(totals.segments.keys[segment]): the opening is not the ending before"))
        }
      }
    }
    return findings
  }

  /// The segments of a dimension add up to the whole, in every column but the transfers among them.
  private func segments() -> [Finding] {
    var findings: [Finding] = []
    for entry in totals.segments.customerDimensions + totals.segments.chargeDimensions {
      for period in totals.calendar.periods(.month) {
        for valuation in [Valuation.asReported, .constant] {
          var sum = BridgeAmounts()
          for segment in entry.base..<entry.base + entry.labels.count {
            sum += totals.bridge(period, segment, valuation)
          }
          let whole = totals.bridge(period, 0, valuation)
          if sum.transferIn + sum.transferOut != 0 {
            findings.append(failure("\(period.label) \(entry.dimension.name): transfers do not cancel out"))
          }
          sum.transferIn = 0
          sum.transferOut = 0
          if sum != whole {
            findings.append(
              failure("\(period.label) \(entry.dimension.name): the segments do not add up to the whole"))
          }
        }
      }
    }
    return findings
  }

  private func failure(_ problem: String) -> Finding {
    Finding(
      .error, "identity-broken", problem, consequence: "nothing is published",
      remedy: "report this with the exports: the program, not the data, is wrong")
  }
}
