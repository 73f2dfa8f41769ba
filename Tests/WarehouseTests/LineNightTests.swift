import Model
import Rollup
import Testing

@testable import Warehouse

/// The law of nights where invoice lines stand beside charges and tell only what is billed: only the lines of a changed line's
/// subscription are read again, and what is published is what rolling up all facts anew makes, of every customer too.
@Test(arguments: 1...20)
func nightsOfLinesAloneCarryOnAsIfRolledUpAnew(seed: UInt64) throws {
  var exports = LineNights(seed: seed)
  let warehouse = try TestWarehouse()
  let month = Month(iso: "2024-09")!
  let settings = RollupSettings(
    policy: .standard, currency: Currency("USD")!, zone: .utc,
    dimensions: [Dimension(name: "country", rule: .attribute("country"))], lastMonth: month,
    dataThrough: Moment(day: month.lastDay))
  let terms = PublicationTerms(
    company: "Acme", month: month, currency: settings.currency, basis: "subscriptions", zoneName: "UTC",
    policyName: "standard@1", policyOverrides: [], fiscalYearStart: 1, headlineNDR: "ndr_t12m",
    sources: ["billing"])
  let request = BookRequest(sources: ["billing"], documents: revenueEntities)
  var carriedOn = 0
  for night in 0..<6 {
    let place: Comment = "seed \(seed), night \(night): \(exports.said)"
    let carries = try warehouse.night(of: [exports.read(night)], request, settings, terms, place)
    if carries { carriedOn += 1 }
    let found = try published(warehouse)
    try warehouse.run { transaction in
      let (book, _) = try transaction.book(request)
      try transaction.store(rollUp(book, settings), catalogue: metricCatalogue, terms: terms)
      return .publish
    }
    #expect(try found == published(warehouse), place)
    exports.change()
  }
  #expect(carriedOn > 0, "seed \(seed)")
}

/// The rows of the tables that a night changes, each as text.
private func published(_ warehouse: TestWarehouse) throws -> [String: Set<String>] {
  let tables = [
    "customer_account", "movement", "customer_mrr_interval", "charge_interval", "segment_membership",
    "figure", "bridge", "cohort_cell",
  ]
  return try Dictionary(
    uniqueKeysWithValues: tables.map { table in
      (table, Set(try warehouse.rows("select * from \(table)").map { $0.joined(separator: " ") }))
    })
}

/// Customers, of whom some are only named, their charges, and lines of a few subscriptions that nobody describes.
private struct LineNights {
  private var rows: [EntityKind: [String: [String: String]]] = [:]
  private var changed: [EntityKind: Set<String>] = [:]
  private(set) var said = "at first"
  private var random: Seeded
  /// Whether every night shows all rows, or those that changed.
  private let showsAll: Bool
  /// Whether customers are linked: then lines do not stand alone.
  private let links: Bool

  private static let kinds: [EntityKind] = [.customer, .recurringCharge, .invoiceLine]

  init(seed: UInt64) {
    random = Seeded(state: seed &* 0x51ED_270B)
    showsAll = seed % 2 == 0
    links = seed % 4 < 2
    for number in 0..<3 {
      rows[.recurringCharge, default: [:]]["always\(number)"] = [
        "customer": "C\(number)", "start": "2024-01-01", "amount": "5000000", "currency": "USD",
        "interval_unit": "month",
      ]
    }
    for number in 0..<90 { put(Self.kinds[number % 3]) }
  }

  private mutating func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  mutating func read(_ night: Int) -> SourceRead {
    let isAll = showsAll || night == 0
    let parts = Self.kinds.map { kind in
      (
        kind,
        (rows[kind] ?? [:]).filter { isAll || changed[kind]?.contains($0.key) ?? false }
          .sorted { $0.key < $1.key }.map { TestRow($1.merging(["id": $0]) { $1 }) }
      )
    }
    changed = [:]
    return WarehouseTests.read(
      extent: isAll ? .full : .delta, files: [("all\(night).csv", nil, parts)], entities: Self.kinds)
  }

  /// A few rows come, go, or say something else.
  mutating func change() {
    said = ""
    for _ in 0..<1 + draw(4) {
      let kind = Self.kinds[[0, 1, 2, 2, 2][draw(5)]]
      let ids = (rows[kind] ?? [:]).keys.filter { !$0.hasPrefix("always") }.sorted()
      switch draw(3) {
      case 0 where !ids.isEmpty && showsAll:
        let id = ids[draw(ids.count)]
        rows[kind]?[id] = nil
        said += "\(kind) \(id) goes; "
      case 1 where !ids.isEmpty:
        let id = ids[draw(ids.count)]
        let other = row(kind)
        guard let column = other.keys.sorted().randomElement(using: &random) else { continue }
        rows[kind]?[id]?[column] = other[column]
        changed[kind, default: []].insert(id)
        said += "\(kind) \(id): \(column) \(other[column] ?? ""); "
      default: put(kind)
      }
    }
  }

  private mutating func put(_ kind: EntityKind) {
    let id =
      switch kind {
      case .customer: "C\(draw(14))"
      case .recurringCharge: "R\(draw(40))"
      default: "L\(draw(60))"
      }
    rows[kind, default: [:]][id] = row(kind)
    changed[kind, default: []].insert(id)
    said += "\(kind) \(id) comes; "
  }

  private mutating func row(_ kind: EntityKind) -> [String: String] {
    let start = Day(iso: "2023-11-01")! + draw(300)
    let end = start + [30, 90, 366][draw(3)]
    switch kind {
    case .customer:
      var cells = ["name": "Name \(draw(9))", "country": ["DE", "FR", "US"][draw(3)]]
      if draw(4) == 0 { cells["parent"] = "C\(draw(20))" }
      if links, draw(6) == 0 { cells.merge(["link_system": "billing", "link_id": "C\(draw(14))"]) { $1 } }
      return cells
    case .recurringCharge:
      var cells = [
        "customer": "C\(draw(20))", "start": start.description, "amount": "\(1 + draw(9))000000",
        "currency": "USD", "interval_unit": "month",
      ]
      if draw(3) == 0 { cells["subscription"] = "S\(draw(12))" }
      if draw(2) == 0 { cells["end"] = end.description }
      return cells
    default:
      var cells = [
        "invoice": "I\(draw(30))", "amount": "\(1 + draw(9))000000", "currency": "USD",
        "issued": start.description, "period_start": start.description, "period_end": end.description,
      ]
      // Of one customer's subscription as a rule, but not of every line.
      let subscription = draw(12)
      if draw(4) > 0 { cells["subscription"] = "S\(subscription)" }
      if draw(5) > 0 { cells["customer"] = "C\(draw(4) > 0 ? subscription + 3 : draw(20))" }
      return cells
    }
  }
}
