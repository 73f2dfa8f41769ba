import Model
import Warehouse

/// Why a period cannot be shown, with those that can.
func unpublished(_ label: String, _ reader: WarehouseReader) throws -> Stop {
  let months = try reader.periodLabels().filter { Month(iso: $0) != nil }
  return Stop(
    .wrongUse, "month-not-published", "no figures of \(label) are published",
    remedy: months.first.map { "published are \($0) to \(months.last ?? $0), and their quarters and years" })
}
