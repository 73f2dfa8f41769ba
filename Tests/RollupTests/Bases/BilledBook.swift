import Model

/// Invoices and contracts in a test's own words: amounts in whole units, days as ISO text.
///
/// Invoices, lines and contracts are to be written in the order of their ids.
extension TestBook {
  /// The invoice of that name, made when first named.
  @discardableResult
  mutating func invoice(
    _ name: String, issued: String? = nil, change: (inout Book.Invoice) -> Void = { _ in }
  )
    -> Int32
  {
    let index = invoiceNames.firstIndex(of: name) ?? invoiceNames.count
    if index == invoiceNames.count {
      invoiceNames.append(name)
      book.billing.invoices.append(Book.Invoice())
      book.billing.invoices[index].row = Int64(index + 1)
      book.billing.invoices[index].currency = 0
    }
    if let issued { book.billing.invoices[index].issued = Moment(iso: issued)! }
    change(&book.billing.invoices[index])
    return Int32(index)
  }

  /// A line of an invoice, which is issued on the first day of the line's period unless it says otherwise.
  mutating func line(
    _ customerName: String, _ amount: Double, _ start: String, _ end: String, on invoiceName: String,
    subscription: Int32 = -1, plan planName: String? = nil, prorated: Bool = false,
    kind: String = "recurring", currency: String = "USD", change: (inout Book.InvoiceLine) -> Void = { _ in }
  ) {
    var line = Book.InvoiceLine()
    line.row = Int64(book.billing.lines.count + 1)
    line.invoice = invoice(invoiceName)
    line.customer = customer(customerName)
    line.subscription = subscription
    if let planName { line.plan = plan(planName) }
    line.currency = Int32(book.currencies.firstIndex(of: Currency(currency)!)!)
    line.amount = Int64((amount * 1_000_000).rounded())
    line.periodStart = Moment(iso: start)!
    line.periodEnd = Moment(iso: end)!
    line.isProration = prorated
    line.kind = UInt8(EntityColumn.chargeKinds.firstIndex(of: kind)!)
    change(&line)
    book.billing.lines.append(line)
    book.fed.insert(.invoiceLine)
  }

  mutating func creditNote(_ amount: Double, of invoiceName: String?, isVoid: Bool = false) {
    var note = Book.CreditNote()
    if let invoiceName { note.invoice = invoice(invoiceName) }
    note.amount = Int64((amount * 1_000_000).rounded())
    note.isVoid = isVoid
    book.billing.creditNotes.append(note)
  }

  mutating func refund(_ amount: Double, of invoiceName: String, status: String = "succeeded") {
    var refund = Book.Refund()
    refund.invoice = invoice(invoiceName)
    refund.amount = Int64((amount * 1_000_000).rounded())
    refund.status = UInt8(EntityColumn.paymentStatuses.firstIndex(of: status)!)
    book.billing.refunds.append(refund)
  }

  /// Returns the contract's place, for its steps to name.
  @discardableResult
  mutating func contract(
    _ customerName: String, _ amount: Double?, _ start: String?, _ end: String?, signed: String? = nil,
    canceled: String? = nil, rampOf: Int32 = -1, change: (inout Book.Contract) -> Void = { _ in }
  ) -> Int32 {
    var contract = Book.Contract()
    contract.row = Int64(book.billing.contracts.count + 1)
    contract.customer = customer(customerName)
    contract.currency = 0
    contract.amount = amount.map { Int64(($0 * 1_000_000).rounded()) }
    contract.start = start.map { Moment(iso: $0)! }
    contract.end = end.map { Moment(iso: $0)! }
    contract.signed = signed.map { Moment(iso: $0)! }
    contract.canceled = canceled.map { Moment(iso: $0)! }
    contract.rampOf = rampOf
    change(&contract)
    book.billing.contracts.append(contract)
    book.fed.insert(.contract)
    return Int32(book.billing.contracts.count - 1)
  }

  /// MRR at the ends of the months, in whole units.
  func mrr(
    _ months: String..., policy change: (inout Policy) -> Void = { _ in }
  ) -> [Double] {
    let result = rolledUp(through: months[months.count - 1]) { policy in
      if !book.billing.lines.isEmpty { policy.basis = .invoices }
      if !book.billing.contracts.isEmpty { policy.basis = .contracts }
      change(&policy)
    }
    return months.map { result.number("mrr", $0) ?? 0 }
  }
}
