import GRDB
import Model

/// Reading of credit notes, payments and refunds.
extension BillingFacts {
  mutating func readCreditNotes(
    _ sources: ConfiguredSources, _ part: BookPart?, _ database: Database
  ) throws {
    let rows = try LatestRows(.creditNote, sources, part, database)
    let (invoice, customer, amount, tax) = (
      rows.column("invoice"), rows.column("customer"), rows.column("amount"), rows.column("tax")
    )
    let (currency, status) = (rows.column("currency"), rows.column("status"))
    let (issued, voided) = (rows.column("issued"), rows.column("voided"))
    var found: [Book.CreditNote] = []
    var order = NaturalOrder()
    var facts = self
    try rows.forEachRow { statement, id, system in
      guard let currency = facts.currency(statement.bytes(currency)) else { return }
      var note = Book.CreditNote()
      note.row = statement.integer(0)
      note.currency = currency
      note.invoice = facts.invoice(statement.optionalInteger(invoice), system: system)
      note.customer = facts.customer(statement.optionalInteger(customer))
      if note.customer < 0 { note.customer = facts.customer(ofInvoice: note.invoice) }
      note.amount = statement.integer(amount)
      note.tax = statement.optionalInteger(tax) ?? 0
      note.isVoid = statement.choice(status, EntityColumn.creditNoteStatuses) == 1
      note.issued = statement.moment(issued)
      note.voided = statement.moment(voided)
      if note.voided != nil, !note.isVoid { facts.voided.add(note.row, of: .creditNote) }
      found.append(note)
      order.append(id, system: system)
    }
    self = facts
    billing.creditNotes = order.sorted(found)
  }

  mutating func readPayments(
    _ sources: ConfiguredSources, _ part: BookPart?, _ database: Database
  ) throws {
    let rows = try LatestRows(.payment, sources, part, database)
    let (invoice, customer, amount, currency) = (
      rows.column("invoice"), rows.column("customer"), rows.column("amount"), rows.column("currency")
    )
    let (status, created, attempt) = (rows.column("status"), rows.column("created"), rows.column("attempt"))
    var found: [(payment: Book.Payment, identity: Int64)] = []
    var order = NaturalOrder()
    var facts = self
    try rows.forEachRow { statement, id, system in
      guard let currency = facts.currency(statement.bytes(currency)) else { return }
      var payment = Book.Payment()
      payment.row = statement.integer(0)
      payment.currency = currency
      payment.invoice = facts.paidInvoice(statement.optionalInteger(invoice), system: system)
      payment.customer = facts.customer(statement.optionalInteger(customer))
      if payment.customer < 0 { payment.customer = facts.customer(ofInvoice: payment.invoice) }
      payment.amount = statement.integer(amount)
      payment.status = statement.choice(status, EntityColumn.paymentStatuses) ?? 0
      payment.created = statement.moment(created)
      payment.attempt = statement.optionalInteger(attempt)
      found.append((payment, statement.integer(1)))
      order.append(id, system: system)
    }
    self = facts
    for (index, entry) in order.sorted(found).enumerated() {
      billing.payments.append(entry.payment)
      payments.set(entry.identity, to: Int32(index))
    }
  }

  mutating func readRefunds(
    _ sources: ConfiguredSources, _ part: BookPart?, _ database: Database
  ) throws {
    let rows = try LatestRows(.refund, sources, part, database)
    let (payment, invoice, customer, amount) = (
      rows.column("payment"), rows.column("invoice"), rows.column("customer"), rows.column("amount")
    )
    let (currency, status, created) = (
      rows.column("currency"), rows.column("status"), rows.column("created")
    )
    var found: [Book.Refund] = []
    var order = NaturalOrder()
    var facts = self
    try rows.forEachRow { statement, id, system in
      guard let currency = facts.currency(statement.bytes(currency)) else { return }
      var refund = Book.Refund()
      refund.row = statement.integer(0)
      refund.currency = currency
      refund.payment = statement.optionalInteger(payment).flatMap { facts.payments[$0] } ?? -1
      let given = refund.payment < 0 ? nil : facts.billing.payments[Int(refund.payment)]
      refund.invoice = facts.invoice(statement.optionalInteger(invoice), system: system)
      if refund.invoice < 0, let given { refund.invoice = given.invoice }
      refund.customer = facts.customer(statement.optionalInteger(customer))
      if refund.customer < 0, let given { refund.customer = given.customer }
      if refund.customer < 0 { refund.customer = facts.customer(ofInvoice: refund.invoice) }
      refund.amount = statement.integer(amount)
      refund.status = statement.choice(status, EntityColumn.paymentStatuses) ?? 1
      refund.created = statement.moment(created)
      found.append(refund)
      order.append(id, system: system)
    }
    self = facts
    billing.refunds = order.sorted(found)
  }

  private func customer(ofInvoice invoice: Int32) -> Int32 {
    invoice < 0 ? -1 : billing.invoices[Int(invoice)].customer
  }
}
