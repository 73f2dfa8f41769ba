import Model
import Testing

private let place = Place(file: "Config/sources/service.yml")

/// A source of a stream whose records' key is `id`.
private func source(_ entities: [(EntityKind, [String: FieldMapping])], key: String = "id") throws
  -> SourceConfiguration
{
  let stream = ConnectorStream(
    name: "things", all: StreamRequest(path: "/things"), key: try #require(FieldPath(key)), place: place)
  let connector = Connector(
    name: "service", title: "Service", baseURL: "https://api.example.com", system: "service",
    streams: [stream],
    place: place)
  return SourceConfiguration(
    name: "service", system: "service", files: [],
    entities: entities.map { .init(entity: $0, rows: .periods, fields: $1, place: place) },
    stream: .init(connector: connector, stream: stream), place: place)
}

private func column(_ name: String) -> FieldMapping { FieldMapping(.column(name)) }

@Test func aRowIsOfTheRecordWhoseKeyOneOfItsColumnsHolds() throws {
  let items = try source([
    (.subscription, ["id": column("id"), "customer": column("customer")]),
    (.plan, ["id": column("items.price.id")]),
    (
      .recurringCharge,
      ["id": column("items.id"), "subscription": column("id"), "plan": column("items.price.id")]
    ),
  ])
  #expect(items.recordColumns == [.subscription: "id", .recurringCharge: "subscription"])
  #expect(items.showsRecords)
  let lines = try source(
    [
      (
        .invoiceLine,
        ["id": column("lines.id"), "invoice": column("/invoice/id"), "customer": column("customer")]
      )
    ],
    key: "invoice.id")
  #expect(lines.recordColumns == [.invoiceLine: "invoice"])
  #expect(lines.showsRecords)
}

@Test func factsThatDoNotShowTheirRecordNeedEverything() throws {
  let template = FieldMapping(.template("{id}-{items.position}"))
  #expect(try !source([(.recurringCharge, ["id": template])]).showsRecords)
  #expect(
    try !source([(.recurringCharge, ["id": FieldMapping(.column("id"), map: ["a": "b"])])]).showsRecords)
  #expect(
    try !source([
      (.subscription, ["id": column("id")]), (.recurringCharge, ["id": column("items.id")]),
    ]).showsRecords)
  #expect(try !source([(.plan, ["id": column("items.price.id")])]).showsRecords)
  #expect(try source([(.recurringCharge, ["id": template, "subscription": column("id")])]).showsRecords)
  #expect(try source([]).showsRecords)
}
