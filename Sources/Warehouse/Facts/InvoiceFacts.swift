import GRDB
import Model

/// Reading of invoices and their lines.
extension BillingFacts {
  mutating func readInvoices(
    _ sources: ConfiguredSources, _ part: BookPart?, _ database: Database
  ) throws {
    let rows = try LatestRows(.invoice, sources, part?.of(.invoice), database)
    let (number, customer, subscription) = (
      rows.column("number"), rows.column("customer"), rows.column("subscription")
    )
    let contract = rows.column("contract")
    let (status, currency, issued, due) = (
      rows.column("status"), rows.column("currency"), rows.column("issued"), rows.column("due")
    )
    let (start, end, total, subtotal) = (
      rows.column("period_start"), rows.column("period_end"), rows.column("total"), rows.column("subtotal")
    )
    let (discount, tax, paidAmount) = (
      rows.column("discount"), rows.column("tax"), rows.column("paid_amount")
    )
    let (paid, voided) = (rows.column("paid"), rows.column("voided"))
    var found: [(invoice: Book.Invoice, identity: Int64, number: String?)] = []
    var order = NaturalOrder()
    var facts = self
    try rows.forEachRow { statement, id, system in
      var invoice = Book.Invoice()
      invoice.row = statement.integer(0)
      invoice.customer = facts.customer(statement.optionalInteger(customer))
      invoice.subscription = facts.subscription(
        statement.optionalInteger(subscription), customer: invoice.customer)
      invoice.contract = statement.optionalInteger(contract).flatMap { facts.contracts[$0] } ?? -1
      invoice.status = statement.choice(status, EntityColumn.invoiceStatuses) ?? 255
      invoice.currency = facts.currency(statement.bytes(currency)) ?? -1
      invoice.issued = statement.moment(issued)
      invoice.due = statement.moment(due)
      invoice.periodStart = statement.moment(start)
      invoice.periodEnd = statement.moment(end)
      invoice.total = statement.integer(total)
      invoice.subtotal = statement.optionalInteger(subtotal)
      invoice.discount = statement.optionalInteger(discount)
      invoice.tax = statement.optionalInteger(tax)
      invoice.paidAmount = statement.optionalInteger(paidAmount)
      invoice.paid = statement.moment(paid)
      invoice.voided = statement.moment(voided)
      found.append((invoice, statement.integer(1), statement.optionalText(number)))
      order.append(id, system: system)
    }
    self = facts
    invoiceOrder = order.following(order.sort(&found))
    billing.invoices.reserveCapacity(found.count)
    for (index, entry) in found.enumerated() {
      billing.invoices.append(entry.invoice)
      invoices.set(entry.identity, to: Int32(index))
      invoiceOrder.withID(of: index) { id, system in
        names.add(Int32(index), id: id, number: entry.number, system: system)
      }
    }
  }

  mutating func readLines(
    _ sources: ConfiguredSources, _ part: BookPart?, _ database: Database
  ) throws {
    let rows = try LatestRows(.invoiceLine, sources, part?.of(.invoiceLine), database)
    let columns = LineColumns(rows)
    var found: [Book.InvoiceLine] = []
    var order = NaturalOrder()
    try found.reserveCapacity(rows.atMost())
    order.reserveCapacity(found.capacity)
    var facts = self
    // Lines may name as many; what is not needed is never touched.
    facts.billing.invoices.reserveCapacity(billing.invoices.count + found.capacity)
    try rows.forEachRow { statement, id, system in
      guard let line = facts.line(statement, columns, id, system) else { return }
      found.append(line)
      order.append(id, system: system)
    }
    self = facts
    _ = order.sort(&found)
    billing.lines = found
  }

  private struct LineColumns {
    let invoice, customer, subscription, plan, amount, quantity, discount, tax: Int32
    let currency, start, end, proration, kind, status, issued, contract: Int32

    init(_ rows: LatestRows) {
      invoice = rows.column("invoice")
      customer = rows.column("customer")
      subscription = rows.column("subscription")
      plan = rows.column("plan")
      amount = rows.column("amount")
      quantity = rows.column("quantity")
      discount = rows.column("discount")
      tax = rows.column("tax")
      currency = rows.column("currency")
      start = rows.column("period_start")
      end = rows.column("period_end")
      proration = rows.column("proration")
      kind = rows.column("kind")
      status = rows.column("status")
      issued = rows.column("issued")
      contract = rows.column("contract")
    }
  }

