import Foundation
import Model
import Testing

@testable import Extract

private let people = """
  {"id": "a", "name": "Ann", "home": {"city": "Bonn", "zip": null}}
  {"id": 7, "name": "Bö\\u0062", "home": null, "more": [1, {"id": "x"}]}

  {"home": {"zip": 1.50, "city": ""}, "id": 1E3}

  """

@Test func aLineIsARecordAndAPathAField() {
  let reading = readDocuments(people, ["id", "name", "home.city", "/home/zip"], name: "in.ndjson")
  #expect(reading.rows == [["a", "Ann", "Bonn", ""], ["7", "Böb", "", ""], ["1000", "", "", "1.50"]])
  #expect(reading.lines == [1, 2, 4])
  #expect(reading.findings == [])
  #expect(reading.raws[2] == #"{"home": {"zip": 1.50, "city": ""}, "id": 1E3}"#)
}

@Test func theSameRecordsAreReadFromLinesAnArrayAndARecordsPath() {
  let fields = ["id", "name", "home.city", "home.zip"]
  let lines = readDocuments(people, fields, name: "in.ndjson")
  let documents = people.split(separator: "\n").joined(separator: ",\n")
  let array = readDocuments("[" + documents + "]", fields)
  let inner = readDocuments(
    #"{"object": "list", "skip": [{"data": [1]}, "]"], "page": {"data": ["# + documents
      + #"], "more": false}, "z": 1}"#,
    fields, FileFormat(records: FieldPath("page.data")))
  for reading in [array, inner] {
    #expect(reading.rows == lines.rows)
    #expect(reading.raws == lines.raws)
    #expect(reading.findings == [])
    #expect(reading.lines == [1, 2, 3])
  }
  #expect(array.pointers == ["/0", "/1", "/2"])
  #expect(inner.pointers == ["/page/data/0", "/page/data/1", "/page/data/2"])
  #expect(array.bytes[0] == 1)
  let undeclared = readDocuments(people, fields)
  #expect(undeclared.file.kind == .ndjson)
  #expect(undeclared.rows == lines.rows)
}

@Test func everyElementOfADeclaredArrayIsARecord() {
  let text = """
    {"id": "s1", "items": {"data": [{"id": "i1", "price": {"unit": 5}}, {"price": {"unit": 6}, "id": "i\\t2"}]}, "to": "x\\ny"}
    {"items": {"data": []}, "id": "s2", "to": null}
    {"items": null, "id": "s3"}
    {"to": "z", "items": {"data": [{"id": "i3", "items": {"data": [1]}}]}, "id": "s4"}

    """
  let reading = readDocuments(
    text, ["id", "items.data.id", "items.data.price.unit", "to"], FileFormat(each: FieldPath("items.data")),
    name: "in.jsonl")
  #expect(
    reading.rows == [["s1", "i1", "5", "x\ny"], ["s1", "i\t2", "6", "x\ny"], ["s4", "i3", "", "z"]])
  #expect(reading.lines == [1, 1, 4])
  #expect(reading.pointers == ["/items/data/0", "/items/data/1", "/items/data/0"])
  #expect(reading.names == ["no-elements"])
  #expect(reading.findings[0].problem == "2 of 4 documents have nothing in `items.data`")
}

