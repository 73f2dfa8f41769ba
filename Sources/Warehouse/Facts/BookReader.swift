import GRDB
import Model

/// Reads the facts as they are known in a warehouse now into a book.
struct BookReader {
  let sources: ConfiguredSources
  let links: CustomerLinks
  let order: MomentOrder
  /// The entities of billing that are wanted.
  let billing: Set<EntityKind>
  /// These and others, as far as a source feeds them.
  private let documents: Set<EntityKind>
  let database: Database

  init(_ sources: ConfiguredSources, _ request: BookRequest, _ database: Database) throws {
    self.sources = sources
    self.database = database
    billing = request.billing
    documents = request.billing.union(request.documents.intersection(sources.fed))
    order = MomentOrder(zone: request.zone)
    links = try CustomerLinks(sources, database)
  }

  /// Whether invoice lines only tell what is billed of each subscription, or of its customer where they name none: nothing is counted
  /// from them, and no other row decides what they are balanced with.
  var linesStandAlone: Bool {
    let others: Set<EntityKind> = [.subscription, .invoice, .payment, .refund, .creditNote, .contract]
    return !billing.contains(.invoiceLine) && sources.fed.isDisjoint(with: others) && links.isEmpty
  }

  /// What was read, and findings on single facts that are read whole also with a part.
  struct Reading {
    var book: Book
    var tally: BookTally
    var findings: [Finding]
  }

  /// The whole book, or all facts of a part; deals, expenses, rates and plans are always all.
  ///
  /// - Parameters:
  ///   - streamed: By entity all of its rows, where they were just written.
  ///   - room: Where lines may be put aside for as long as the book is needed; nil: they stay in memory.
  func read(
    _ part: BookPart? = nil, streamed: [EntityKind: StreamedRows] = [:], room: PlainLineShelf.Room? = nil
  ) throws -> Reading {
    let naturalIDs = try NaturalIDs(database)
    var parts = try parts(part, naturalIDs, streamed[.recurringCharge])
    if !documents.isEmpty {
      try parts.bills.read(
        documents, counted: billing, sources, part, streamed: streamed[.invoiceLine], zone: order.zone,
        room: room, database)
    }
    let (book, circular) = assemble(&parts, naturalIDs)
    try naturalIDs.check()
    return Reading(
      book: book, tally: BookTally(parts.charges.uncounted, parts.bills, book, circular),
      findings: parts.others.findings)
  }

  private struct Parts {
    var charges: FoundCharges
    var bills: BillingFacts
    var others: OtherFacts
    var operations: OperatingFacts
  }

  /// All but the bills themselves. Nothing else holds what it returns: what is many would be copied where it is added to.
  private func parts(
    _ part: BookPart?, _ naturalIDs: NaturalIDs, _ streamedCharges: StreamedRows?
  ) throws -> Parts {
    var customers = try CustomerFacts(sources, links, order, part, database)
    let subscriptions = try SubscriptionFacts(sources, &customers, order, part, database)
    let others = try OtherFacts(sources, &customers, order, database)
    let operations = try OperatingFacts(sources, &customers, part, database)
    var facts = ChargeFacts(
      plans: try PlanFacts(sources, database, names: naturalIDs.text), subscriptions: subscriptions,
      customers: customers, order: order, part: part, names: naturalIDs.text)
    try facts.read(sources, streamed: streamedCharges, database)
    let (charges, bills) = facts.parts(naturalIDs)
    return Parts(charges: charges, bills: bills, others: others, operations: operations)
  }

  private func assemble(
    _ parts: inout Parts, _ naturalIDs: NaturalIDs
  ) -> (book: Book, circular: [Int64: CircularParents]) {
    let (others, operations) = (parts.others, parts.operations)
    let (plans, subscriptions, customers) = parts.bills.referred
    var book = Book()
    book.fed = sources.fed
    let (list, index, circular) = customers.customers(names: naturalIDs.text)
    book.customers = list
    book.plans = plans.plans
    let (products, productIndex) = inOrder(
      (0..<Int32(parts.charges.products.count)).map(parts.charges.products.text)
    ) {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    book.products = products
    let otherCurrencies =
      others.opportunities.compactMap(\.deal.currency) + others.expenses.map(\.currency)
      + operations.currencies
    book.currencies = Set(parts.charges.currencies + parts.bills.currencies + otherCurrencies).sorted()
    func placeOfCurrency(_ currency: Currency) -> Int32 {
      Int32(book.currencies.firstIndex(of: currency) ?? 0)
    }
    let currencyIndex = parts.charges.currencies.map(placeOfCurrency)
    let customerIndex = parts.charges.customerIDs.map { index[$0] ?? 0 }
    book.subscriptions = subscriptions.subscriptions { index[$0] }
    book.accountDiscounts = customers.accountDiscounts
    // Not copied: charges are millions.
    swap(&book.charges, &parts.charges.charges)
    for position in book.charges.indices {
      book.charges[position].customer = customerIndex[Int(book.charges[position].customer)]
      book.charges[position].currency = currencyIndex[Int(book.charges[position].currency)]
      let product = book.charges[position].product
      if product >= 0 { book.charges[position].product = productIndex[Int(product)] }
    }
    book.billing = parts.bills.placed(
      customers: { index[$0] ?? 0 }, currencies: parts.bills.currencies.map(placeOfCurrency),
      products: productIndex)
    book.opportunities = others.opportunities.map { entry in
      var deal = entry.deal
      deal.customer = entry.customer.flatMap { index[$0] }
      return deal
    }
    book.expenses = others.expenses
    book.usage = operations.usage.compactMap { entry in
      var use = entry.use
      guard let customer = index[entry.customer] else { return nil }
      use.customer = customer
      return use
    }
    (book.cash, book.adjustments, book.budgets) = (
      operations.cash, operations.adjustments, operations.budgets
    )
    book.rates = others.rates
    (book.unlinkedAccounts, book.unlinkedCustomers) = unlinked(customers, naturalIDs)
    return (book, circular)
  }

  /// The values in order, and where each of the given ones went.
  private func inOrder(_ values: [String], _ precedes: (String, String) -> Bool) -> ([String], [Int32]) {
    let order = values.indices.sorted { precedes(values[$0], values[$1]) }
    var index = [Int32](repeating: 0, count: values.count)
    for (position, value) in order.enumerated() { index[value] = Int32(position) }
    return (order.map { values[$0] }, index)
  }

  /// Accounts of systems that only describe customers without one in a system that bills, and the other way round.
  private func unlinked(
    _ customers: CustomerFacts, _ naturalIDs: NaturalIDs
  ) -> (accounts: Int, customers: Int) {
    let entities = billing.union([.recurringCharge, .subscription])
    let billing = entities.reduce(into: Set<String>()) { $0.formUnion(sources.systems(feeding: $1)) }
    let describing = sources.systems(feeding: .customer).subtracting(billing)
    guard !billing.isEmpty, !describing.isEmpty else { return (0, 0) }
    var billed: Set<Int64> = []
    var described: Set<Int64> = []
    customers.forEachAccount { identity, shared in
      let system = naturalIDs.system(of: identity)
      if billing.contains(system) { billed.insert(shared) }
      if describing.contains(system) { described.insert(shared) }
    }
    return (described.subtracting(billed).count, billed.subtracting(described).count)
  }
}
