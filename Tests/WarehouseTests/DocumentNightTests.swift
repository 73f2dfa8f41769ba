import Model
import Rollup
import Testing

@testable import Warehouse

/// The law of nights where invoices, payments and contracts count: reading the facts of those concerned, before and after, and
/// carrying the sums on is rolling up all facts anew.
@Test(arguments: 1...14)
func nightsOfDocumentsCarryOnAsIfRolledUpAnew(seed: UInt64) throws {
  var documents = Documents(seed: seed)
  let settings = documents.settings()
  let warehouse = try TestWarehouse()
  let request = BookRequest(
    sources: ["billing"], billing: billingEntities(of: settings.policy), documents: revenueEntities,
    joinsParents: settings.policy.customerIs == .parent)
  var carriedOn = 0
  for night in 0..<6 {
    if night > 0 { documents.change() }
    let carries = try warehouse.night(
      of: [documents.read()], request, settings, documents.terms(settings),
      "seed \(seed), night \(night): \(documents.said)")
    if carries { carriedOn += 1 }
  }
  #expect(carriedOn > 0, "seed \(seed)")
}

@Test func aNightTellsOfNumbersThatInvoicesShareAsARollUpOfAllDoes() throws {
  var documents = Documents(seed: 1)
  let settings = documents.settings()
  let warehouse = try TestWarehouse()
  let request = BookRequest(sources: ["billing"], documents: revenueEntities)
  func invoice(_ id: String, _ number: String) -> TestRow {
    TestRow(["id": id, "number": number, "customer": "C1", "total": "100", "currency": "USD"])
  }
  func line(_ id: String, of invoice: String) -> TestRow {
    TestRow(["id": id, "invoice": invoice, "amount": "100", "currency": "USD", "issued": "2024-02-01"])
  }
  /// Invoices that share a number, as the night left them; files hold what changed.
  func night(_ file: String, _ invoices: [TestRow], _ lines: [TestRow]) throws -> [[String]] {
    let read = read(
      extent: .delta,
      files: [(file, nil, [(.recurringCharge, [charge("a")]), (.invoice, invoices), (.invoiceLine, lines)])])
    let carries = try warehouse.night(
      of: [read], request, settings, documents.terms(settings), "\(file)")
    #expect(carries == (file != "1"))
    return try warehouse.rows(
      """
      select v.number, count from carried_count c join invoice_version v on v."row" = c.id
      where c.name = 'shared number' order by 1
      """)
  }
  let first = [invoice("I1", "N1"), invoice("I2", "N1"), invoice("I4", "N2"), invoice("I5", "N2")]
  #expect(try night("1", first, [line("a", of: "N1"), line("b", of: "I4")]) == [["N1", "2"]])
  #expect(try night("2", [invoice("I0", "N1")], []) == [["N1", "3"]])
  #expect(try night("3", [], [line("b", of: "N2")]) == [["N1", "3"], ["N2", "2"]])
  #expect(try night("4", [invoice("I0", "N0"), invoice("I5", "N5")], []) == [["N1", "2"]])
  #expect(try night("5", [], [line("a", of: "I2")]) == [])
}

@Test func aNightTellsOfVoidedDocumentsThatCountAsARollUpOfAllDoes() throws {
  var documents = Documents(seed: 1)
  let settings = documents.settings()
  let warehouse = try TestWarehouse()
  let request = BookRequest(sources: ["billing"], documents: revenueEntities)
  func row(_ id: String, _ status: String, _ voided: String?) -> TestRow {
    let amount = id.hasPrefix("I") ? "total" : "amount"
    var cells = ["id": id, "customer": "C1", "currency": "USD", "status": status, amount: "100"]
    cells["voided"] = voided
    return TestRow(cells)
  }
  func night(_ file: String, _ invoices: [TestRow], _ notes: [TestRow]) throws -> [[String]] {
    let read = read(
      extent: .delta,
      files: [
        (
          file, nil,
          [
            (.recurringCharge, [charge("a")]), (.invoice, invoices), (.creditNote, notes),
          ]
        )
      ])
    let carries = try warehouse.night(of: [read], request, settings, documents.terms(settings), "\(file)")
    #expect(carries == (file != "1"))
    return try warehouse.rows(
      """
      select i.natural_id from carried_count c join invoice_version v on v."row" = c.id
      join identity i on i.identity = v.identity where c.name = 'voided invoice'
      union all select i.natural_id from carried_count c join credit_note_version v on v."row" = c.id
      join identity i on i.identity = v.identity where c.name = 'voided credit_note' order by 1
      """)
  }
  let (day, later) = ("2024-02-01", "2024-02-02")
  #expect(
    try night("1", [row("I1", "paid", day), row("I2", "void", day)], [row("N1", "issued", day)])
      == [["I1"], ["N1"]])
  #expect(try night("2", [row("I3", "open", day)], [row("N2", "void", day)]) == [["I1"], ["I3"], ["N1"]])
  #expect(try night("3", [row("I1", "void", day)], [row("N1", "issued", later)]) == [["I3"], ["N1"]])
  #expect(try night("4", [row("I3", "open", nil)], [row("N1", "issued", nil)]) == [])
}