@Test func elementsMayBeValues() {
  let reading = readDocuments(
    #"[{"id": 1, "tags": ["a", 2, null, true]}]"#, ["id", "tags"], FileFormat(each: FieldPath("tags")))
  #expect(reading.rows == [["1", "a"], ["1", "2"], ["1", ""], ["1", "true"]])
  #expect(reading.pointers == ["/0/tags/0", "/0/tags/1", "/0/tags/2", "/0/tags/3"])
}

@Test func namesWithDotsAndSlashesAreReachedByPointersAndPositionsByNumber() {
  let reading = readDocuments(
    #"[{"a.b": {"c/d": "1", "e~f": "2"}, "list": [{"x": 3}, [4, 5]], "\u0067\"": 6}]"#,
    ["/a.b/c~1d", "/a.b/e~0f", "list.0.x", "list.1.1", "g\""])
  #expect(reading.rows == [["1", "2", "3", "5", "6"]])
  #expect(reading.findings == [])
}

@Test func numbersKeepEveryDigit() {
  let cases = [
    ("19.990", "19.990"), ("1e3", "1000"), ("1E-2", "0.01"), ("-1.5e+3", "-1500"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
    ("0.1e1", "0.1e1"), ("12.345e1", "123.45"), ("0.00e9", "0"), ("-0", "-0"), ("5e-7", "0.0000005"),
    ("1e400", "1e400"),
    ("9007199254740993", "9007199254740993"),
  ]
  for (number, text) in cases {
    let reading = readDocuments("[{\"n\": \(number)}]", ["n"])
    #expect(reading.rows == [[number == "0.1e1" ? "1" : text]], "\(number)")
  }
  let comma = readDocuments(#"[{"n": 1.5, "t": "1,5"}]"#, ["n", "t"], FileFormat(decimalMark: 0x2C))
  #expect(comma.rows == [["1,5", "1,5"]])
}

@Test func aFieldOfAnotherKindSetsItsRecordAside() {
  let text = """
    {"id": "a", "customer": {"id": "c"}}
    {"id": "b", "customer": ["c"]}
    {"id": "c", "customer": "c", "home": 5}
    {"id": "d", "customer": "c", "id": "e"}
    {"id": "e", "customer": "\\ud800x"}
    {"id": "f", "customer": "\\u0000"}
    [1]
    "text"
    {"id": "g", "customer": "c", "home": {"city": "B"}}

    """
  let reading = readDocuments(text, ["id", "customer", "home.city"], name: "in.ndjson")
  #expect(reading.rows == [["g", "c", "B"]])
  #expect(
    reading.malformed == [
      "1:25 wrong-field-kind /customer [a||]", "2:25 wrong-field-kind /customer [b||]",
      "3:38 wrong-field-kind /home [c|c|]", "4:30 duplicate-field /id [d|c|]",
      "5:26 lone-surrogate /customer [e||]", "6:26 nul-byte /customer [f||]",
      "7:1 not-an-object  [||]", "8:1 not-an-object  [||]",
    ])
  #expect(reading.findings == [])
}

@Test func ofAFanOnlyTheElementAtFaultIsSetAside() {
  let reading = readDocuments(
    #"[{"id": 1, "l": [{"n": "a"}, {"n": {}}, 5, {"n": "b"}]}, {"id": {}, "l": [{"n": "c"}, {"n": "d"}]}]"#,
    ["id", "l.n"], FileFormat(each: FieldPath("l")))
  #expect(reading.rows == [["1", "a"], ["1", "b"]])
  #expect(reading.pointers == ["/0/l/0", "/0/l/3"])
  #expect(
    reading.malformed == [
      "byte 35 wrong-field-kind /0/l/1/n [1|]", "byte 40 wrong-field-kind /0/l/2 [1|]",
      "byte 64 wrong-field-kind /1/l/0 [|c]", "byte 64 wrong-field-kind /1/l/1 [|d]",
    ])
}

@Test func aBrokenLineSpoilsItselfAlone() {
  let text = """
    {"id": "a"}
    {"id": "b", "x": }
    {"id": "c", "x": "never closed}
    {"id": "d"} {"id": "e"}
    {"id": "f"
    {"id": "g", "x": "tab\tin it"}
    {"id": "h", "x": "\\q"}
    Total: 7
    {"id": "i", "x": 01}
    {"id": "j"},
    {"id": "k"}

    """
  let reading = readDocuments(text, ["id"], name: "in.ndjson")
  #expect(reading.rows == [["a"], ["k"]])
  #expect(reading.lines == [1, 11])
  #expect(
    reading.malformed == [
      "2:18 json-syntax  [b]", "3:32 json-syntax  [c]", "4:13 several-documents  [d]",
      "5:11 json-syntax  [f]",
      "6:22 json-syntax  [g]", "7:19 json-syntax  [h]", "8:1 json-syntax  []", "9:18 json-syntax  [i]",
      "10:12 json-syntax  [j]",
    ])
  #expect(reading.findings == [])
}

@Test func aFileThatEndsInTheMiddleIsAnError() {
  for end in ["{\"id\": \"b", "{\"id\": 1", "{\"id\": tr", "{\"id\"", "{", "{\"id\": \"b\\u00"] {
    let lines = readDocuments("{\"id\": \"a\"}\n" + end, ["id"], name: "in.ndjson")
    #expect(lines.names == ["json-cut-off"], "\(end)")
    #expect(lines.findings.first?.place?.line == 2)
    let array = readDocuments("[{\"id\": \"a\"}," + end, ["id"])
    #expect(
      array.names == ["json-cut-off"] || end.hasSuffix("tr") && array.names == ["json-syntax"], "\(end)")
  }
  #expect(
    readDocuments("{\"id\": \"a\"}\n{\"id\": \"b\"}", ["id"], name: "in.ndjson").rows == [["a"], ["b"]])
  #expect(readDocuments("", ["id"]).names == ["json-cut-off"])
  #expect(readDocuments("\n", ["id"], name: "in.ndjson").names == ["empty-file"])
  #expect(readDocuments(" [ ] ", ["id"]).findings == [])
}

