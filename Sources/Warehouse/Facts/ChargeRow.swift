import Model

/// A charge as its row states it, before plan, subscription and snapshots fill it in. References are identities.
struct ChargeRow {
  var row: Int64
  var subscription: Int64?
  var customer: Int64?
  var plan: Int64?
  /// Slot in the products' names.
  var product: Int32?
  var start: Moment?
  var end: Moment?
  var amount: Int64?
  var quantity: Int64?
  var discountAmount: Int64?
  var discountPercent: Int64?
  var discountDuration: UInt8?
  var discountEnd: Moment?
  var intervalUnit: UInt8?
  var intervalCount: Int64?
  var currency: Currency?
  var kind: UInt8?
  var trial: Bool
  var status: UInt8?
}

/// Where each column of a charge stands in a row.
struct ChargeColumns {
  let customer: Int32
  private let subscription, plan, product, start, end, amount, quantity: Int32
  private let discountAmount, discountPercent, discountDuration, discountEnd: Int32
  private let intervalUnit, intervalCount, currency, kind, trial, status: Int32

  init(_ reader: VersionReader) {
    subscription = reader.column("subscription")
    customer = reader.column("customer")
    plan = reader.column("plan")
    product = reader.column("product")
    start = reader.column("start")
    end = reader.column("end")
    amount = reader.column("amount")
    quantity = reader.column("quantity")
    discountAmount = reader.column("discount_amount")
    discountPercent = reader.column("discount_percent")
    discountDuration = reader.column("discount_duration")
    discountEnd = reader.column("discount_end")
    intervalUnit = reader.column("interval_unit")
    intervalCount = reader.column("interval_count")
    currency = reader.column("currency")
    kind = reader.column("kind")
    trial = reader.column("trial")
    status = reader.column("status")
  }

  @inline(__always) func read(_ row: some RowFields, products: IdentityIndex) -> ChargeRow {
    ChargeRow(
      row: row.integer(0), subscription: row.optionalInteger(subscription),
      customer: row.optionalInteger(customer), plan: row.optionalInteger(plan),
      product: row.isNull(product) ? nil : products.slot(adding: row.bytes(product)),
      start: row.moment(start), end: row.moment(end), amount: row.optionalInteger(amount),
      quantity: row.optionalInteger(quantity),
      discountAmount: row.optionalInteger(discountAmount),
      discountPercent: row.optionalInteger(discountPercent),
      discountDuration: row.choice(discountDuration, EntityColumn.discountDurations),
      discountEnd: row.moment(discountEnd),
      intervalUnit: row.choice(intervalUnit, EntityColumn.intervalUnits),
      intervalCount: row.optionalInteger(intervalCount),
      currency: row.isNull(currency) ? nil : Currency(ascii: row.bytes(currency)),
      kind: row.choice(kind, EntityColumn.chargeKinds), trial: row.integer(trial) == 1,
      status: row.choice(status, EntityColumn.subscriptionStatuses))
  }
}
