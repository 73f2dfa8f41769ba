import Model

/// Documents written down in a test's own words: amounts in whole units, days as ISO text.
extension TestBook {
  private func currency(_ code: String) -> Int32 { Int32(book.currencies.firstIndex(of: Currency(code)!)!) }

  @discardableResult
  mutating func invoice(
    _ customerName: String, _ issued: String?, total: Double = 0, status: String = "open",
    currency code: String = "USD",
    change: (inout Book.Invoice) -> Void = { _ in }
  ) -> Int32 {
    var invoice = Book.Invoice()
    invoice.row = Int64(book.billing.invoices.count + 1)
    invoice.customer = customer(customerName)
    invoice.currency = currency(code)
    invoice.status = UInt8(EntityColumn.invoiceStatuses.firstIndex(of: status)!)
    invoice.issued = issued.map { Moment(iso: $0)! }
    invoice.total = Int64((total * 1_000_000).rounded())
    change(&invoice)
    book.billing.invoices.append(invoice)
    book.fed.insert(.invoice)
    return Int32(book.billing.invoices.count - 1)
  }

  mutating func line(
    _ invoice: Int32, _ amount: Double, _ start: String? = nil, _ end: String? = nil,
    kind: String = "recurring",
    change: (inout Book.InvoiceLine) -> Void = { _ in }
  ) {
    var line = Book.InvoiceLine()
    line.row = Int64(book.billing.lines.count + 1)
    line.invoice = invoice
    line.customer = book.billing.invoices[Int(invoice)].customer
    line.contract = book.billing.invoices[Int(invoice)].contract
    line.currency = book.billing.invoices[Int(invoice)].currency
    line.amount = Int64((amount * 1_000_000).rounded())
    line.periodStart = start.map { Moment(iso: $0)! }
    line.periodEnd = end.map { Moment(iso: $0)! }
    line.kind = UInt8(EntityColumn.chargeKinds.firstIndex(of: kind)!)
    change(&line)
    book.billing.lines.append(line)
    book.fed.insert(.invoiceLine)
  }

  mutating func note(
    _ invoice: Int32, _ issued: String?, _ amount: Double, change: (inout Book.CreditNote) -> Void = { _ in }
  ) {
    var note = Book.CreditNote()
    note.row = Int64(book.billing.creditNotes.count + 1)
    note.invoice = invoice
    if invoice >= 0 {
      note.customer = book.billing.invoices[Int(invoice)].customer
      note.currency = book.billing.invoices[Int(invoice)].currency
    }
    note.amount = Int64((amount * 1_000_000).rounded())
    note.issued = issued.map { Moment(iso: $0)! }
    change(&note)
    book.billing.creditNotes.append(note)
    book.fed.insert(.creditNote)
  }

  mutating func payment(
    _ customerName: String, _ invoice: Int32 = -1, _ created: String?, _ amount: Double,
    _ status: String = "succeeded"
  ) {
    var payment = Book.Payment()
    payment.row = Int64(book.billing.payments.count + 1)
    payment.customer = customer(customerName)
    payment.invoice = invoice
    payment.currency = currency("USD")
    payment.amount = Int64((amount * 1_000_000).rounded())
    payment.status = UInt8(EntityColumn.paymentStatuses.firstIndex(of: status)!)
    payment.created = created.map { Moment(iso: $0)! }
    book.billing.payments.append(payment)
    book.fed.insert(.payment)
  }

  @discardableResult
  mutating func contract(
    _ customerName: String, _ signed: String?, _ start: String?, _ end: String?, _ amount: Double?,
    change: (inout Book.Contract) -> Void = { _ in }
  ) -> Int32 {
    var contract = Book.Contract()
    contract.row = Int64(book.billing.contracts.count + 1)
    contract.customer = customer(customerName)
    contract.signed = signed.map { Moment(iso: $0)! }
    contract.start = start.map { Moment(iso: $0)! }
    contract.end = end.map { Moment(iso: $0)! }
    contract.amount = amount.map { Int64(($0 * 1_000_000).rounded()) }
    change(&contract)
    book.billing.contracts.append(contract)
    book.fed.insert(.contract)
    return Int32(book.billing.contracts.count - 1)
  }
}
