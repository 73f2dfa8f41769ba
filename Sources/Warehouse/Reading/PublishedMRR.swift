import GRDB
import Model

/// The MRR of each month as it was published.
public struct PublishedMRR: Sendable {
  public var currency: Currency
  /// Micro-units at the end of each month up to ``last`` that was not provisional, and of that one.
  public var months: [Month: Int64]
  /// The last month that was not provisional; the last one where all were.
  public var last: Month
}

extension WarehouseReader {
  /// nil before anything was published.
  public func publishedMRR() throws -> PublishedMRR? {
    try read { database in
      guard let terms = try PublicationTerms.fetch(database) else { return nil }
      let select = try RawStatement(
        database,
        """
        select p.last_month, b.ending, b.state = \(PeriodState.provisional.code) from bridge b
        join period p on p.period = b.period join segment s on s.segment = b.segment
        where p.grain = 'month' and s.dimension = 'all' and b.valuation = \(Valuation.asReported.code) order by 1
        """)
      var (whole, provisional): ([Month: Int64], [Month: Int64]) = ([:], [:])
      while try select.step() {
        let month = Month(number: Int32(select.integer(0)))
        if select.integer(2) == 1 {
          provisional[month] = select.integer(1)
        } else {
          whole[month] = select.integer(1)
        }
      }
      if let last = whole.keys.max() {
        return PublishedMRR(currency: terms.currency, months: whole, last: last)
      }
      guard let last = provisional.keys.max(), let mrr = provisional[last] else { return nil }
      return PublishedMRR(currency: terms.currency, months: [last: mrr], last: last)
    }
  }
}
