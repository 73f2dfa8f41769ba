import Foundation
import LoopbackServers
import Testing

/// The same book as CSV and as JSON in every form.
@Suite struct DocumentRunTests {
  private struct Charge {
    var id: String
    var subscription: String
    var customer: String
    var start: String
    var end: String?
    var amount: String
    var quantity: Int
    var unit: String
    var currency: String
    var country: String?
  }

  /// Two subscriptions in three have one charge, the others two; one amount is no number.
  private static let charges: [Charge] = (0..<120).flatMap { number in
    (0..<(number % 3 == 0 ? 2 : 1)).map { item in
      Charge(
        id: "i\(number)-\(item)", subscription: "s\(number)", customer: "c\(number % 70)",
        start: "2023-\(number % 9 + 1 < 10 ? "0" : "")\(number % 9 + 1)-15",
        end: number % 4 == 0 ? "2024-0\(number % 3 + 1)-01" : nil,
        amount: number == 50
          ? "\"unknown\"" : ["99.990", "1e3", "1200", "0.005", "12.345678"][(number + item) % 5],
        quantity: number % 7 + 1, unit: number % 5 == 0 ? "year" : "month",
        currency: ["EUR", "usd"][number % 2],
        country: number % 70 % 6 == 0 ? nil : ["Ünited \"K\"", "FR", "日本"][number % 70 % 3])
    }
  }

  /// One for every week.
  private static let rates =
    "date,from,to,rate\n"
    + (0..<66).map { week in
      let day = Date(timeIntervalSince1970: 1_672_531_200 + Double(week) * 604_800)
      return "\(day.ISO8601Format().prefix(10)),EUR,USD,1.\(week + 10)\n"
    }.joined()

  private static func mapping(_ form: Form) -> String {
    let element = form == .csv ? "" : "items.data."
    let document = form == .csv ? "" : "customer."
    return """
      files: \(form.file)
      \(form.format)
      quarantine: {max_share: 5 %}
      entities:
        customer: {id: \(document)id\(form == .csv ? "_of_customer" : ""), country: \(document)country}
        recurring_charge:
          id: \(element)id
          subscription: subscription
          customer: \(document)id\(form == .csv ? "_of_customer" : "")
          start: start
          end: {column: end, bound: exclusive}
          amount: \(element)amount
          quantity: \(element)quantity
          interval_unit: \(form == .csv ? "unit" : "items.data.price.unit")
          currency: currency

      """
  }

  enum Form: String, CaseIterable {
    case csv, lines, packed, array, records, indented

    var file: String {
      switch self {
      case .csv: "exports/book.csv"
      case .lines: "exports/book.ndjson"
      case .packed: "exports/book.jsonl.gz"
      case .array, .indented: "exports/book.json"
      case .records: "exports/book.dump"
      }
    }

    var format: String {
      switch self {
      case .csv: "format: {type: csv}"
      case .records: "format: {each: items.data, records: page.list}"
      default: "format: {each: items.data}"
      }
    }
  }