@Test func severalDocumentsInOneFileAreRefused() {
  for text in [#"{"id": 1}{"id": 2}"#, "[{\"id\": 1}]\n[{\"id\": 2}]", "{\n\"id\": 1}\n{\n\"id\": 2}"] {
    let reading = readDocuments(text, ["id"])
    #expect(reading.names == ["several-documents"], "\(text)")
    #expect(reading.findings[0].severity == .error)
    #expect(reading.findings[0].remedy?.contains("ndjson") == true)
  }
}

@Test func recordsThatAreNotWhereTheyShouldBeAreAnError() {
  let data = FileFormat(records: FieldPath("data"))
  #expect(readDocuments(#"{"items": [], "x": 1}"#, ["id"], data).names == ["no-records"])
  #expect(
    readDocuments(#"{"items": [], "x": 1}"#, ["id"], data).findings[0].problem
      == "the document has no `data`, where its records should be; beside the way to it stand `items`, `x`")
  #expect(readDocuments(#"{"data": {"id": 1}}"#, ["id"], data).names == ["no-records"])
  #expect(readDocuments(#"{"data": null}"#, ["id"], data).names == ["no-records"])
  #expect(readDocuments(#"{"data": [], "data": []}"#, ["id"], data).names == ["no-records"])
  #expect(readDocuments("17", ["id"]).names == ["no-records"])
}

@Test func aFieldThatNoRecordHasIsAnErrorUnlessItMayBeMissing() {
  let text = #"[{"id": 1, "home": null, "list": []}, {"id": 2, "home": null}]"#
  let reading = readDocuments(text, ["id", "nam", "home.city", "deep.er"], optional: ["deep.er"])
  #expect(reading.names == ["missing-field"])
  #expect(reading.findings[0].problem == "no record of in.json has `nam`, which `nam` is read from")
  #expect(reading.findings[0].place?.file == "Config/sources/it.yml")
}

@Test func theKindOfAFileIsDeclaredOrItsEndingsOrFoundFromItsFirstBytes() {
  func kind(_ text: String, _ name: String, _ format: FileFormat = FileFormat()) -> FileFormat.Kind {
    readDocuments(text, ["id"], format, name: name).file.kind
  }
  let two = "{\"id\": 1}\n{\"id\": 2}\n"
  #expect(kind(two, "in.json") == .ndjson)
  #expect(kind(two, "dump") == .ndjson)
  #expect(kind("[{\"id\": 1}]", "dump.2024") == .json)
  #expect(kind("id,name\n1,a\n", "dump") == .csv)
  #expect(kind("{x},[y]\n1,a\n", "dump") == .csv)
  #expect(kind(two, "in.csv", FileFormat(kind: .ndjson)) == .ndjson)
  #expect(kind("{\n \"id\": 1\n}\n", "in.json") == .json)
  #expect(DocumentKind(FileFormat(), path: "https://host/a.ndjson.gz?key=1") == .lines)
  #expect(DocumentKind(FileFormat(records: FieldPath("data")), path: "a.json") == .document)
}

@Test func pathsThatCannotBeAreRefused() {
  #expect(readDocuments("[]", ["a..b"]).names == ["bad-field-path"])
  #expect(readDocuments("[]", ["/a~2"]).names == ["bad-field-path"])
  #expect(readDocuments("[]", ["customer", "customer.id"]).names == ["bad-field-path"])
}

@Test func ofAFieldThatStandsTwiceTheFirstIsWhatTheRecordIsKnownBy() {
  let reading = readDocuments(
    #"[{"id": "\u0041", "id": 1, "l": [{"v": "\n", "v": 2}, {"v": 3}]}, {"id": 2, "l": [{"v": "x\ty", "v": {}}, {"v": 4}]}]"#,
    ["id", "l.v"], FileFormat(each: FieldPath("l")))
  #expect(reading.rows == [["2", "4"]])
  #expect(
    reading.malformed == [
      "byte 18 duplicate-field /0/l/0 [A|\n]", "byte 18 duplicate-field /0/l/1 [A|3]",
      "byte 96 duplicate-field /1/l/0/v [2|x\ty]",
    ])
}