  private mutating func line(
    _ statement: RawStatement, _ columns: LineColumns, _ id: UnsafeBufferPointer<UInt8>, _ system: Int32
  ) -> Book.InvoiceLine? {
    guard let currency = currency(statement.bytes(columns.currency)) else { return nil }
    var line = Book.InvoiceLine()
    line.row = statement.integer(0)
    line.currency = currency
    // A line that names no invoice is one of its own, under its id.
    line.invoice =
      statement.isNull(columns.invoice)
      ? place(ofInvoice: id, system)
      : namedInvoice(statement.bytes(columns.invoice), system)
    let invoice = billing.invoices[Int(line.invoice)]
    line.customer = customer(statement.optionalInteger(columns.customer))
    if line.customer < 0 { line.customer = invoice.customer }
    line.subscription = subscription(
      statement.optionalInteger(columns.subscription), customer: line.customer)
    if line.subscription < 0 { line.subscription = invoice.subscription }
    if line.customer < 0, line.subscription >= 0 {
      // Only what the subscription's own row says: what another line says of it would depend on their order.
      let entry = subscriptions.entries[Int(line.subscription)]
      if !entry.states.isEmpty { line.customer = customer(entry.customer) }
    }
    // What it names is its own also where nobody knows that contract.
    line.contract =
      statement.optionalInteger(columns.contract).map { contracts[$0] ?? -1 } ?? invoice.contract
    line.kind = statement.choice(columns.kind, EntityColumn.chargeKinds) ?? 0
    if let plan = statement.optionalInteger(columns.plan) {
      line.plan = plans.refer(to: plan, names: naturalIDs.text)
      let known = plans.plans[Int(line.plan)]
      if let product = known.product { line.product = products.slot(adding: product) }
      if known.isMetered, statement.isNull(columns.kind) { line.kind = 2 }
    }
    line.amount = statement.integer(columns.amount)
    line.discount = statement.optionalInteger(columns.discount) ?? 0
    line.tax = statement.optionalInteger(columns.tax) ?? 0
    line.quantity = statement.optionalInteger(columns.quantity)
    line.periodStart = statement.moment(columns.start)
    line.periodEnd = statement.moment(columns.end)
    line.isProration = statement.integer(columns.proration) == 1
    line.status = statement.choice(columns.status, EntityColumn.invoiceStatuses) ?? 255
    line.issued = statement.moment(columns.issued)
    return line
  }

  /// The invoice a payment names; one that nothing else knows gets a place of its own, so that tries to pay it belong together.
  mutating func paidInvoice(_ identity: Int64?, system: Int32) -> Int32 {
    guard let identity else { return -1 }
    let known = invoice(identity, system: system)
    guard known < 0 else { return known }
    var name = naturalIDs.text(identity)
    return name.withUTF8 { namedInvoice($0, system) }
  }

  /// The invoice a line names; one that no row describes gets a place of its own.
  private mutating func namedInvoice(_ name: UnsafeBufferPointer<UInt8>, _ system: Int32) -> Int32 {
    let next = Int32(billing.invoices.count)
    let found = names.find(name, system: system, orAdd: next)
    return found == next ? place(ofInvoice: name, system) : found
  }

  private mutating func place(ofInvoice id: UnsafeBufferPointer<UInt8>, _ system: Int32) -> Int32 {
    billing.invoices.append(Book.Invoice())
    invoiceOrder.append(id, system: system)
    return Int32(billing.invoices.count - 1)
  }

  /// Puts invoices that only lines name among the others, in the order of their ids.
  mutating func sortInvoices() {
    let places = invoiceOrder.sort(&billing.invoices)
    func moved(_ invoice: Int32) -> Int32 { invoice < 0 ? -1 : places[Int(invoice)] }
    for index in billing.lines.indices { billing.lines[index].invoice = moved(billing.lines[index].invoice) }
    for index in billing.creditNotes.indices {
      billing.creditNotes[index].invoice = moved(billing.creditNotes[index].invoice)
    }
    for index in billing.payments.indices {
      billing.payments[index].invoice = moved(billing.payments[index].invoice)
    }
    for index in billing.refunds.indices {
      billing.refunds[index].invoice = moved(billing.refunds[index].invoice)
    }
  }
}
