import GRDB
import Model

/// Reading of invoices and their lines.
extension BillingFacts {
  mutating func readInvoices(
    _ sources: ConfiguredSources, _ part: BookPart?, _ database: Database
  ) throws {
    let rows = try LatestRows(.invoice, sources, part, database)
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
    let void = EntityColumn.invoiceStatuses.firstIndex(of: "void").map(UInt8.init)
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
      if invoice.voided != nil, invoice.status != void { facts.voided.add(invoice.row, of: .invoice) }
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

  /// - Parameters:
  ///   - areGrouped: Whether anything depends on which invoice a line is of, and on the order of lines. Where nothing does, only a
  ///     line of nobody has a place for its invoice: it is balanced with its like, and the lines are plain.
  ///   - streamed: What was just written to the table, where that is all that is in it.
  ///   - room: Where plain lines may be put aside; nil: they stay in memory.
  mutating func readLines(
    _ sources: ConfiguredSources, _ part: BookPart?, areGrouped: Bool, streamed: StreamedRows?,
    zone: ReportingZone, room: PlainLineShelf.Room?, _ database: Database
  ) throws {
    let rows = try LatestRows(
      .invoiceLine, sources, part, database, columns: LineColumns.names)
    let columns = LineColumns(rows)
    subscriptions.reserve(try rows.atMost())
    guard areGrouped else {
      // Lines of several subscriptions may be balanced as one contract: they stay together.
      let room = billing.contracts.isEmpty ? room : nil
      let shelf = try PlainLineShelf(atMost: rows.atMost(), in: room)
      try readPlainLines(rows, columns, streamed, zone, shelf)
      return
    }
    var found: [Book.InvoiceLine] = []
    try found.reserveCapacity(rows.atMost())
    var order = NaturalOrder()
    order.reserveCapacity(found.capacity)
    // Lines may name as many; what is not needed is never touched.
    billing.invoices.reserveCapacity(billing.invoices.count + found.capacity)
    try rows.forEachRow { statement, id, system in
      let name = statement.isNull(columns.invoice) ? nil : statement.bytes(columns.invoice)
      let invoice = invoice(ofLine: id, system, named: name)
      guard let line = line(columns.read(statement), of: invoice) else { return }
      found.append(line)
      order.append(id, system: system)
    }
    _ = order.sort(&found)
    billing.lines = found
  }

  private mutating func readPlainLines(
    _ rows: LatestRows, _ columns: LineColumns, _ streamed: StreamedRows?, _ zone: ReportingZone,
    _ empty: consuming PlainLineShelf
  ) throws {
    var shelf = empty
    func add(_ row: LineRow, _ invoiceName: String?, _ known: KnownOwner) {
      guard var line = line(row, of: nil, known) else { return }
      if row.isLone {
        var (id, name) = (naturalIDs.text(row.identity), invoiceName)
        let system = rows.system(named: naturalIDs.system(of: row.identity))
        line.invoice = id.withUTF8 { id in
          name?.withUTF8 { invoice(ofLine: id, system, named: $0) } ?? invoice(ofLine: id, system, named: nil)
        }
      }
      shelf.add(Book.PlainLine(line, in: zone))
    }
    if let streamed {
      let read = { @Sendable (row: StreamedRow) in columns.readPlain(row) }
      var known: [KnownOwner] = []
      try streamed.forEachBlock(of: LineColumns.names, read) { rows in
        known.removeAll(keepingCapacity: true)
        for index in rows.indices { known.append(knownOwner(of: rows[index].line)) }
        for index in rows.indices { add(rows[index].line, rows[index].invoice, known[index]) }
      }
    } else {
      try rows.forEachUnnamedRow {
        let read = columns.readPlain($0)
        add(read.line, read.invoice, KnownOwner())
      }
    }
    billing.plainLines = shelf.lines()
  }

  /// Where the invoice of a line stands; a line that names none is one of its own, under its id.
  private mutating func invoice(
    ofLine id: UnsafeBufferPointer<UInt8>, _ system: Int32, named name: UnsafeBufferPointer<UInt8>?
  ) -> Int32 {
    name.map { namedInvoice($0, system) } ?? place(ofInvoice: id, system)
  }

  /// Where the customer and the subscription of a line stand, as far as an earlier row said it; -1 for what is still to be looked for.
  private struct KnownOwner {
    var customer: Int32 = -1
    var subscription: Int32 = -1
  }

  private func knownOwner(of row: LineRow) -> KnownOwner {
    KnownOwner(
      customer: row.customer.flatMap { knownCustomer($0) } ?? -1,
      subscription: row.subscription.flatMap { subscriptions.settled($0) } ?? -1)
  }

  private mutating func line(
    _ row: LineRow, of number: Int32?, _ known: KnownOwner = KnownOwner()
  ) -> Book.InvoiceLine? {
    guard let currency = row.currency.map({ place(of: $0) }) else { return nil }
    var line = Book.InvoiceLine()
    line.row = row.row
    line.currency = currency
    line.invoice = number ?? -1
    let invoice = number.map(Int.init)
    line.customer = known.customer < 0 ? customer(row.customer) : known.customer
    if line.customer < 0, let invoice { line.customer = billing.invoices[invoice].customer }
    line.subscription =
      known.subscription < 0
      ? subscription(row.subscription, customer: line.customer) : known.subscription
    if line.subscription < 0, let invoice { line.subscription = billing.invoices[invoice].subscription }
    if line.customer < 0, line.subscription >= 0 {
      // Only what the subscription's own row says: what another line says of it would depend on their order.
      if !subscriptions.states(line.subscription).isEmpty {
        line.customer = customer(subscriptions.owner(line.subscription))
      }
    }
    // What it names is its own also where nobody knows that contract.
    line.contract =
      row.contract.map { contracts[$0] ?? -1 } ?? invoice.map { billing.invoices[$0].contract } ?? -1
    line.kind = row.kind ?? 0
    if let plan = row.plan {
      line.plan = plans.refer(to: plan, names: naturalIDs.text)
      let known = plans.plans[Int(line.plan)]
      if let product = known.product { line.product = products.slot(adding: product) }
      if known.isMetered, row.kind == nil { line.kind = 2 }
    }
    line.amount = row.amount
    line.discount = row.discount
    line.quantity = row.quantity
    line.periodStart = row.periodStart
    line.periodEnd = row.periodEnd
    line.isProration = row.isProration
    line.status = row.status ?? 255
    line.issued = row.issued
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
    // A line of a subscription names no invoice.
    for index in billing.plainLines.held.indices {
      billing.plainLines.held[index].invoice = moved(billing.plainLines.held[index].invoice)
    }
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
