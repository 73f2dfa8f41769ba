import GRDB
import Model

extension RunTransaction {
  func storeCustomers(_ result: RollupResult, _ codes: inout Codes) throws {
    let movements = result.movements.sorted {
      ($0.month, $0.customer, $0.sequence) < ($1.month, $1.customer, $1.sequence)
    }
    try replace("movement", count: movements.count, database) { position, row in
      let movement = movements[position]
      row.append(StoredValue(movement.month.number))
      row.append(.integer(movement.customer))
      row.append(.integer(Int64(movement.sequence)))
      row.append(.integer(movement.movement.code))
      row.append(.integer(movement.amount))
      row.append(.integer(movement.before))
      row.append(.integer(movement.after))
    }
    let intervals = result.customerMRR.sorted { ($0.customer, $0.first) < ($1.customer, $1.first) }
    try replace("customer_mrr_interval", count: intervals.count, database) { position, row in
      let interval = intervals[position]
      row.append(.integer(interval.customer))
      row.append(StoredValue(interval.first.number))
      row.append(StoredValue(interval.last.number))
      row.append(.integer(interval.mrr))
    }
    try storeMemberships(result.memberships, &codes)
  }

  private func storeMemberships(_ memberships: [SegmentMembership], _ codes: inout Codes) throws {
    let keys = try memberships.map { ($0.customer, try codes.code($0.segment), $0.first) }
    let order = memberships.indices.sorted { keys[$0] < keys[$1] }
    try replace("segment_membership", count: order.count, database) { position, row in
      let membership = memberships[order[position]]
      row.append(.integer(membership.customer))
      row.append(.integer(keys[order[position]].1))
      row.append(StoredValue(membership.first.number))
      row.append(StoredValue(membership.last.number))
    }
  }

  func storeCharges(_ charges: [ChargeInterval], _ codes: inout Codes) throws {
    let charges = charges.sorted { left, right in
      (left.row, left.start, left.end?.number ?? .max) < (right.row, right.start, right.end?.number ?? .max)
    }
    var names = codes
    try replace("charge_interval", count: charges.count, database) { position, row in
      let charge = charges[position]
      row.append(.integer(Int64(position) + 1))
      row.append(.integer(charge.row))
      row.append(.integer(charge.customer))
      row.append(StoredValue(charge.plan))
      row.append(StoredValue(try charge.product.map { try names.code(product: $0) }))
      row.append(.text(charge.currency.code))
      row.append(StoredValue(charge.start.number))
      row.append(StoredValue(charge.end.map { Int64($0.number) }))
      row.append(.integer(charge.mrr))
      row.append(.integer(Int64(charge.grade.rawValue)))
    }
    codes = names
  }
}
