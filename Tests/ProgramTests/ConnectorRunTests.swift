import Foundation
import LoopbackServers
import Testing

/// Every shipped connector against a server that keeps to its vendor's rules: everything is read, then what changed, and that
/// gives what reading everything gives.
///
/// `PERENNIAL_RECORD=1` records `Tests/Connectors/VENDOR/expected` anew, and fails while doing so.
@Suite(.serialized) struct ConnectorRunTests {
  struct Vendor: Sendable, CustomTestStringConvertible {
    var name: String
    var secrets: [String: String]
    /// Streams, with what their sources say beside.
    var streams: [String: String]
    /// What streams are called in the connector, where sources are called otherwise.
    var suffix = ""
    /// Small, so that there are many pages.
    var options = ["page": 2]
    /// What the project's own connector says otherwise than the shipped one.
    var otherwise: [String: String] = [:]

    var testDescription: String { name + suffix }
  }

  static let vendors = [
    Vendor(
      name: "stripe", secrets: ["STRIPE_SECRET_KEY": "sk_test_replay"],
      streams: plain(
        "subscriptions", "prices", "customers", "invoices", "credit_notes", "charges", "refunds", "products",
        "coupons"),
      options: ["page": 3, "nested": 4]),
    Vendor(
      name: "chargebee", secrets: ["CHARGEBEE_API_KEY": "test_replay"],
      streams: plain(
        "subscriptions", "item_prices", "customers", "invoices", "credit_notes", "payments", "refunds",
        "coupons")),
    Vendor(
      name: "recurly", secrets: ["RECURLY_API_KEY": "replay"],
      streams: plain(
        "subscriptions", "subscription_add_ons", "plans", "accounts", "invoices", "line_items", "payments",
        "refunds",
        "credit_invoices", "coupons")),
    Vendor(
      name: "hubspot", secrets: ["HUBSPOT_ACCESS_TOKEN": "pat-replay"],
      streams: [
        "companies": "", "line_items": "", "deals": "entities: {opportunity: {currency: {constant: USD}}}",
      ], options: ["page": 2, "window": 4], otherwise: ["window: 10000": "window: 4"]),
    Vendor(name: "salesforce", secrets: salesforce, streams: salesforceStreams),
    Vendor(
      name: "salesforce", secrets: salesforce, streams: salesforceStreams, suffix: "_bulk",
      otherwise: [
        "done: [JobComplete]": "interval: 10 ms\n      done: [JobComplete]",
        "grant: client_credentials":
          "grant: refresh_token\n    refresh_token: \"${env:SALESFORCE_REFRESH_TOKEN}\"",
      ]),
  ]

  private static func plain(_ names: String...) -> [String: String] {
    Dictionary(uniqueKeysWithValues: names.map { ($0, "") })
  }
  private static let salesforce = [
    "SALESFORCE_CLIENT_ID": "replay", "SALESFORCE_CLIENT_SECRET": "replayed",
    "SALESFORCE_REFRESH_TOKEN": "replayed, too",
  ]
  private static let salesforceStreams = [
    "accounts": "", "opportunities": "entities: {opportunity: {currency: {constant: USD}}}", "contracts": "",
    "orders": "", "opportunity_line_items": "",
  ]

