import Model

@testable import Warehouse

/// A read of an API's subscriptions with their items as charges: `items` by subscription.
func subscriptions(
  _ items: [String: [TestRow]], at: String, rows: SourceConfiguration.Rows = .currentState,
  changes: ReadChanges? = nil, quarantined: [QuarantinedRow] = [], stream: StreamRead? = nil
) -> SourceRead {
  let owners = items.keys.sorted()
  var read = read(
    "stripe", extent: changes == nil ? .full : .delta, through: at, rows: rows,
    files: owners.isEmpty && quarantined.isEmpty
      ? []
      : [
        (
          "stripe_\(at).ndjson", nil,
          [
            (.subscription, owners.map { TestRow(["id": $0, "customer": "C-\($0)", "status": "active"]) }),
            (
              .recurringCharge,
              owners.flatMap { owner in
                (items[owner] ?? []).map { TestRow($0.cells.merging(["subscription": owner]) { $1 }) }
              }
            ),
          ]
        )
      ],
    entities: [.subscription, .recurringCharge], quarantined: quarantined)
  read.stream = stream ?? streamRead(changes == nil ? .whole : .changes, at: at)
  read.changes = changes
  return read
}

/// What a read of changes has to say beside its rows.
func changes(held: [String] = [], deleted: [String] = []) -> ReadChanges {
  ReadChanges(
    columns: [.subscription: "id", .recurringCharge: "subscription"], held: held, deleted: deleted)
}

func streamRead(
  _ extent: StreamRead.Extent, at: String, proof: StreamRead.Proof = .ended, counted: Int? = nil
) -> StreamRead {
  StreamRead(
    source: "stripe", connector: "stripe", stream: "subscriptions", extent: extent,
    reason: extent == .whole ? "first read" : "", since: extent == .whole ? nil : day("2024-01-01T00:00:00Z"),
    pages: 1, received: 3, records: 2, deleted: 0, withoutTime: 0, counted: counted, proof: proof,
    cursor: StreamCursor(
      source: "stripe", stream: "abc", reached: day(at), read: day("\(at)T01:00:00Z"),
      readWhole: day("2024-01-01T00:00:00Z")))
}

/// An item of a subscription in quarantine, listed for both entities it feeds.
func quarantinedItem(_ id: String, of owner: String, at: String, line: Int = 9) -> [QuarantinedRow] {
  [(EntityKind.recurringCharge, id), (.subscription, owner)].map { entity, key in
    QuarantinedRow(
      place: Place(file: "stripe_\(at).ndjson", line: line, column: 1, pointer: "/items/0"),
      name: "bad-amount", reason: "no amount", raw: "{}", entity: entity, key: key)
  }
}
