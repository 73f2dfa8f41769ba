import Model
import Testing

@testable import Warehouse

/// Night after night the published rows of a table are exactly those of the latest one, whether few or most of them changed.
@Test(arguments: 1...20)
func publishedRowsAreThoseOfTheLatestNight(seed: Int) throws {
  print("seed \(seed)")
  var random = Seeded(state: UInt64(seed))
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges((0..<40).map { charge("a\($0)", "C\($0)") }))
  let customers = try warehouse.rows("select identity from identity where customer_id is not null").map {
    Int64($0[0])!
  }
  var movements: [CustomerMovement] = []
  let january = Month(year: 2024, month: 1)
  for night in 0..<6 {
    if night == 0 || random.next() % 4 == 0 {
      movements = []
      for customer in customers {
        for month in 0..<50 where random.next() % 3 > 0 {
          let before = Int64(random.next() % 1000)
          let after = Int64(random.next() % 1000)
          movements.append(
            CustomerMovement(
              month: january + month, customer: customer, movement: .expansion, amount: after - before,
              before: before, after: after))
        }
      }
    } else {
      for _ in 0..<random.next() % 8 {
        let place = Int(random.next() % UInt64(movements.count))
        if random.next() % 3 == 0 {
          movements.remove(at: place)
        } else {
          movements[place].after += 1
          movements[place].amount += 1
        }
      }
      if random.next() % 2 == 0, let last = movements.last {
        movements.append(
          CustomerMovement(
            month: last.month + Int(100 + night), customer: last.customer, movement: .churn, amount: -1,
            before: 1, after: 0))
      }
    }
    try warehouse.run { transaction in
      try transaction.replace(MovementRows(movements.shuffled(using: &random)))
      return .publish
    }
    let expected = movements.map {
      "\($0.month.number) \($0.customer) \($0.sequence) \($0.movement.code) \($0.amount) \($0.before) \($0.after)"
    }
    let found = try warehouse.rows("select * from movement").map { $0.joined(separator: " ") }
    #expect(found.sorted() == expected.sorted(), "night \(night)")
  }
  #expect(try warehouse.rows("pragma integrity_check") == [["ok"]])
}

/// The same where keys have texts among them, and values are of several types: a number takes the place of the text that reads the same.
@Test(arguments: 1...20)
func rowsWithTextsInTheirKeysAreThoseOfTheLatestNight(seed: UInt64) throws {
  var random = Seeded(state: seed &* 0x2545_F491)
  func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
  let warehouse = try TestWarehouse()
  try warehouse.apply(charges([charge("a", "C")]))
  try warehouse.run { transaction in
    try transaction.database.execute(
      sql: """
        create table keyed (number integer, name text, place integer, value any, primary key (number, name, place))
        strict, without rowid
        """)
    return .publish
  }
  let names = ["", "A", "AB", "B", "a", "\u{7f}", "é", "日本", "🧾"]
  let values: [KeyedRows.Value] = [
    .integer(1), .real(1), .text("1"), .null, .integer(-1), .real(0.5), .text(""),
  ]
  var rows: [KeyedRows.Key: KeyedRows.Value] = [:]
  func put() {
    let key = KeyedRows.Key(
      number: Int64(draw(40) - 20), name: names[draw(names.count)], place: Int64(draw(9)))
    rows[key] = values[draw(values.count)]
  }
  for night in 0..<8 {
    if night == 0 || draw(5) == 0 {
      rows = [:]
      for _ in 0..<1_200 { put() }
    }
    for _ in 0..<draw(30) {
      if draw(3) == 0, let gone = rows.keys.sorted().randomElement(using: &random) {
        rows[gone] = nil
      } else {
        put()
      }
    }
    try warehouse.run { transaction in
      try transaction.replace(KeyedRows(rows: rows.sorted { $0.key < $1.key }))
      return .publish
    }
    let found = try warehouse.rows(
      "select number, name, place, typeof(value), coalesce(value, '') from keyed order by number, name, place"
    )
    let expected = rows.sorted { $0.key < $1.key }.map { key, value in
      ["\(key.number)", key.name, "\(key.place)"] + value.said
    }
    #expect(found == expected, "seed \(seed), night \(night)")
  }
  #expect(try warehouse.rows("pragma integrity_check") == [["ok"]])
}

/// Rows of a table made for the test.
private struct KeyedRows: StoredRows {
  struct Key: Hashable, Comparable {
    var number: Int64
    var name: String
    var place: Int64

    static func < (one: Key, other: Key) -> Bool {
      guard one.number == other.number else { return one.number < other.number }
      guard one.name == other.name else { return one.name.utf8.lexicographicallyPrecedes(other.name.utf8) }
      return one.place < other.place
    }
  }

  enum Value {
    case integer(Int64)
    case real(Double)
    case text(String)
    case null

    /// Its type and text, as SQLite tells them.
    var said: [String] {
      switch self {
      case .integer(let value): ["integer", "\(value)"]
      case .real(let value): ["real", "\(value)"]
      case .text(let value): ["text", value]
      case .null: ["null", ""]
      }
    }
  }

  let table = "keyed"
  let keys = 3
  var rows: [(key: Key, value: Value)]
  var count: Int { rows.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let (key, value) = rows[position]
    sink.add(key.number)
    sink.add(key.name)
    sink.add(key.place)
    switch value {
    case .integer(let value): sink.add(value)
    case .real(let value): sink.add(value)
    case .text(let value): sink.add(value)
    case .null: sink.addNull()
    }
  }
}
