import Model

/// An invoice line as its row states it. References are identities.
struct LineRow: Sendable {
  var row: Int64
  var identity: Int64
  var customer: Int64?
  var subscription: Int64?
  var contract: Int64?
  var plan: Int64?
  var currency: Currency?
  var kind: UInt8?
  var status: UInt8?
  var isProration: Bool
  var amount: Int64
  var discount: Int64
  var quantity: Int64?
  var periodStart: Moment?
  var periodEnd: Moment?
  var issued: Moment?

  /// Whether it names nobody: it belongs to its invoice alone.
  var isLone: Bool { customer == nil && subscription == nil }
}

/// Where each column of a line stands in a row.
struct LineColumns: Sendable {
  static let names = [
    "invoice", "customer", "subscription", "plan", "amount", "quantity", "discount", "currency",
    "period_start", "period_end", "proration", "kind", "status", "issued", "contract",
  ]

  let invoice: Int32
  private let customer, subscription, plan, amount, quantity, discount: Int32
  private let currency, start, end, proration, kind, status, issued, contract: Int32

  init(_ rows: LatestRows) {
    invoice = rows.column("invoice")
    customer = rows.column("customer")
    subscription = rows.column("subscription")
    plan = rows.column("plan")
    amount = rows.column("amount")
    quantity = rows.column("quantity")
    discount = rows.column("discount")
    currency = rows.column("currency")
    start = rows.column("period_start")
    end = rows.column("period_end")
    proration = rows.column("proration")
    kind = rows.column("kind")
    status = rows.column("status")
    issued = rows.column("issued")
    contract = rows.column("contract")
  }

  @inline(__always) func read(_ row: some RowFields) -> LineRow {
    LineRow(
      row: row.integer(0), identity: row.integer(1), customer: row.optionalInteger(customer),
      subscription: row.optionalInteger(subscription), contract: row.optionalInteger(contract),
      plan: row.optionalInteger(plan), currency: Currency(ascii: row.bytes(currency)),
      kind: row.choice(kind, EntityColumn.chargeKinds),
      status: row.choice(status, EntityColumn.invoiceStatuses), isProration: row.integer(proration) == 1,
      amount: row.integer(amount), discount: row.integer(discount),
      quantity: row.optionalInteger(quantity), periodStart: row.moment(start), periodEnd: row.moment(end),
      issued: row.moment(issued))
  }

  /// With what it calls its invoice, where it has nobody else.
  @inline(__always) func readPlain(_ row: some RowFields) -> (line: LineRow, invoice: String?) {
    let line = read(row)
    let names = line.isLone && !row.isNull(invoice)
    return (line, names ? String(decoding: row.bytes(invoice), as: UTF8.self) : nil)
  }
}
