import GRDB
import Model

extension WarehouseReader {
  /// The facts as they were known to the last run that published, ready to be rolled up.
  public func book(_ request: BookRequest) throws -> Book {
    try read { database in
      let sources = try ConfiguredSources(
        request, dataThrough: { try lastPublishedRead(of: $0, database)?.dataThrough }, database)
      return try BookReader(sources, request, database).read().book
    }
  }

  /// What customers are called in their systems, by the warehouse's number.
  public func keys(ofCustomers customers: [Int64]) throws -> [Int64: CustomerKey] {
    try read { try CustomerKeys($0).keys(of: customers) }
  }

  /// How far a source was read by the last run that published it; nil before the first.
  public func dataThrough(of source: String) throws -> Moment? {
    try read { try lastPublishedRead(of: source, $0)?.dataThrough }
  }
}
