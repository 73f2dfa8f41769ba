import Model
import Testing

@testable import Warehouse

/// SplitMix64.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// The versions known now, apart from the places they were first read at: an unchanged row keeps its first one.
private func known(_ warehouse: TestWarehouse) throws -> [[String]] {
  try warehouse.rows(
    """
    select i.natural_id, v.amount, v."end", v.valid_from, v.valid_to, c.natural_id
    from recurring_charge_version v join identity i on i.identity = v.identity
    join identity c on c.identity = v.customer
    where v.seen_to is null order by i.natural_id, v.valid_from
    """)
}

private func randomRows(_ random: inout Seeded) -> [TestRow] {
  (0..<6).filter { _ in random.next() % 3 > 0 }.map { key in
    charge(
      "k\(key)", "C\(random.next() % 3)", to: random.next() % 4 == 0 ? "2025-01-01" : nil,
      amount: Int64(1 + random.next() % 3) * 1_000_000)
  }
}

@Test(arguments: 1...25)
func anySequenceOfFullReadsKnowsNowWhatTheLastOneAloneWouldKnow(seed: Int) throws {
  var random = Seeded(state: UInt64(seed))
  let incremental = try TestWarehouse()
  var last: [TestRow] = []
  for _ in 0..<6 {
    last = randomRows(&random).shuffled(using: &random)
    try incremental.apply(charges(last))
  }
  let fresh = try TestWarehouse()
  try fresh.apply(charges(last))
  #expect(try known(incremental) == known(fresh), "seed \(seed)")
}

@Test(arguments: 1...40)
func anyOrderOfSnapshotsGivesTheSameHistory(seed: Int) throws {
  var random = Seeded(state: UInt64(seed) &* 7919)
  let moments = (1...7).map { "2024-0\($0)-28" }
  let reads = moments.map { at in
    let rows = randomRows(&random)
    var quarantined: [QuarantinedRow] = []
    let file = "stripe_\(at).csv"
    let present = rows.map { $0.cells["id"] ?? "" }
    for key in 0..<6 where !present.contains("k\(key)") && random.next() % 3 == 0 {
      quarantined.append(quarantinedCharge("k\(key)", file: file))
    }
    if random.next() % 5 == 0 { quarantined.append(quarantinedCharge(nil, file: file, entity: nil)) }
    return snapshot(at, rows, quarantined: quarantined)
  }
  let inOrder = try TestWarehouse()
  for read in reads { try inOrder.apply(read) }
  let shuffled = try TestWarehouse()
  var order = reads.shuffled(using: &random)
  // Reading some again changes nothing either.
  order += order.prefix(3)
  for read in order { try shuffled.apply(read) }
  #expect(try known(shuffled) == known(inOrder), "seed \(seed)")
  let together = try TestWarehouse()
  var all = reads[0]
  for read in reads.dropFirst() {
    all.parts += read.parts.map { .init(file: $0.file + all.files.count, held: $0.held) }
    all.files += read.files
    all.quarantined += read.quarantined
  }
  try together.apply(all)
  #expect(try known(together) == known(inOrder), "seed \(seed), all in one read")
}

@Test(arguments: 1...10)
func historyFromMonthlySnapshotsIsThePeriodsTheyCameFromAtEveryMonthEnd(seed: Int) throws {
  var random = Seeded(state: UInt64(seed) &* 104_729)
  let first = Month(year: 2024, month: 1)
  let periods = (0..<12).map { key in
    let start = first.firstDay + Int(random.next() % 300)
    let end = random.next() % 3 == 0 ? nil : start + 1 + Int(random.next() % 200)
    return (id: "p\(key)", start: start, end: end)
  }
  let warehouse = try TestWarehouse()
  for month in (0..<20).map({ first + $0 }).shuffled(using: &random) {
    let live = periods.filter { $0.start < month.end && ($0.end.map { month.end <= $0 } ?? true) }
    try warehouse.apply(
      snapshot(
        month.lastDay.description,
        live.map { charge($0.id, $0.id, from: $0.start.description, amount: 1_000_000) }))
  }
  let book = try warehouse.book("stripe")
  for month in (0..<20).map({ first + $0 }) {
    let expected = periods.filter { $0.start < month.end && ($0.end.map { month.end <= $0 } ?? true) }.map(
      \.id)
    let counted = book.charges.filter { charge in
      let start = ReportingZone.utc.day(of: charge.start)
      let end = charge.end.map(ReportingZone.utc.day(of:))
      return start < month.end && (end.map { month.end <= $0 } ?? true)
    }.map { book.customers[Int($0.customer)].name }
    #expect(counted.sorted() == expected.sorted(), "seed \(seed), \(month)")
  }
}