@Test func aPageOfSeveralIsWarnedOf() {
  let format = FileFormat(records: FieldPath("data"), each: FieldPath("l.data"))
  let text =
    #"{"data": [{"l": {"has_more": true, "data": [{"id": 1}]}}, {"l": {"data": [{"id": 2}], "has_more": false}}], "has_more": true}"#
  let reading = readDocuments(text, ["l.data.id"], format)
  #expect(reading.rows == [["1"], ["2"]])
  #expect(reading.names == ["more-elsewhere", "more-elsewhere"])
  #expect(reading.findings[0].problem == "1 of 2 documents say `has_more: true` beside `l.data`")
  let whole = text.replacingOccurrences(of: "true", with: "false")
  #expect(
    readDocuments(whole, ["l.data.id", "l.has_more"], format).rows == [["1", "false"], ["2", "false"]])
  #expect(readDocuments(whole, ["l.data.id"], format).findings == [])
}

@Test func aMarkedOrDeclaredEncodingIsReadAndNoneIsGuessed() {
  let text = #"[{"n": "Äö€😀"}]"#
  let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  #expect(readDocuments([0xEF, 0xBB, 0xBF] + Array(text.utf8), ["n"]).rows == [["Äö€😀"]])
  #expect(readDocuments([0xFF, 0xFE] + wide, ["n"]).rows == [["Äö€😀"]])
  #expect(readDocuments(wide, ["n"], FileFormat(encoding: .utf16le)).rows == [["Äö€😀"]])
  #expect(readDocuments(wide, ["n"]).names == ["json-syntax"])
  let latin = Array(#"[{"n": ""#.utf8) + [0xC4] + Array(#""}]"#.utf8)
  #expect(readDocuments(latin, ["n"], FileFormat(encoding: .latin1)).rows == [["Ä"]])
  #expect(readDocuments(latin, ["n"]).names == ["not-text"])
  #expect(readDocuments([0xEF, 0xBB, 0xBF] + Array(#"{"n": }"#.utf8), ["n"]).findings[0].place?.byte == 9)
}

@Test func aRecordLongerThanTheBoundIsRefusedAndALineLeftOut() {
  let long = "{\"id\": 1, \"x\": \"" + String(repeating: "x", count: 5000) + "\"}"
  let lines = readDocuments(
    Array("{\"id\": 0}\n\(long)\n{\"id\": 2}\n".utf8), ["id"], name: "in.ndjson", blockSize: 100,
    rowSize: 1000)
  #expect(lines.rows == [["0"], ["2"]])
  #expect(lines.lines == [1, 3])
  #expect(lines.malformed.map { $0.prefix(16) } == ["2:1 row-too-long"])
  #expect(lines.findings == [])
  let only = readDocuments(Array(long.utf8), ["id"], name: "in.ndjson", blockSize: 100, rowSize: 1000)
  #expect(only.malformed.count == 1)
  #expect(only.findings == [])
  let array = readDocuments(Array("[{\"id\": 0},\(long)]".utf8), ["id"], blockSize: 100, rowSize: 1000)
  #expect(array.names == ["row-too-long"])
  #expect(array.findings[0].place?.byte == 11)
}

@Test func aCompressedFileThatIsDamagedIsAnError() {
  let packed = gzip(Array((0..<500).map { "{\"id\": \($0)}\n" }.joined().utf8))
  #expect(readDocuments(packed, ["id"], name: "in.ndjson.gz").rows.count == 500)
  #expect(readDocuments(packed.dropLast(9), ["id"], name: "in.ndjson.gz").names == ["gzip-damaged"])
}

@Test func recordsAreFoundAgainByLineAndByNumber() throws {
  let folder = ScratchFolder()
  for (name, text, bytes) in [
    ("in.ndjson", "{\"id\": 1}\n\n{\"id\": 2}\n", [nil, nil]),
    ("in.json", "[{\"id\": 1}, {\"id\": 2}]", [1, 12]),
  ] as [(String, String, [Int?])] {
    let path = folder.write(name, Array(text.utf8))
    let source = sourceOf(["id"])
    let reader = try openRecords(path: path, shownAs: name, of: source).get()
    var batch = RecordBatch(width: 0)
    var lines: [Int32] = []
    while reader.next(into: &batch) { lines += batch.lines }
    let found = rawRecords(ofLines: Set(lines), in: reader.file, at: path, of: source)
    #expect(lines.map { found.records[$0]?.text } == ["{\"id\": 1}", "{\"id\": 2}"])
    #expect(lines.map { found.records[$0]?.byte } == bytes)
    folder.write(name, Array((text + " ").utf8))
    #expect(
      rawRecords(ofLines: [1], in: reader.file, at: path, of: source).findings.map(\.name) == ["file-changed"]
    )
  }
}