/// Invoices with their lines, payments, refunds and credit notes, and contracts, of a few customers; they refer to each other every which way.
private struct Documents {
  private var rows: [EntityKind: [String: [String: String]]] = [:]
  private(set) var said = ""
  private var random: Seeded

  private static let kinds: [EntityKind] = [
    .customer, .subscription, .recurringCharge, .invoice, .invoiceLine, .payment, .refund, .creditNote,
    .contract, .fxRate,
  ]

  init(seed: UInt64) {
    random = Seeded(state: seed &* 0x1234_5679)
    for kind in Self.kinds { rows[kind] = [:] }
    let first = Day(iso: "2023-06-01")!
    for offset in 0..<600 where offset % 5 == 0 {
      let day = (first + offset).description
      rows[.fxRate]?[day] = ["day": day, "from": "EUR", "to": "USD", "rate": "1.\(10 + offset % 37)"]
    }
    for number in 0..<3 {
      rows[.recurringCharge]?["always\(number)"] = [
        "customer": "C\(number)", "start": "2024-01-01", "amount": "5000000", "currency": "USD",
        "interval_unit": "month",
      ]
      rows[.invoiceLine]?["always\(number)"] = [
        "customer": "C\(number)", "period_start": "2024-01-01", "period_end": "2025-01-01",
        "amount": "7000000", "currency": "USD",
      ]
      rows[.contract]?["always\(number)"] = [
        "customer": "C\(number)", "start": "2024-01-01", "end": "2025-01-01", "amount": "9000000",
        "currency": "USD", "status": "in_force",
      ]
    }
    for _ in 0..<120 { put(nil) }
    said = "at first"
  }

  private mutating func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  private mutating func pick(_ texts: String...) -> String { texts[draw(texts.count)] }

  private mutating func day() -> String { (Day(iso: "2023-11-01")! + draw(430)).description }

  mutating func settings() -> RollupSettings {
    var policy = Policy.standard
    policy.basis = [.subscriptions, .invoices, .invoices, .contracts][draw(4)]
    policy.metered = draw(3) == 0 ? .includeInvoiced : .exclude
    policy.refunds = policy.basis == .invoices && draw(2) == 0 ? .subtract : .ignore
    policy.unpaid = [.keep, .churnWhenUnpaid, .afterDays][draw(3)]
    policy.bridge = draw(3) == 0 ? .event : .endPoint
    policy.customerIs = draw(3) == 0 ? .parent : .account
    policy.rateDate = [.monthEnd, .monthAverage, .serviceStart][draw(3)]
    let month = Month(iso: "2024-09")!
    return RollupSettings(
      policy: policy, currency: Currency("USD")!, zone: .utc,
      dimensions: [Dimension(name: "country", rule: .attribute("country"))], lastMonth: month,
      dataThrough: Moment(day: month.lastDay))
  }

  func terms(_ settings: RollupSettings) -> PublicationTerms {
    PublicationTerms(
      company: "Acme", month: settings.lastMonth, currency: settings.currency, basis: "invoices",
      zoneName: "UTC", policyName: "standard@1", policyOverrides: [], fiscalYearStart: 1,
      headlineNDR: "ndr_t12m", sources: ["billing"])
  }

  func read() -> SourceRead {
    WarehouseTests.read(
      files: [
        (
          "all.csv", nil,
          Self.kinds.map { kind in
            (
              kind,
              (rows[kind] ?? [:]).sorted { $0.key < $1.key }.map { TestRow($1.merging(["id": $0]) { $1 }) }
            )
          }
        )
      ])
  }

  /// A few rows come, go, or say something else.
  mutating func change() {
    said = ""
    for _ in 0..<1 + draw(3) {
      let kind = Self.kinds[draw(Self.kinds.count - 1)]
      let ids = (rows[kind] ?? [:]).keys.filter { !$0.hasPrefix("always") }.sorted()
      switch draw(3) {
      case 0 where !ids.isEmpty:
        let id = ids[draw(ids.count)]
        rows[kind]?[id] = nil
        said += "\(kind) \(id) goes; "
      case 1 where !ids.isEmpty:
        let id = ids[draw(ids.count)]
        let other = row(kind)
        guard let column = other.keys.sorted().randomElement(using: &random) else { continue }
        rows[kind]?[id]?[column] = other[column]
        said += "\(kind) \(id): \(column) \(other[column] ?? ""); "
      default: put(kind)
      }
    }
  }

