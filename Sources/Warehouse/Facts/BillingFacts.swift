import GRDB
import Model

/// The invoices, payments and contracts of a book, as far as they are asked for.
struct BillingFacts {
  /// `customer` holds an index into ``customerIDs``, `currency` one into ``currencies``, `product` a slot of ``products``, until
  /// ``placed(customers:currencies:products:)``.
  var billing = Book.Billing()
  private(set) var customerIDs: [Int64] = []
  private(set) var currencies: [Currency] = []
  let products: IdentityIndex

  var plans: PlanFacts
  var subscriptions: SubscriptionFacts
  var customers: CustomerFacts
  let naturalIDs: NaturalIDs
  /// Positions of contracts, invoices and payments, by identity.
  var contracts = KeyMap()
  var invoices = KeyMap()
  var payments = KeyMap()
  var names = InvoiceNames()
  private(set) var sharedNumbers = SharedNumbers()
  var voided = VoidedDocuments()
  /// Ids and systems of all invoices, in the order of ``billing``.
  var invoiceOrder = NaturalOrder()

  private var customerIndex = KeyMap()
  /// The same by each account's own identity.
  private var accountIndex = KeyMap()

  init(
    _ referred: (PlanFacts, SubscriptionFacts, CustomerFacts), products: IdentityIndex,
    _ naturalIDs: NaturalIDs
  ) {
    (plans, subscriptions, customers) = referred
    self.products = products
    self.naturalIDs = naturalIDs
  }

  /// - Parameters:
  ///   - counted: Those of the entities that MRR is counted from.
  ///   - streamed: All invoice lines, where they were just written.
  ///   - zone: Whose days count.
  ///   - room: Where lines may be put aside; nil: they stay in memory.
  mutating func read(
    _ entities: Set<EntityKind>, counted: Set<EntityKind>, _ sources: ConfiguredSources, _ part: BookPart?,
    streamed: StreamedRows?, zone: ReportingZone, room: PlainLineShelf.Room?, _ database: Database
  ) throws {
    if entities.contains(.contract) { try readContracts(sources, part, database) }
    if entities.contains(.invoice) { try readInvoices(sources, part, database) }
    if entities.contains(.invoiceLine) {
      // What an invoice or a credit note says of all its lines is shared out over them; which line counts depends on the others.
      let areGrouped = counted.contains(.invoiceLine) || !entities.isDisjoint(with: [.invoice, .creditNote])
      try readLines(
        sources, part, areGrouped: areGrouped, streamed: streamed, zone: zone, room: room, database)
    }
    if entities.contains(.creditNote) { try readCreditNotes(sources, part, database) }
    if entities.contains(.payment) { try readPayments(sources, part, database) }
    if entities.contains(.refund) { try readRefunds(sources, part, database) }
    for (invoice, bearers) in names.ambiguous {
      sharedNumbers.add(billing.invoices[Int(invoice)].row, bearers: bearers)
    }
    sortInvoices()
  }

  /// What was referred to, beside what was there before.
  var referred: (PlanFacts, SubscriptionFacts, CustomerFacts) { (plans, subscriptions, customers) }

  /// Index of a customer that an earlier row named.
  @inline(__always) func knownCustomer(_ identity: Int64) -> Int32? { accountIndex[identity] }

  /// Index of a customer whose identity a row names; none of one that a part of a book is not made of.
  mutating func customer(_ identity: Int64?) -> Int32 {
    guard let identity else { return -1 }
    if let known = accountIndex[identity] { return known }
    guard customers.isWanted(identity) else { return -1 }
    let shared = customers.refer(to: identity)
    let known = customerIndex[shared] ?? Int32(customerIDs.count)
    if Int(known) == customerIDs.count {
      customerIndex.set(shared, to: known)
      customerIDs.append(shared)
    }
    accountIndex.set(identity, to: known)
    return known
  }

  /// Index of a subscription; one that no row describes takes the customer.
  mutating func subscription(_ identity: Int64?, customer: Int32) -> Int32 {
    guard let identity else { return -1 }
    return subscriptions.settled(identity)
      ?? subscriptions.refer(
        to: identity, customer: customer < 0 ? nil : customerIDs[Int(customer)])
  }

  /// Index of a currency; nil for what is none.
  mutating func currency(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
    Currency(ascii: bytes).map { place(of: $0) }
  }

  mutating func place(of currency: Currency) -> Int32 {
    if let known = currencies.firstIndex(of: currency) { return Int32(known) }
    currencies.append(currency)
    return Int32(currencies.count - 1)
  }

  /// Position of the invoice another row names, by identity or else by its number; -1 for one that nothing else knows.
  func invoice(_ identity: Int64?, system: Int32) -> Int32 {
    guard let identity else { return -1 }
    return invoices[identity] ?? names.find(naturalIDs.text(identity), system: system) ?? -1
  }

  /// Hands everything over, with its indices into the book.
  mutating func placed(customers: (Int64) -> Int32, currencies: [Int32], products: [Int32]) -> Book.Billing {
    let customers = customerIDs.map(customers)
    func customer(_ index: Int32) -> Int32 { index < 0 ? -1 : customers[Int(index)] }
    func currency(_ index: Int32) -> Int32 { index < 0 ? -1 : currencies[Int(index)] }
    // Not copied: lines are millions.
    var placed = Book.Billing()
    swap(&placed, &billing)
    for index in placed.invoices.indices {
      placed.invoices[index].customer = customer(placed.invoices[index].customer)
      placed.invoices[index].currency = currency(placed.invoices[index].currency)
    }
    for index in placed.lines.indices {
      placed.lines[index].customer = customer(placed.lines[index].customer)
      placed.lines[index].currency = currency(placed.lines[index].currency)
      let product = placed.lines[index].product
      if product >= 0 { placed.lines[index].product = products[Int(product)] }
    }
    placed.plainLines.place(customers: customers, currencies: currencies)
    for index in placed.creditNotes.indices {
      placed.creditNotes[index].customer = customer(placed.creditNotes[index].customer)
      placed.creditNotes[index].currency = currency(placed.creditNotes[index].currency)
    }
    for index in placed.payments.indices {
      placed.payments[index].customer = customer(placed.payments[index].customer)
      placed.payments[index].currency = currency(placed.payments[index].currency)
    }
    for index in placed.refunds.indices {
      placed.refunds[index].customer = customer(placed.refunds[index].customer)
      placed.refunds[index].currency = currency(placed.refunds[index].currency)
    }
    for index in placed.contracts.indices {
      placed.contracts[index].customer = customer(placed.contracts[index].customer)
      placed.contracts[index].currency = currency(placed.contracts[index].currency)
    }
    return placed
  }
}
