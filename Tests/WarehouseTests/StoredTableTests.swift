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
