import GRDB
import Model

/// `customer_account`: the customers of the book, as described now.
struct AccountRows: StoredRows {
  let table = "customer_account"
  let integerKeys = 1
  let accounts: [Book.Customer]
  private let attributes = AttributeWriter()

  init(accounts: [Book.Customer]) { self.accounts = accounts }

  var count: Int { accounts.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let account = accounts[position]
    let latest = account.states.last
    sink.add(account.id)
    sink.add(account.name)
    sink.add(latest?.country)
    sink.add(latest?.employees)
    sink.add(account.parent.map { accounts[Int($0)].id })
    sink.add(attributes.text(of: latest?.attributes ?? [:]))
    sink.add(Int64(account.states.isEmpty ? 0 : 1))
  }
}

struct MovementRows: StoredRows {
  let table = "movement"
  let integerKeys = 3
  let movements: [CustomerMovement]

  /// Throws when one does not lead from before to after.
  init(_ movements: [CustomerMovement]) throws {
    if let broken = movements.first(where: { $0.amount != $0.after - $0.before }) {
      throw DatabaseError(
        resultCode: .SQLITE_CONSTRAINT, message: "a movement of customer \(broken.customer) does not add up")
    }
    self.movements = Self.byMonth(movements).inOrder {
      ($0.month, $0.customer, $0.sequence) < ($1.month, $1.customer, $1.sequence)
    }
  }

  /// Those of a month together, as they came: from a roll-up that is customer after customer.
  private static func byMonth(_ movements: [CustomerMovement]) -> [CustomerMovement] {
    let months = movements.lazy.map(\.month)
    guard let first = months.min(), let last = months.max() else { return [] }
    var places = [Int](repeating: 0, count: last - first + 2)
    for month in months { places[month - first + 1] += 1 }
    for month in places.indices.dropFirst() { places[month] += places[month - 1] }
    return [CustomerMovement](unsafeUninitializedCapacity: movements.count) { sorted, count in
      for movement in movements {
        sorted.initializeElement(at: places[movement.month - first], to: movement)
        places[movement.month - first] += 1
      }
      count = movements.count
    }
  }

  var count: Int { movements.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let movement = movements[position]
    sink.add(movement.month.number)
    sink.add(movement.customer)
    sink.add(Int64(movement.sequence))
    sink.add(movement.movement.code)
    sink.add(movement.amount)
    sink.add(movement.before)
    sink.add(movement.after)
  }
}

struct CustomerMRRRows: StoredRows {
  let table = "customer_mrr_interval"
  let integerKeys = 2
  let intervals: [CustomerMRR]

  init(_ intervals: [CustomerMRR]) {
    self.intervals = intervals.inOrder { ($0.customer, $0.first) < ($1.customer, $1.first) }
  }

  var count: Int { intervals.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let interval = intervals[position]
    sink.add(interval.customer)
    sink.add(interval.first.number)
    sink.add(interval.last.number)
    sink.add(interval.mrr)
  }
}

struct MembershipRows: StoredRows {
  let table = "segment_membership"
  let integerKeys = 3
  private let rows: [(customer: Int64, segment: Int64, first: Month, last: Month)]

  init(_ memberships: [SegmentMembership], _ codes: inout Codes) throws {
    var rows: [(customer: Int64, segment: Int64, first: Month, last: Month)] = []
    rows.reserveCapacity(memberships.count)
    for membership in memberships {
      rows.append(
        (membership.customer, try codes.code(membership.segment), membership.first, membership.last))
    }
    self.rows = rows.inOrder { ($0.customer, $0.segment, $0.first) < ($1.customer, $1.segment, $1.first) }
  }

  var count: Int { rows.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let row = rows[position]
    sink.add(row.customer)
    sink.add(row.segment)
    sink.add(row.first.number)
    sink.add(row.last.number)
  }
}

/// `charge_interval`: the stretches of charges that count.
struct ChargeRows: StoredRows {
  let table = "charge_interval"
  let integerKeys = 1
  private let charges: [ChargeInterval]
  /// Empty where none is of a product.
  private let products: [Int64?]
  /// Its version's row and its place among that row's stretches: it stays what it is when other charges come and go.
  private let numbers: [Int64]

  init(_ charges: [ChargeInterval], _ codes: inout Codes) throws {
    self.charges = charges.inOrder { left, right in
      (left.entity.chargeCode, left.row, left.start, left.end?.number ?? .max)
        < (right.entity.chargeCode, right.row, right.start, right.end?.number ?? .max)
    }
    var products: [Int64?] = []
    var numbers: [Int64] = []
    numbers.reserveCapacity(charges.count)
    var piece: Int64 = 0
    for (position, charge) in self.charges.enumerated() {
      if let product = charge.product {
        if products.isEmpty { products = Array(repeating: nil, count: charges.count) }
        products[position] = try codes.code(product: product)
      }
      let last = position > 0 ? self.charges[position - 1] : nil
      piece = last?.row == charge.row && last?.entity == charge.entity ? piece + 1 : 0
      numbers.append(charge.entity.chargeCode << 60 | charge.row << 16 + piece)
    }
    self.products = products
    self.numbers = numbers
  }

  var count: Int { charges.count }

  func write<Sink: RowSink>(_ position: Int, to sink: inout Sink) {
    let charge = charges[position]
    sink.add(numbers[position])
    sink.add(charge.entity.chargeCode)
    sink.add(charge.row)
    sink.add(charge.customer)
    sink.add(charge.plan)
    sink.add(products.isEmpty ? nil : products[position])
    sink.add(charge.currency)
    sink.add(charge.start.number)
    sink.add(charge.end.map { Int64($0.number) })
    sink.add(charge.mrr)
    sink.add(Int64(charge.grade.rawValue))
  }
}

extension EntityKind {
  /// `charge_interval.entity`.
  fileprivate var chargeCode: Int64 {
    switch self {
    case .invoiceLine: 1
    case .contract: 2
    default: 0
    }
  }
}

extension Array {
  /// Itself when it is in order already, as a roll-up's rows mostly are.
  func inOrder(_ precedes: (Element, Element) -> Bool) -> [Element] {
    for index in indices.dropFirst() where precedes(self[index], self[index - 1]) {
      return sorted(by: precedes)
    }
    return self
  }
}
