import Model

/// Plain lines as they are billed.
struct PlainBilling {
  private(set) var lines: [RevenueLine] = []
  /// Lines that count nowhere for want of a date.
  private(set) var undated = 0
  /// Lines whose amount less its discount does not fit.
  private(set) var tooLarge = 0

  init(_ plain: [Book.PlainLine], _ units: LineUnits) {
    lines.reserveCapacity(plain.count)
    for line in plain where !BilledLines.isLeftOut(line.status) {
      if line.net == nil { tooLarge += 1 }
      guard line.kind != BilledLines.tax else { continue }
      guard let issued = line.issued else {
        undated += 1
        continue
      }
      lines.append(
        units.revenueLine(
          line.net ?? 0, line.currency, issued, line.periodStart, line.periodEnd, contract: line.contract,
          subscription: line.subscription, customer: line.customer, invoice: line.invoice,
          isRecurring: line.kind == BilledLines.recurring))
    }
  }
}
