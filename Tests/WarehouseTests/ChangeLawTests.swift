import Model
import Testing

@testable import Warehouse

/// An API's subscriptions with their items, changing from read to read.
private struct Service {
  private(set) var items: [String: [String: Int64]] = [:]
  /// Items that no row can be made of, with their amounts.
  private(set) var broken: Set<String> = []
  /// What the changes since the last read would tell.
  private var touched: Set<String> = []
  private var deleted: Set<String> = []
  /// Whose each item was when it was last read.
  private var owners: [String: String] = [:]
  private var random: Seeded

  init(seed: Int) {
    random = Seeded(state: UInt64(seed) &* 6_364_136_223)
    for owner in 0..<4 { items["s\(owner)"] = ["i\(owner)": 1, "i\(owner + 4)": 2] }
  }

  mutating func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  mutating func change() {
    for _ in 0..<1 + draw(4) {
      let owner = "s\(draw(6))"
      let item = "i\(draw(10))"
      switch draw(6) {
      case 0 where items[owner] != nil:
        items[owner] = nil
        deleted.insert(owner)
        touched.remove(owner)
        continue
      case 1: items[owner, default: [:]][item] = nil
      case 2, 3:
        // An item is of one subscription.
        for other in items.keys.sorted() where other != owner && items[other]?[item] != nil {
          items[other]?[item] = nil
          touch(other)
        }
        items[owner, default: [:]][item] = Int64(1 + draw(3))
        if let before = owners[item], before != owner { broken.remove(item) }
      // Nobody can tell whose an item was that moves and breaks at once.
      case 4 where items[owner]?[item] != nil && owners[item] ?? owner == owner:
        broken.formSymmetricDifference([item])
      default: if items[owner] == nil { continue }
      }
      touch(owner)
    }
    broken = broken.filter { item in items.values.contains { $0[item] != nil } }
  }

  private mutating func touch(_ owner: String) {
    touched.insert(owner)
    deleted.remove(owner)
  }

  /// What a read gives now. Of changes, some come that were known: reads overlap. Then everything told is forgotten.
  mutating func read(at: String, rows: SourceConfiguration.Rows, whole: Bool, namesEmpty: Bool) -> SourceRead
  {
    if !whole, let again = items.keys.sorted().randomElement(using: &random) { touched.insert(again) }
    let told = items.filter { whole || touched.contains($0.key) }
    var quarantined: [QuarantinedRow] = []
    for (line, item) in broken.sorted().enumerated() {
      guard let owner = told.first(where: { $0.value[item] != nil })?.key else { continue }
      quarantined += quarantinedItem(item, of: owner, at: at, line: line + 1)
    }
    let said = ReadChanges(
      columns: [.subscription: "id", .recurringCharge: "subscription"], held: told.keys.sorted(),
      deleted: deleted.sorted())
    // A record without items gives no row where rows are made of items.
    let listed = told.filter { _, items in namesEmpty || !Set(items.keys).subtracting(broken).isEmpty }
    let read = subscriptions(
      listed.mapValues { items in
        items.sorted { $0.key < $1.key }.filter { !broken.contains($0.key) }.map {
          charge($0.key, amount: $0.value * 1_000_000)
        }
      }, at: at, rows: rows, changes: whole ? nil : said, quarantined: quarantined)
    touched = []
    deleted = []
    owners = [:]
    for (owner, items) in items { for item in items.keys { owners[item] = owner } }
    return read
  }
}

/// What is known now, apart from runs and places.
private func known(_ warehouse: TestWarehouse) throws -> [[String]] {
  try warehouse.rows(
    """
    select 'charge', i.natural_id, s.natural_id, amount, valid_from, valid_to from recurring_charge_version v
    join identity i on i.identity = v.identity join identity s on s.identity = v.subscription where seen_to is null
    union all
    select 'subscription', i.natural_id, status, 0, valid_from, valid_to from subscription_version v
    join identity i on i.identity = v.identity where seen_to is null
    union all
    select 'snapshot', entity, at, complete, null, null from snapshot
    union all
    select 'quarantine', source, '', quarantined, null, null from source_read
    where run = (select max(run) from source_read)
    union all
    select distinct 'kept', entity, natural_id, 0, null, null from kept_from_quarantine
    order by 1, 2, 3, 4, 5
    """)
}

private let months = (1...9).map { "2024-0\($0)-15" }

/// Of every night some chain of whole reads and reads of changes tells what whole reads alone, each at the same moment, tell.
@Test(arguments: 1...30)
func anyChainOfReadsOfChangesKnowsWhatWholeReadsKnow(seed: Int) throws {
  for mode in [SourceConfiguration.Rows.currentState, .periods] {
    var service = Service(seed: seed)
    let namesEmpty = seed % 2 == 0
    let chain = try TestWarehouse()
    let wholes = try TestWarehouse()
    for (night, at) in months.enumerated() {
      if night > 0 { service.change() }
      let isWhole = night == 0 || service.draw(5) == 0
      var other = service
      let read = service.read(at: at, rows: mode, whole: isWhole, namesEmpty: namesEmpty)
      try applyChanges(read, to: chain)
      let same = other.read(at: at, rows: mode, whole: true, namesEmpty: namesEmpty)
      try wholes.apply(same)
      let (ours, theirs) = (Set(try known(chain)), Set(try known(wholes)))
      #expect(ours.subtracting(theirs) == [], "seed \(seed), \(mode), night \(night), whole \(isWhole)")
    }
    let alone = try TestWarehouse()
    try alone.apply(service.read(at: months[8], rows: mode, whole: true, namesEmpty: namesEmpty))
    // A row in quarantine keeps its last good version where there is one.
    let kept = Set(try chain.rows("select natural_id from kept_from_quarantine").map { $0[0] })
    func now(_ warehouse: TestWarehouse) throws -> [[String]] {
      try warehouse.rows(
        """
        select i.natural_id, s.natural_id, amount from recurring_charge_version v
        join identity i on i.identity = v.identity join identity s on s.identity = v.subscription
        where seen_to is null and valid_to is null order by 1
        """
      ).filter { !kept.contains($0[0]) }
    }
    #expect(try now(chain) == now(alone), "seed \(seed), \(mode): the last read alone")
  }
}
