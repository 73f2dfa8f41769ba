/// Fields that must have no value beside a column: with one the row could not be told exactly.
struct RefusedFields: Sendable {
  /// Position of the column among those of the entity.
  let column: Int
  /// Positions in a record.
  let fields: [Int]
  let because: String?

  /// Appends a fault for every row of the pass that has one of them.
  func check(_ pass: ColumnPass, faults: inout [CellFault]) {
    for record in pass.records where fields.contains(where: { !pass.text(record, $0).isEmpty }) {
      faults.append(CellFault(record: record, entity: pass.entity, column: column, fault: .refused))
    }
  }
}
