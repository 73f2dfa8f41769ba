// Perennial's own reading and mapping of a JSON file, and nothing behind it: every record is checked, its fields are made typed
// cells, and the rows are let go of.
import Extract
import Glibc
import Model
import Normalize

let fields: [EntityKind: [String: FieldMapping]] = [
  .subscription: [
    "id": FieldMapping(.column("id")), "customer": FieldMapping(.column("customer")),
    "status": FieldMapping(.column("status")),
    "started": FieldMapping(.column("start_date"), date: .epochSeconds),
    "ended": FieldMapping(.column("ended_at"), date: .epochSeconds, bound: .exclusive),
  ],
  .recurringCharge: [
    "id": FieldMapping(.column("items.data.id")), "subscription": FieldMapping(.column("id")),
    "customer": FieldMapping(.column("customer")), "plan": FieldMapping(.column("items.data.price.id")),
    "start": FieldMapping(.column("start_date"), date: .epochSeconds),
    "end": FieldMapping(.column("ended_at"), date: .epochSeconds, bound: .exclusive),
    "amount": FieldMapping(.column("items.data.price.unit_amount"), unit: .minor),
    "quantity": FieldMapping(.column("items.data.quantity")),
    "interval_unit": FieldMapping(.column("items.data.price.recurring.interval")),
    "interval_count": FieldMapping(.column("items.data.price.recurring.interval_count")),
    "currency": FieldMapping(.column("currency")),
  ],
]
let records = CommandLine.arguments.count > 2 ? FieldPath(CommandLine.arguments[2]) : nil
let source = SourceConfiguration(
  name: "billing", system: "billing", files: ["it"],
  format: FileFormat(records: records, each: FieldPath("items.data")),
  entities: [EntityKind.subscription, .recurringCharge].map {
    .init(entity: $0, rows: .currentState, fields: fields[$0] ?? [:], place: Place(file: ""))
  }, place: Place(file: ""))

switch openRecords(path: CommandLine.arguments[1], shownAs: CommandLine.arguments[1], of: source) {
case .failure(let unreadable):
  print(unreadable.finding.text())
  exit(1)
case .success(let reader):
  guard let fresh = RowMapper.compile(source: source, file: reader.file).mapper else { exit(1) }
  var batch = RecordBatch(width: 0)
  var (records, bad, mapper) = (0, 0, fresh)
  while reader.next(into: &batch) {
    mapper.map(batch)
    guard mapper.records > 10_000 else { continue }
    records += mapper.records
    bad += mapper.badRecords
    mapper = fresh
  }
  print("\(records + mapper.records) items, \(bad + mapper.badRecords) in quarantine")
  for finding in reader.findings { print(finding.text()) }
  exit(reader.findings.isEmpty ? 0 : 1)
}
