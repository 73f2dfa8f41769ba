import Model
import Project
import Testing

private func faults(_ source: String) throws -> [String] {
  try TemporaryProject.faults(["Config/sources/crm.yml": source])
}

@Test func aSourceOfJSONIsReadWithItsPaths() throws {
  let loaded = try TemporaryProject.load([
    "Config/sources/crm.yml": """
    files: exports/subs_YYYY-MM-DD.json
    format: {type: json, records: data, each: /items/data}
    entities:
      customer: {id: customer.id, name: {template: "{customer.name} ({/meta/a.b})"}, country: {column: address.country, optional: true}}

    """
  ])
  #expect(loaded.findings == [])
  let source = try #require(loaded.project?.source(named: "crm"))
  #expect(source.format.kind == .json)
  #expect(source.format.records?.pointer == "/data")
  #expect(source.format.each?.dotted == "items.data")
  #expect(
    source.mappedColumns.map(\.name) == ["customer.id", "customer.name", "/meta/a.b", "address.country"])
  #expect(source.mappedColumns.map(\.isOptional) == [false, false, false, true])
}

@Test func whatJSONHasNotIsTold() throws {
  let source =
    "files: a.json\nformat: {type: json, delimiter: \";\", footer: Total}\nentities:\n  customer: {id: A}\n"
  #expect(
    try faults(source) == [
      "2:22 misplaced-key: `delimiter` means nothing here: JSON has no such thing",
      "2:38 misplaced-key: `footer` means nothing here: JSON has no such thing",
    ])
  #expect(
    try faults("files: a.csv\nformat: {type: csv, each: a, records: b}\nentities:\n  customer: {id: A}\n")
      .count == 2)
  #expect(
    try faults("files: a.x\nformat: {each: a, header: false, columns: [a]}\nentities:\n  customer: {id: A}\n")
      .count == 2)
  // What a preset says of another kind of file is no fault of the source that says otherwise.
  let preset = "preset: salesforce_accounts\nfiles: a.json\nformat: {type: json}\n"
  #expect(try faults(preset) == [])
}

@Test func aFieldThatCannotBeIsTold() throws {
  func source(_ name: String) -> String {
    "files: a.ndjson\nentities:\n  customer:\n    id: customer.id\n    name: \(name)\n"
  }
  #expect(try faults(source("a..b")) == ["5:11 bad-value: `a..b` is no field of a JSON document"])
  #expect(
    try faults(source("customer")) == [
      "5:11 bad-value: `customer` is mapped as a value, and `customer.id` as a field of it"
    ])
  #expect(try faults(source("customer.name")) == [])
  #expect(try faults("files: a.ndjson\nformat: {each: a..b}\nentities:\n  customer: {id: A}\n").count == 1)
}

@Test(arguments: [
  ("customer.id", ["customer", "id"], "/customer/id", "customer.id"),
  ("/a.b/c", ["a.b", "c"], "/a.b/c", "/a.b/c"),
  ("/x~1y/~0", ["x/y", "~"], "/x~1y/~0", "x/y.~"), ("id", ["id"], "/id", "id"), ("/", [""], "/", "/"),
])
func aPathIsWrittenWithDotsOrAsAPointer(text: String, names: [String], pointer: String, dotted: String) throws
{
  let path = try #require(FieldPath(text))
  #expect(path.names == names)
  #expect(path.pointer == pointer)
  #expect(path.dotted == dotted)
}