  @Test(arguments: vendors) func changesGiveWhatReadingEverythingGives(_ vendor: Vendor) throws {
    let server = try ReplayServer(vendor.name, options: vendor.options)
    let project = try project(vendor, server)
    let first = try project.run("run", "nightly", "--as-of", "2024-06-29")
    #expect(first.status == 0, "\(first.told)")
    try expect(rows(project), vendor, "before")
    #expect(try project.query("select distinct extent from stream_read") == ["whole"])

    try server.somethingHappens()
    let second = try project.run("run", "nightly", "--as-of", "2024-06-30")
    #expect(second.status == 0, "\(second.told)")
    let changed = try rows(project)
    try expect(changed, vendor, "after")
    let reads = try project.query(
      "select source, extent, records, deleted, without_time, counted, proof from stream_read where run = 2 order by source"
    )
    try expect(reads.joined(separator: "\n") + "\n", vendor, "changes" + vendor.suffix)

    let fresh = try self.project(vendor, server)
    let whole = try fresh.run("run", "nightly", "--as-of", "2024-06-30")
    #expect(whole.status == 0, "\(whole.told)")
    #expect(try rows(fresh) == changed)
    #expect(
      try fresh.query("select month, sum(mrr) from customer_mrr where month = '2024-06' group by 1")
        == project.query("select month, sum(mrr) from customer_mrr where month = '2024-06' group by 1"))
  }

  @Test func whatStripeChangedIsAskedForByItsEventsAndIds() throws {
    let vendor = Self.vendors[0]
    let server = try ReplayServer(vendor.name, options: vendor.options)
    let project = try project(vendor, server)
    try project.run("run", "nightly", "--as-of", "2024-06-29")
    let asked = try server.requests()
    #expect(asked.contains { $0.path == "/v1/subscription_items" })
    #expect(asked.contains { $0.path == "/v1/invoices/in_1Acme/lines" })
    #expect(!asked.contains { $0.query.contains { $0.name.hasPrefix("created") } })
    try server.somethingHappens()
    try project.run("run", "nightly", "--as-of", "2024-06-30")
    let later = try server.requests().dropFirst(asked.count)
    let lists = later.filter { $0.path.split(separator: "/").count == 2 }
    #expect(Set(lists.map(\.path)).isSubset(of: ["/v1/events", "/v1/subscription_items"]))
    #expect(later.contains { $0.path == "/v1/subscriptions/sub_1Bolt" })
  }

  @Test func moreChangesThanHubSpotGivesToOneQuestionAreAskedForAgain() throws {
    let vendor = Self.vendors[3]
    let server = try ReplayServer(vendor.name, options: vendor.options)
    let project = try project(vendor, server)
    try project.run("run", "nightly", "--as-of", "2024-06-29")
    try server.somethingHappens()
    try project.run("run", "nightly", "--as-of", "2024-06-30")
    let bounds = try server.requests().filter { $0.path == "/crm/v3/objects/companies/search" }.map(\.body)
    #expect(Set(bounds.compactMap { $0.firstMatch(of: #/"value": ?"([^"]+)"/#)?.1 }).count > 1)
  }

  /// A subscription was written in the very second a read of changes begins at, ten minutes before the latest one known.
  @Test(arguments: ["exclusive", "inclusive"]) func chargebeesBoundLeavesItsOwnSecondOut(bound: String) throws
  {
    var vendor = Self.vendors[1]
    vendor.streams = ["subscriptions": ""]
    vendor.otherwise = ["bound: exclusive": "bound: \(bound)"]
    let server = try ReplayServer(vendor.name, options: vendor.options)
    let project = try project(vendor, server)
    try project.run("run", "nightly", "--as-of", "2024-06-29")
    try server.somethingHappens()
    let run = try project.run("run", "nightly", "--as-of", "2024-06-30")
    #expect(run.status == 0, "\(run.told)")
    // Asked with the bound as if it were inclusive, it is missed: that it is not is the connector's doing.
    #expect(try rows(project).contains("subscription,Hr5512WJ6UbN1") == (bound == "exclusive"))
  }

  // MARK: Projects

  private func project(_ vendor: Vendor, _ server: ReplayServer) throws -> TemporaryProject {
    for (name, secret) in vendor.secrets { setenv(name, secret, 1) }
    let project = try TemporaryProject()
    if !vendor.otherwise.isEmpty {
      let path = "Config/connectors/\(vendor.name).yml"
      var text = try String(contentsOfFile: BuiltProgram.tests + "/../" + path, encoding: .utf8)
      for (shipped, own) in vendor.otherwise {
        #expect(text.contains(shipped))
        text = text.replacingOccurrences(of: shipped, with: own)
      }
      try project.write(path, text)
    }
    for (stream, more) in vendor.streams {
      try project.write(
        "Config/sources/\(stream).yml",
        """
        connector: \(vendor.name)
        stream: \(stream)\(vendor.suffix)
        base_url: \(server.url)
        transfer: {rate: 1000/s, retry: {attempts: 2, wait: 10 ms}}
        hold: {rows_fall: 100 %, mrr_fall: 100 %}
        \(more)

        """)
    }
    return project
  }

  /// The rows that hold now, an entity and an id each: natural ids in the place of references.
  private func rows(_ project: TemporaryProject) throws -> String {
    let parts = Self.entities.sorted { $0.key < $1.key }.map { entity, columns in
      let list = columns.map { column in
        let isReference = Self.references.contains(column) && (entity, column) != ("invoice_line", "invoice")
        let value =
          isReference
          ? "(select natural_id from identity where identity = v.\"\(column)\")" : "v.\"\(column)\""
        return "case when \(value) is null then '' else ' \(column)=' || \(value) end"
      }.joined(separator: " || ")
      return """
        select '\(entity)' as entity, i.natural_id as id, s.name as source, \(list) as "values"
        from \(entity)_version v join identity i on i.identity = v.identity join source s on s.source = v.source
        where s.name <> 'billing' and v.seen_to is null and v.valid_to is null
        """
    }
    return try project.run("query", parts.joined(separator: " union all ") + " order by 1, 2, 3").data
  }

  private static let references: Set = ["customer", "parent", "subscription", "plan", "invoice", "payment"]
  private static let discount = [
    "discount_percent", "discount_amount", "discount_currency", "discount_duration", "discount_start",
    "discount_end",
  ]
  private static let entities = [
    "customer": ["name", "country", "employees", "created", "parent", "link_id", "attributes"] + discount,
    "plan": ["name", "product", "amount", "currency", "interval_unit", "interval_count", "usage_type"],
    "subscription": [
      "customer", "status", "started", "trial_end", "cancel_requested", "cancel_effective", "cancel_reason",
      "ended",
      "pause_start", "pause_end",
    ] + discount,
    "recurring_charge": [
      "subscription", "customer", "plan", "product", "start", "end", "amount", "quantity", "discount_amount",
      "discount_percent", "discount_duration", "discount_end", "interval_unit", "interval_count", "currency",
      "kind",
    ],
    "invoice": [
      "number", "customer", "subscription", "status", "issued", "due", "subtotal", "discount", "tax", "total",
      "paid_amount", "currency", "paid", "voided",
    ],
    "invoice_line": [
      "invoice", "customer", "subscription", "plan", "description", "amount", "quantity", "discount", "tax",
      "currency",
      "period_start", "period_end", "proration", "kind", "status", "issued",
    ],
    "payment": ["customer", "invoice", "amount", "currency", "status", "created", "failure_code"],
    "refund": ["payment", "invoice", "customer", "amount", "currency", "status", "created", "reason"],
    "credit_note": [
      "number", "invoice", "customer", "amount", "tax", "currency", "status", "issued", "voided", "reason",
    ],
    "contract": ["number", "customer", "status", "signed", "start", "end", "amount", "currency"],
    "opportunity": [
      "customer", "name", "stage", "status", "type", "amount", "currency", "created", "closed", "owner",
    ],
  ]

  private func expect(_ found: String, _ vendor: Vendor, _ state: String) throws {
    let file = URL(fileURLWithPath: BuiltProgram.tests)
      .appendingPathComponent("Connectors/\(vendor.name)/expected/\(state).csv")
    // What comes to be during the test has its time.
    var stable = found
    for day in [0, -86_400.0].map({ Date().addingTimeInterval($0).ISO8601Format().prefix(10) }) {
      stable = stable.replacing(try Regex("\(day)T[0-9:]{8}Z"), with: "now")
    }
    if ProcessInfo.processInfo.environment["PERENNIAL_RECORD"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try stable.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(vendor.name)/expected/\(state).csv")
      return
    }
    let wanted = try String(contentsOf: file, encoding: .utf8)
    #expect(stable == wanted, "\(vendor.name)/expected/\(state).csv")
  }
}
