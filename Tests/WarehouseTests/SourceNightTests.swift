import Model
import Rollup
import Testing

@testable import Warehouse

extension TestWarehouse {
  /// Applies reads in one run that carries on, where it can, and rolls up anew, too: both have to say the same. Whether it carried on.
  func night(
    of reads: [SourceRead], _ request: BookRequest, _ settings: RollupSettings, _ terms: PublicationTerms,
    _ place: Comment
  ) throws -> Bool {
    var carriedOn = false
    try run { transaction in
      for read in reads { _ = try transaction.apply(read) }
      var carried: RollupResult?
      if let change = try transaction.difference(request),
        var result = rollUp(replacing: change.before, with: change.after, in: change.sums, settings)
      {
        result.findings = change.findings + result.findings
        carried = result
      }
      let tally = transaction.lastBook
      let (book, findings) = try transaction.book(request)
      var anew = rollUp(book, settings)
      anew.findings = findings + anew.findings
      if anew.findings.contains(where: { $0.severity == .error }) {
        if let carried { #expect(carried.findings.map(\.problem) == anew.findings.map(\.problem), place) }
        return .fail(reason: "refused")
      }
      guard let carried else {
        try transaction.store(anew, catalogue: metricCatalogue, terms: terms)
        return .publish
      }
      carriedOn = true
      #expect(carried.findings.map(\.problem) == anew.findings.map(\.problem), place)
      #expect(tally?.tally == transaction.lastBook?.tally, place)
      #expect(carried.bridge == anew.bridge, place)
      #expect(carried.cohorts == anew.cohorts, place)
      let (ours, theirs) = (
        carried.figures.map(String.init(describing:)), anew.figures.map(String.init(describing:))
      )
      #expect(Set(ours).subtracting(theirs) == [] && ours.count == theirs.count, place)
      // Further nights rest on what is carried on.
      transaction.lastBook = tally
      try transaction.store(carried, catalogue: metricCatalogue, terms: terms)
      return .publish
    }
    return carriedOn
  }
}

/// The law of nights where several sources state the same rows, as periods and as states, where links join and part customers, and where
/// a source is no longer configured.
@Test(arguments: 1...30)
func nightsOfSeveralSourcesCarryOnAsIfRolledUpAnew(seed: UInt64) throws {
  var random = Seeded(state: seed &* 0x2545_F491)
  let warehouse = try TestWarehouse()
  var policy = Policy.standard
  policy.basis = seed % 2 == 0 ? .subscriptions : .invoices
  policy.customerIs = seed % 3 == 0 ? .parent : .account
  let month = Month(iso: "2024-09")!
  let settings = RollupSettings(
    policy: policy, currency: Currency("USD")!, zone: .utc,
    dimensions: [Dimension(name: "country", rule: .attribute("country"))], lastMonth: month,
    dataThrough: Moment(day: month.lastDay))
  let terms = PublicationTerms(
    company: "Acme", month: month, currency: settings.currency, basis: policy.basis.rawValue,
    zoneName: "UTC", policyName: "standard@1", policyOverrides: [], fiscalYearStart: 1,
    headlineNDR: "ndr_t12m", sources: ["billing"])
  var sources = ["billing", "crm", "other"]
  var carriedOn = 0
  for night in 0..<8 {
    // Facts of a source that is taken out of the configuration stay where they are.
    if seed % 5 == 0, night == 5 { sources = ["billing", "crm"] }
    let request = BookRequest(
      sources: sources, attributeSources: ["crm"], billing: billingEntities(of: policy),
      documents: revenueEntities, joinsParents: policy.customerIs == .parent)
    let reads = sources.filter { _ in night == 0 || random.next() % 2 == 0 }.map { name in
      var exports = SourceNight(night: night, random: random.next(), otherStates: seed % 4 != 1)
      return exports.read(of: name)
    }
    let carries = try warehouse.night(of: reads, request, settings, terms, "seed \(seed), night \(night)")
    if carries { carriedOn += 1 }
  }
  #expect(carriedOn > 0, "seed \(seed)")
}

/// What sources export in a night: all at first, a few rows later.
private struct SourceNight {
  private let night: Int
  private var random: Seeded
  /// Whether the second source of the billing system shows states, and not periods.
  private let otherStates: Bool
  /// Those the read describes so far.
  private var subscriptions: [String] = []

  init(night: Int, random: UInt64, otherStates: Bool) {
    self.night = night
    self.random = Seeded(state: random)
    self.otherStates = otherStates
  }

  private mutating func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  private mutating func id(_ letter: String, _ count: Int) -> String { "\(letter)\(draw(count))" }

  mutating func read(of source: String) -> SourceRead {
    let at = "2024-0\(night + 1)-28"
    let count = night == 0 ? 40 : 1 + draw(3)
    var kinds: [EntityKind] = [.customer]
    if source != "crm" { kinds += [.subscription, .recurringCharge, .invoiceLine] }
    let parts = kinds.map { kind in
      var ids: Set<String> = []
      return (
        kind,
        (0..<count).compactMap { _ -> TestRow? in
          let row = self.row(kind, of: source)
          return ids.insert(row.cells["id"] ?? "").inserted ? row : nil
        }
      )
    }
    let states = source == "crm" || source == "other" && otherStates
    return WarehouseTests.read(
      source, system: source == "crm" ? "crm" : "billing", extent: night == 0 ? .full : .delta,
      // Mostly the same source is read furthest.
      through: source == "billing" || draw(6) == 0 ? "2024-12-31" : "2024-11-30",
      rows: states ? .currentState : .periods,
      files: [("\(source)\(night).csv", states ? at : nil, parts)])
  }

  private mutating func row(_ kind: EntityKind, of source: String) -> TestRow {
    let start = (Day(iso: "2023-11-01")! + draw(300)).description
    let end = (Day(iso: start)! + [30, 90, 366][draw(3)]).description
    var cells: [String: String]
    switch kind {
    case .customer:
      cells = ["id": id("C", 24), "name": id("Name ", 9), "country": ["DE", "FR", "US"][draw(3)]]
      if draw(3) == 0 { cells["parent"] = id("C", 24) }
      if source == "crm", draw(2) == 0 {
        cells["link_system"] = "billing"
        cells["link_id"] = id("C", 24)
      }
    case .subscription:
      cells = ["id": id("S", 20), "customer": id("C", 24), "status": "active", "started": start]
      subscriptions.append(cells["id"] ?? "")
    case .recurringCharge:
      cells = [
        "id": id("R", 50), "customer": id("C", 24), "start": start, "amount": "\(1 + draw(9))000000",
        "currency": "USD", "interval_unit": "month",
      ]
      let stated = draw(6)
      if stated < 3 { cells["subscription"] = id("S", 20) }
      if stated == 0 {
        cells["customer"] = nil
        // One charge in a hundred that is nobody's refuses a night: none can carry on from a first night that was refused.
        if night == 0 { cells["subscription"] = subscriptions[draw(subscriptions.count)] }
      }
      if draw(2) == 0 { cells["end"] = end }
    default:
      cells = [
        "id": id("L", 60), "invoice": id("I", 30), "amount": "\(1 + draw(9))000000", "currency": "USD",
        "period_start": start, "period_end": end,
      ]
      switch draw(4) {
      case 0: cells["subscription"] = id("S", 20)
      case 1: break
      default: cells["customer"] = id("C", 24)
      }
    }
    return TestRow(cells)
  }
}
