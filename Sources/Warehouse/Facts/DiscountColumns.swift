import GRDB
import Model

/// Where the discount of a customer or a subscription stands in a statement.
struct DiscountColumns {
  private let amount, percent, currency, duration, start, end: Int32

  init(_ reader: VersionReader) {
    amount = reader.column("discount_amount")
    percent = reader.column("discount_percent")
    currency = reader.column("discount_currency")
    duration = reader.column("discount_duration")
    start = reader.column("discount_start")
    end = reader.column("discount_end")
  }

  /// nil for a row that takes nothing off.
  @inline(__always) func read(_ statement: some RowFields) -> Book.Discount? {
    let (amount, percent) = (statement.optionalInteger(amount) ?? 0, statement.optionalInteger(percent) ?? 0)
    guard amount > 0 || percent > 0 else { return nil }
    var discount = Book.Discount()
    discount.amount = amount
    discount.percent = percent
    discount.currency = statement.isNull(currency) ? nil : Currency(ascii: statement.bytes(currency))
    discount.duration = statement.choice(duration, EntityColumn.discountDurations) ?? 0
    discount.start = statement.moment(start)
    discount.end = statement.moment(end)
    return discount
  }
}
