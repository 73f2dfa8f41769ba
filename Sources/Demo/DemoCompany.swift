import Glibc
import Model

/// A file that ``DemoCompany/write(to:)`` wrote.
public struct WrittenFile: Sendable, Hashable {
  public let path: String
  /// Data rows, without header and footer lines; broken rows count.
  public let rows: Int
  public let bytes: Int
}

/// Larkspur Software, an invented company: the same numbers give the same exports, byte for byte, on every machine.
///
/// Its books end on 31 October 2026, whenever they are written; `months` counts back from there.
public struct DemoCompany: Sendable {
  public static let name = "Larkspur Software"
  /// The reporting time zone in which the demo company's days are meant.
  public static let timeZone = NewYork.zoneName
  /// The last month its exports cover, to its end.
  public static let lastMonth = Calendar.last

  let customers: Int
  let seed: UInt64
  let calendar: Calendar
  private let signups: Signups

  /// `customers` and `months` below 1 are taken as 1.
  public init(customers: Int = 3000, months: Int = 40, seed: UInt64 = 1) {
    self.customers = max(1, customers)
    self.seed = seed
    calendar = Calendar(months: months)
    signups = Signups(customers: self.customers, calendar: calendar)
  }

  /// Calls `body` with every customer and the life it led, in the order of their numbers, one at a time.
  func forEachCustomer(_ body: (Customer, Life) throws -> Void) rethrows {
    var life = Life()
    for index in 0..<customers {
      life.removeAll()
      var random = SeededRandom(seed: seed, stream: UInt64(index))
      let month = signups.month(ofCustomer: index)
      let created = month.firstDay + random.below(month.length)
      let customer = Customer(index: index, system: system(of: index), random: &random, created: created)
      var ordinary = OrdinaryLife(customer: customer, calendar: calendar, random: random)
      ordinary.live(into: &life)
      try body(customer, life)
    }
  }

  /// A third of the customers pay through Stripe, but no more than about 5,000: a snapshot repeats each of them every month.
  private func system(of index: Int) -> Customer.System {
    index % max(3, customers / 5000) == 1 ? .stripe : .billing
  }

  /// Writes `exports/` below `folder`, creating folders as needed and replacing files of the same names.
  ///
  /// Throws ``ExportFailure`` when the world does not let it.
  public func write(to folder: String) throws -> [WrittenFile] {
    let exports = folder + "/exports"
    for path in [folder, exports, exports + "/billing"] { try makeFolder(path) }
    let periods = try PeriodsExport(folder: exports + "/billing", lastDay: calendar.lastDay)
    forEachCustomer { customer, life in
      if customer.system == .billing { periods.write(customer, life) }
    }
    return [try periods.finish()]
  }

  private func makeFolder(_ path: String) throws {
    if mkdir(path, 0o755) != 0, errno != EEXIST { throw ExportFailure(path, "cannot be created", errno) }
  }
}