  private static func text(_ form: Form) throws -> String {
    func quoted(_ text: String?) -> String {
      text.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\\\"") + "\"" } ?? "null"
    }
    if form == .csv {
      let plain = ["1e3": "1000", "\"unknown\"": "unknown"]
      return "id,subscription,id_of_customer,country,start,end,amount,quantity,unit,currency\n"
        + charges.map {
          let country = $0.country.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" } ?? ""
          return
            "\($0.id),\($0.subscription),\($0.customer),\(country),\($0.start),\($0.end ?? ""),\(plain[$0.amount] ?? $0.amount),\($0.quantity),\($0.unit),\($0.currency)\n"
        }.joined()
    }
    var documents: [String] = []
    for number in 0..<120 {
      let items = charges.filter { $0.subscription == "s\(number)" }
      let first = items[0]
      let data = items.map {
        "{\"id\": \(quoted($0.id)), \"amount\": \($0.amount), \"quantity\": \($0.quantity), \"price\": {\"unit\": \(quoted($0.unit))}}"
      }.joined(separator: ", ")
      documents.append(
        "{\"id\": \(quoted(first.subscription)), \"items\": {\"object\": \"list\", \"data\": [\(data)]}, \"subscription\": \(quoted(first.subscription)), \"customer\": {\"id\": \(quoted(first.customer)), \"country\": \(quoted(first.country))}, \"start\": \(quoted(first.start)), \"end\": \(quoted(first.end)), \"currency\": \(quoted(first.currency))}"
      )
    }
    switch form {
    case .array: return "[" + documents.joined(separator: ",") + "]"
    case .records:
      return
        "{\"page\": {\"list\": [\(documents.joined(separator: ",\n"))], \"has_more\": false}, \"of\": [{}]}"
    case .indented:
      let value = try JSONSerialization.jsonObject(
        with: Data(("[" + documents.joined(separator: ",") + "]").utf8))
      let data = try JSONSerialization.data(withJSONObject: value, options: [.prettyPrinted, .sortedKeys])
      return String(decoding: data, as: UTF8.self)
    default: return documents.joined(separator: "\n") + "\n"
    }
  }

  private static let facts = [
    "select customer_id, system, natural_id, \"plan\", currency, start_day, end_day, mrr, grade, source from charge order by natural_id",
    "select * from customer_identity order by 1, 2, 3", "select * from customer_mrr order by 1, 2, 3",
    "select * from customer_segment order by 1, 2, 3, 4",
    "select * from mrr_bridge order by 1, 2, 3, 4, 5, 6",
    "select * from customer_movement order by month, customer_id, sequence",
    "select grain, period, metric, dimension, segment, currency, valuation, value, numerator, denominator, grade, reason from metric_period order by 1, 2, 3, 4, 5, 6, 7",
    "select source, name, entity, natural_id from quarantined_row order by 1, 2, 3, 4",
    "select source, records, good, quarantined from source_read order by 1",
  ]

  private func project(_ form: Form) throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write("Config/sources/billing.yml", Self.mapping(form))
    try project.write("Config/sources/fx.yml", "preset: fx_rates\nfiles: exports/rates.csv\n")
    try project.write("Config/segments.yml", "segments: {country: {attribute: country}}\n")
    try project.write("exports/rates.csv", Self.rates)
    let text = try Self.text(form)
    if form == .packed {
      try project.write("exports/book.jsonl", text)
      let packer = Process()
      packer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      packer.arguments = ["gzip", project.folder.path + "/exports/book.jsonl"]
      try packer.run()
      packer.waitUntilExit()
    } else {
      try project.write(form.file, text)
    }
    return project
  }

  @Test func theSameBookGivesTheSameFactsInEveryForm() throws {
    var expected: [[String]] = []
    for form in Form.allCases {
      let project = try project(form)
      let run = try project.night()
      #expect(run.status == 0, "\(form): \(run.told)")
      let found = try Self.facts.map { try project.query($0) }
      if form == .csv {
        expected = found
        #expect(found.map(\.count).allSatisfy { $0 > 0 })
        #expect(found[7].count == 2)
      }
      for (index, sql) in Self.facts.enumerated() {
        #expect(found[index] == expected[index], "\(form): \(sql)")
      }
    }
  }

  private static let connector = """
    title: Shop
    base_url: URL
    system: billing
    streams:
      books:
        path: /api/books
        records: data
        key: id
        page: PAGE
        COUNT

    """

  /// The same documents from an API, page by page in three ways, and from a bucket.
  @Test(arguments: [
    ("{style: last_id, parameter: after, more: has_more, size: {parameter: limit, value: 7}}", "last_id", ""),
    (
      "{style: next_url, field: next, size: {parameter: limit, value: 50}}", "next_url",
      "count: {field: total}"
    ),
    (
      "{style: offset, parameter: offset, size: {parameter: limit, value: 119}}", "offset",
      "count: {field: total}"
    ),
  ])
  func theSameBookGivesTheSameFactsFromAnAPI(page: String, style: String, count: String) throws {
    let expected = try facts(of: project(.csv))
    let server = try FaultServer(serving: "nothing")
    let documents = try JSONSerialization.jsonObject(with: Data(Self.text(.array).utf8))
    try server.play(["lists": ["books": ["records": documents, "style": style, "total": "field"]]])
    let project = try project(.lines)
    try FileManager.default.removeItem(at: project.folder.appendingPathComponent("exports/book.ndjson"))
    try project.write(
      "Config/connectors/shop.yml",
      Self.connector.replacingOccurrences(of: "URL", with: server.api)
        .replacingOccurrences(of: "PAGE", with: page).replacingOccurrences(of: "COUNT", with: count))
    try project.write(
      "Config/sources/billing.yml",
      Self.mapping(.lines).replacingOccurrences(
        of: "files: exports/book.ndjson", with: "connector: shop\nstream: books"))
    let run = try project.night()
    #expect(run.status == 0, "\(run.told)")
    #expect(try facts(of: project) == expected, "\(style)")
    #expect(try server.apiRequests().count > 1)
    #expect(try project.night("--offline").status == 0)
    #expect(try facts(of: project) == expected, "\(style), offline")
  }

  @Test(.enabled(if: Part.moto.isThere, "moto is not installed: `make test` does it"))
  func theSameBookGivesTheSameFactsFromABucket() throws {
    let expected = try facts(of: project(.csv))
    let packed = try project(.packed)
    let moto = try Moto(["out/book.jsonl.gz": packed.data("exports/book.jsonl.gz")])
    try packed.write("secrets/id", moto.accessKey)
    try packed.write("secrets/key", moto.secretKey)
    try packed.write(
      "Config/sources/billing.yml",
      Self.mapping(.packed).replacingOccurrences(of: "files: exports/", with: "files: s3://exports/out/")
        + """
        access:
          s3: {endpoint: "\(moto.endpoint)", region: eu-central-1, access_key: "${file:secrets/id}", secret_key: "${file:secrets/key}"}
        """)
    let run = try packed.night()
    #expect(run.status == 0, "\(run.told)")
    #expect(try facts(of: packed) == expected)
  }

  private func facts(of project: TemporaryProject) throws -> [[String]] {
    if try project.query("select count(*) from run where status = 'published'").first ?? "0" == "0" {
      let run = try project.night()
      #expect(run.status == 0, "\(run.told)")
    }
    return try Self.facts.map { sql in
      // Of several runs the last.
      let last =
        sql.hasPrefix("select source")
        ? sql.replacingOccurrences(
          of: " order by", with: " where run = (select max(run) from run) order by") : sql
      return try project.query(last)
    }
  }

  @Test func aRecordInQuarantineHasItsPlaceAndKeepsItsLastGoodVersion() throws {
    let project = try project(.records)
    try project.night()
    let before = try project.query("select month, mrr from customer_mrr order by 1, 2")
    let text = try Self.text(.records).replacingOccurrences(
      of: "\"subscription\": \"s51\"", with: "\"subscription\": {\"id\": \"s51\"}")
    try project.write("exports/book.dump", text)
    let run = try project.night()
    #expect(run.status == 0, "\(run.told)")
    #expect(try project.query("select month, mrr from customer_mrr order by 1, 2") == before)
    let listed = try project.run("quarantine", "--json").data
    let byte = try #require(text.range(of: "{\"id\": \"s51\"}")).lowerBound.utf16Offset(in: text)
    let offset = text.utf16.prefix(byte).reduce(0) { $0 + ($1 < 0x80 ? 1 : $1 < 0x800 ? 2 : 3) }
    #expect(listed.contains("\"byte\":\(offset),\"pointer\":\"/page/list/51/items/data/0\""), "\(listed)")
    #expect(listed.contains("\"name\":\"wrong-field-kind\""))
    #expect(listed.contains("\"id\":\"i51-1\""))
    #expect(listed.contains("\"pointer\":\"/page/list/50/items/data/0/amount\",\"name\":\"bad-number\""))
  }

  /// Which charges such a document holds cannot be read, so none of them has ended.
  @Test(arguments: [
    "{}", "{\"1\": {\"id\": \"i51-0\"}}", "\"x\"", "[5, 6]", "[{\"id\": {}}]",
    "[{\"id\": \"i51-0\"}], \"data\": []",
    "[{\"id\": \"i51-0\"}, {\"id\" \"i51-1\"}]",
  ])
  func aDocumentWhoseElementsCannotBeReadKeepsItsCharges(data: String) throws {
    let facts = [
      "select * from customer_mrr order by 1, 2, 3",
      "select natural_id, start_day, end_day, mrr from charge order by 1",
    ]
    let project = try project(.lines)
    try project.night()
    let before = try facts.map { try project.query($0) }
    let lines = try Self.text(.lines).components(separatedBy: "\n").map { line in
      guard line.hasPrefix("{\"id\": \"s51\"") else { return line }
      // What is read first is known of a document that breaks off.
      let broken = line.replacingOccurrences(
        of: #""data": \[.*\]"#, with: "\"data\": " + data, options: .regularExpression)
      return "{\"customer\": {\"id\": \"c51\"}, "
        + broken.dropFirst().replacingOccurrences(of: "\"customer\": ", with: "\"was\": ")
    }
    try project.write("exports/book.ndjson", lines.joined(separator: "\n"))
    let run = try project.night()
    #expect(run.status == 0, "\(run.told)")
    for (sql, expected) in zip(facts, before) { #expect(try project.query(sql) == expected, "\(sql)") }
    let places = "count(distinct file || line || coalesce(pointer, ''))"
    #expect(
      try project.query(
        "select quarantined from source_read where source = 'billing' and run = (select max(run) from run)")
        == project.query(
          "select \(places) from quarantined_row where source = 'billing' and run = (select max(run) from run)"
        ))
    #expect(
      try project.run("quarantine", "--json").data.contains("\"entity\":\"recurring_charge\",\"id\":null"))
  }

  @Test func aDocumentThatIsBrokenOrCutOffPublishesNothing() throws {
    let project = try project(.array)
    try project.night()
    let before = try project.query("select * from customer_mrr order by 1, 2")
    let text = try Self.text(.array)
    for (broken, name) in [
      (String(text.dropLast(40)), "json-cut-off"),
      (text.replacingOccurrences(of: "\"s60\"", with: "'s60'"), "json-syntax"),
      (text + "\n" + text, "several-documents"),
    ] {
      try project.write("exports/book.json", broken)
      let run = try project.night()
      #expect(run.status == 1)
      #expect(run.told.contains("[\(name)]"), "\(run.told)")
      #expect(run.told.contains("exports/book.json:byte "))
      #expect(try project.query("select * from customer_mrr order by 1, 2") == before)
    }
  }

  @Test func aMisspeltFieldIsToldBeforeAnyRun() throws {
    let project = try project(.lines)
    try project.write(
      "Config/sources/billing.yml",
      Self.mapping(.lines).replacingOccurrences(of: "items.data.amount", with: "items.data.amont"))
    let checked = try project.run("validate")
    #expect(checked.status == 2)
    #expect(
      checked.told.contains("no record of exports/book.ndjson has `items.data.amont`"), "\(checked.told)")
    #expect(try project.night().status == 1)
  }

  @Test func recordsThatContradictEachOtherAreToldWithTheirPlaces() throws {
    for (file, first, second) in [
      (
        "book.json", "\"line\":null,\"column\":null,\"byte\":1,\"pointer\":\"/0\"",
        "differ in `amount`: exports/book.json#/0, exports/book.json#/1"
      ),
      ("book.ndjson", "\"line\":1,\"column\":1,\"byte\":null", "\"line\":2,\"column\":1,\"byte\":null"),
    ] {
      let project = try TemporaryProject()
      try project.write(
        "Config/sources/billing.yml",
        """
        files: exports/\(file)
        quarantine: {max_share: 100 %}
        data_through: {column: exported}
        entities:
          recurring_charge:
            {id: id, customer: customer, start: start, amount: amount, interval_unit: unit, currency: {constant: USD}}

        """)
      let records = [("x", 10), ("x", 11), ("y", 12)].map {
        "{\"id\":\"\($0)\",\"customer\":\"c\",\"start\":\"2024-01-01\",\"amount\":\($1),\"unit\":\"month\",\"exported\":\"2024-03-31\",\"more\":[\"x\",{}],\"a\":\"quarter\"}"
      }
      let text =
        file.hasSuffix(".json") ? "[" + records.joined(separator: ",") + "]" : records.joined(separator: "\n")
      try project.write("exports/" + file, text)
      let run = try project.run("run", "nightly")
      #expect(run.status == 0, "\(run.told)")
      let listed = try project.run("quarantine", "--json").data
      #expect(listed.contains(first) && listed.contains(second), "\(listed)")
      #expect(listed.contains("\"name\":\"duplicate-id\""))
      #expect(try project.query("select mrr from customer_mrr where month = '2024-03'") == ["12000000"])
    }
  }
}

/// Sources that are kept and mean nothing yet.
@Suite struct MeaninglessSourceTests {
  @Test(arguments: ["plain.csv", "plain.ndjson"])
  func aSourceThatFeedsNothingChangesNoFigure(file: String) throws {
    let project = try TemporaryProject()
    let before = try project.run("run", "nightly", "--as-of", "2024-04-01").data
    try project.write("exports/plain.csv", "id,b\n1,2\n3,4\n")
    try project.write("exports/plain.ndjson", "{\"id\": 1}\n{\"id\": 3}\n")
    try project.write("Config/sources/plain.yml", "files: exports/\(file)\nentities: {}\n")
    for _ in 1...2 {
      let outcome = try project.run("run", "nightly", "--as-of", "2024-04-01")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.data == before)
    }
  }
}
