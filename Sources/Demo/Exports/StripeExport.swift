import Model

/// Stripe's tables as full snapshots at every month's end: subscriptions, customers and prices.
final class StripeExport {
  private struct Snapshot {
    let day: Day
    let isLast: Bool
    let subscriptions: ExportWriter
    let customers: ExportWriter
    let prices: ExportWriter
  }

  private let snapshots: [Snapshot]

  init(folder: String, calendar: Calendar) throws {
    snapshots = try calendar.all.map { month in
      let day = month.lastDay
      return Snapshot(
        day: day, isLast: day == calendar.lastDay,
        subscriptions: try ExportWriter(
          path: "\(folder)/subscriptions_\(day).csv", header: StripeSubscriptionRow.header),
        customers: try ExportWriter(path: "\(folder)/customers_\(day).csv", header: Self.customerHeader),
        prices: try ExportWriter(path: "\(folder)/prices_\(day).csv", header: Self.priceHeader))
    }
    for snapshot in snapshots { writePrices(snapshot, since: calendar.first.firstDay) }
  }

  func write(_ customer: Customer, _ life: Life) {
    for snapshot in snapshots where customer.created <= snapshot.day {
      var isDelinquent = false
      var next = 0
      for position in life.subscriptions.indices {
        let first = next
        while next < life.terms.count, life.terms[next].subscription == position { next += 1 }
        let row = StripeSubscriptionRow(
          customer: customer, subscription: life.subscriptions[position], terms: life.terms[first..<next],
          on: snapshot.day, isLastSnapshot: snapshot.isLast)
        guard let row else { continue }
        row.write(to: snapshot.subscriptions)
        isDelinquent = isDelinquent || row.isDelinquent
      }
      write(customer, to: snapshot.customers, on: snapshot.day, isDelinquent: isDelinquent)
    }
  }

  private static let customerHeader = [
    "id", "name", "email", "created", "currency", "address_country", "delinquent",
    "metadata_salesforce_account_id",
  ]

  private func write(_ customer: Customer, to writer: ExportWriter, on day: Day, isDelinquent: Bool) {
    writer.text(customer.id)
    writer.text(customer.name)
    writer.field {
      writer.append("accounts+")
      writer.append(Int64(customer.index + 1))
      writer.append("@example.com")
    }
    writer.number(NewYork.instant(customer.created, 34_200))
    writer.text(customer.currency.code.lowercased())
    writer.text(customer.country(on: day))
    writer.text(isDelinquent ? "true" : "false")
    writer.text(customer.accountID ?? "")
    writer.endRow()
  }

  private static let priceHeader = [
    "id", "product_id", "product_name", "nickname", "active", "created", "type", "billing_scheme",
    "unit_amount",
    "currency", "recurring_interval", "recurring_interval_count", "recurring_usage_type",
  ]

  private func writePrices(_ snapshot: Snapshot, since first: Day) {
    let rise = PriceList.riseMonth.firstDay
    for (index, price) in PriceList.prices.enumerated() where PriceList.isSold(price) {
      let created = price.version == 1 ? first : max(first, rise)
      guard created <= snapshot.day else { continue }
      let isReplaced = PriceList.successor(of: index) != nil && snapshot.day >= rise
      let writer = snapshot.prices
      writer.text(StripeID.price(index))
      writer.text(StripeID.product(price.product))
      writer.text(price.product.name)
      writer.text(price.name)
      writer.text(isReplaced ? "false" : "true")
      writer.number(NewYork.instant(created, 0))
      writer.text("recurring")
      writer.text("per_unit")
      writer.number(price.amount)
      writer.text(price.currency.code.lowercased())
      writer.text(price.interval.unit)
      writer.number(price.interval.count)
      writer.text("licensed")
      writer.endRow()
    }
  }

  func finish() throws -> [WrittenFile] {
    try snapshots.flatMap {
      [try $0.subscriptions.finish(), try $0.customers.finish(), try $0.prices.finish()]
    }
  }
}

enum StripeID {
  static func price(_ index: Int) -> String { prices[index] }
  static func product(_ product: Product) -> String {
    "prod_" + OpaqueID.letters(kind: 4, product.rawValue, 0, length: 14)
  }

  private static let prices = PriceList.prices.indices.map {
    "price_1N" + OpaqueID.letters(kind: 3, $0, 0, length: 22)
  }
}
