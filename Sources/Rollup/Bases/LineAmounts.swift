import Model

/// What is left of invoice lines after discounts, credit notes and refunds.
struct LineAmounts {
  /// Micro-units by line; nil where a credit note or refund took all of it.
  private(set) var left: [Int64?] = []
  private(set) var faults = BillingFaults()
  /// Positions of lines whose amount less its discount does not fit.
  private(set) var tooLarge: Set<Int32> = []

  private let billing: Book.Billing
  private let tax: UInt8
  private let fee: UInt8
  private let draft: UInt8
  private let void: UInt8
  private let succeeded: UInt8

  init(_ billing: Book.Billing, _ policy: Policy) {
    self.billing = billing
    func code(_ name: String, _ names: [String]) -> UInt8 { UInt8(names.firstIndex(of: name) ?? 255) }
    tax = code("tax", EntityColumn.chargeKinds)
    fee = code("fee", EntityColumn.chargeKinds)
    draft = code("draft", EntityColumn.invoiceStatuses)
    void = code("void", EntityColumn.invoiceStatuses)
    succeeded = code("succeeded", EntityColumn.paymentStatuses)
    let subtractsDiscounts = policy.discountForever != .ignore
    left = billing.lines.indices.map { subtractsDiscounts ? discounted($0) : billing.lines[$0].amount }
    share(subtractsDiscounts, policy.refunds == .subtract)
  }

  /// A discount takes at most what there is, of a credit as of a charge.
  private mutating func discounted(_ position: Int) -> Int64 {
    let line = billing.lines[position]
    let (net, overflow) = line.amount.subtractingReportingOverflow(line.discount)
    guard !overflow else {
      tooLarge.insert(Int32(position))
      return 0
    }
    guard (line.amount > 0) == (net > 0) || net == 0 else {
      if line.amount > 0 { faults.excessDiscounts += 1 }
      return 0
    }
    return line.amount == 0 ? 0 : net
  }

  // MARK: Of whole invoices

  /// What is taken off an invoice's lines of one currency.
  private struct Reduction {
    var discount: Int64 = 0
    var credited: Int128 = 0
  }

  private struct Key: Hashable {
    var invoice: Int32
    var currency: Int32
  }

  private mutating func share(_ subtractsDiscounts: Bool, _ subtractsRefunds: Bool) {
    var reductions: [Key: Reduction] = [:]
    if subtractsDiscounts {
      for (index, invoice) in billing.invoices.enumerated() {
        guard let discount = invoice.discount, discount > 0 else { continue }
        reductions[Key(invoice: Int32(index), currency: invoice.currency), default: Reduction()].discount +=
          discount
      }
    }
    var withLines: Set<Int32>?
    func isKnown(_ invoice: Int32) -> Bool {
      if invoice < 0 || billing.invoices[Int(invoice)].row != 0 { return invoice >= 0 }
      let known = withLines ?? Set(billing.lines.map(\.invoice))
      withLines = known
      return known.contains(invoice)
    }
    func credit(_ invoice: Int32, _ currency: Int32, _ amount: Int64) {
      guard isKnown(invoice) else {
        faults.unknownCredits += 1
        return
      }
      reductions[Key(invoice: invoice, currency: currency), default: Reduction()].credited += Int128(amount)
    }
    for note in billing.creditNotes where !note.isVoid && note.amount > 0 {
      credit(note.invoice, note.currency, note.amount)
    }
    if subtractsRefunds {
      for refund in billing.refunds where refund.status == succeeded && refund.amount > 0 {
        credit(refund.invoice, refund.currency, refund.amount)
      }
    }
    guard !reductions.isEmpty else { return }
    let (lines, fees) = linesByInvoice(reductions)
    for (key, reduction) in reductions.sorted(by: {
      ($0.key.invoice, $0.key.currency) < ($1.key.invoice, $1.key.currency)
    }) {
      // Of an invoice without lines nothing recurs.
      guard lines[key] != nil || fees[key] != nil else { continue }
      reduce(lines[key] ?? [], fees[key] ?? 0, by: reduction, of: billing.invoices[Int(key.invoice)])
    }
  }

  /// The lines whose amounts are shared over, in the order of their ids, and what the fees beside them, which bear the excess, come to.
  private func linesByInvoice(_ reductions: [Key: Reduction]) -> (lines: [Key: [Int]], fees: [Key: Int128]) {
    var (lines, fees) = ([Key: [Int]](), [Key: Int128]())
    for (index, line) in billing.lines.enumerated() where line.kind != tax {
      let key = Key(invoice: line.invoice, currency: line.currency)
      guard reductions[key] != nil else { continue }
      let status = billing.status(of: line)
      guard status != draft, status != void else { continue }
      if line.kind == fee {
        fees[key, default: 0] += Int128(max(0, left[index] ?? 0))
      } else {
        lines[key, default: []].append(index)
      }
    }
    return (lines, fees)
  }

  private mutating func reduce(
    _ lines: [Int], _ fees: Int128, by reduction: Reduction, of invoice: Book.Invoice
  ) {
    let excess = take(Int128(reduction.discount), from: lines)
    if excess > fees { faults.excessDiscounts += 1 }
    let owing = lines.filter { (left[$0] ?? 0) > 0 }
    // A draft or void invoice bills nothing that could be given back.
    if take(reduction.credited, from: owing) > max(0, fees - excess), invoice.status != draft,
      invoice.status != void
    {
      faults.excessCredits += 1
    }
    guard reduction.credited > 0 else { return }
    for line in owing where left[line] == 0 { left[line] = nil }
  }

  /// Shares an amount out over the positive ones of the lines by largest remainder; returns what it is more than they are.
  private mutating func take(_ amount: Int128, from lines: [Int]) -> Int128 {
    guard amount > 0 else { return 0 }
    let positive = lines.filter { (left[$0] ?? 0) > 0 }
    let weights = positive.map { left[$0] ?? 0 }
    let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
    guard amount < sum else {
      for line in positive { left[line] = 0 }
      return amount - sum
    }
    let shares = sharesByLargestRemainder(of: Int64(clamping: amount), weights: weights)
    for (line, share) in zip(positive, shares) { left[line] = (left[line] ?? 0) - share }
    return 0
  }
}
