import Model

/// When customers left, and which accounts each is made of.
struct Departures {
  private var days: [Int64: [Month: Day]] = [:]
  private var members: [Int64: [Int32]] = [:]
  private var ids: [Int32: Int64] = [:]
  private let customers: [Book.Customer]

  /// Only of customers of whom a payment failed: of others nothing is asked.
  init(_ counted: CountedBook, of book: Book, _ settings: RollupSettings) {
    customers = book.customers
    let roots = settings.policy.customerIs == .parent ? topmostParents(book) : nil
    if let roots {
      for (account, root) in roots.enumerated() where Int(root) != account {
        ids[Int32(account)] = customers[Int(root)].id
      }
    }
    let wanted = Set(PaymentTable.customersWithFailures(book).map { roots?[Int($0)] ?? $0 })
    guard !wanted.isEmpty else { return }
    if let roots {
      for (account, root) in roots.enumerated() where wanted.contains(root) {
        members[customers[Int(root)].id, default: []].append(Int32(account))
      }
    } else {
      for customer in wanted { members[customers[Int(customer)].id] = [customer] }
    }
    for charge in counted.charges {
      guard wanted.contains(charge.customer), let end = charge.end?.day else { continue }
      let id = customers[Int(charge.customer)].id
      days[id, default: [:]][end.month] = max(days[id]?[end.month] ?? end, end)
    }
  }

  /// The id a customer's movements bear.
  func id(of account: Int32) -> Int64 { ids[account] ?? customers[Int(account)].id }

  /// The day of the month on which the last charge of a customer ended.
  func day(of customer: Int64, _ month: Month) -> Day? { days[customer]?[month] }

  func accounts(of customer: Int64) -> [Int32] { members[customer] ?? [] }
}