  private mutating func put(_ kind: EntityKind?) {
    let common: [EntityKind] = [.invoice, .invoiceLine, .invoiceLine, .payment, .payment]
    let kind = kind ?? (draw(2) == 0 ? common[draw(5)] : Self.kinds[draw(Self.kinds.count - 1)])
    let (id, cells) = (self.id(kind), row(kind))
    rows[kind]?[id] = cells
    said += "\(kind) \(id) comes; "
  }

  private mutating func id(_ kind: EntityKind) -> String {
    switch kind {
    case .customer: "C\(draw(8))"
    case .subscription: "S\(draw(8))"
    case .invoice: "I\(draw(30))"
    case .contract: "K\(draw(10))"
    case .payment: "P\(draw(30))"
    default: "\(draw(60))"
    }
  }

  /// What a row of an entity may say; some of it is left out.
  private mutating func row(_ kind: EntityKind) -> [String: String] {
    let start = day()
    let end = (Day(iso: start)! + [1, 30, 31, 90, 366][draw(5)]).description
    let amount = String([100, 33, 4_999_999, 90_000_000, 1_000_001][draw(5)])
    var cells: [String: String]
    switch kind {
    case .customer: cells = ["country": pick("DE", "FR"), "parent": "C\(draw(8))"]
    case .subscription:
      cells = ["customer": "C\(draw(8))", "status": "active", "started": start, "trial_end": end]
    case .recurringCharge:
      cells = ["customer": "C\(draw(8))", "subscription": "S\(draw(8))", "start": start, "end": end]
    case .invoice:
      cells = [
        "number": "N\(draw(20))", "customer": "C\(draw(8))", "subscription": "S\(draw(8))",
        "contract": "K\(draw(10))", "status": pick("paid", "open", "open", "void", "uncollectible"),
        "issued": start, "due": end, "paid": day(), "discount": amount, "tax": "7",
      ]
    case .invoiceLine:
      cells = [
        "invoice": pick("I\(draw(30))", "N\(draw(20))", "I\(draw(60))"), "customer": "C\(draw(8))",
        "subscription": "S\(draw(8))", "contract": "K\(draw(10))", "plan": pick("small", "large"),
        "period_start": start, "period_end": end, "issued": day(), "proration": pick("0", "1"),
        "kind": pick("recurring", "recurring", "metered", "one_time", "fee"),
      ]
    case .payment:
      cells = [
        "invoice": pick("I\(draw(30))", "N\(draw(20))"), "customer": "C\(draw(8))", "created": start,
        "status": pick("succeeded", "failed"),
      ]
    case .refund:
      cells = [
        "payment": "P\(draw(30))", "invoice": pick("I\(draw(30))", "N\(draw(20))"), "created": start,
        "customer": "C\(draw(8))", "status": "succeeded",
      ]
    case .creditNote:
      cells = [
        "invoice": pick("I\(draw(30))", "N\(draw(20))", "I\(draw(60))"), "customer": "C\(draw(8))",
        "issued": start, "tax": "3",
      ]
    default:
      cells = [
        "customer": "C\(draw(8))", "ramp_of": "K\(draw(10))", "status": pick("in_force", "draft"),
        "signed": day(), "start": start, "end": end, "canceled": day(), "cancellable": pick("0", "1"),
      ]
    }
    // Most of what rows may say of others they leave out: else all belongs to all.
    let links: Set = [
      "parent", "number", "contract", "ramp_of", "subscription", "canceled", "discount", "trial_end",
    ]
    cells = cells.filter { cell in
      draw(links.contains(cell.key) ? 3 : 8) == 0 ? links.contains(cell.key) : !links.contains(cell.key)
    }
    switch kind {
    case .customer: break
    case .subscription: if cells["customer"] == nil { cells["customer"] = "C1" }
    case .invoice:
      cells["total"] = amount
      cells["currency"] = pick("USD", "EUR")
    default:
      cells["amount"] = amount
      cells["currency"] = pick("USD", "EUR")
    }
    if kind == .recurringCharge {
      cells["interval_unit"] = "month"
      if cells["customer"] == nil { cells["customer"] = "C0" }
      if cells["start"] == nil { cells["start"] = start }
    }
    if kind == .payment { cells["status"] = cells["status"] ?? "succeeded" }
    return cells
  }
}
