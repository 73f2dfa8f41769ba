import Model
import Project
import Testing

private let acme = "Config/connectors/acme.yml"
private let source = "Config/sources/it.yml"

private let connector = """
  base_url: https://api.acme.test
  authentication: {oauth2: {grant: client_credentials, token_url: /token, client_id: "${env:I}", client_secret: "${env:S}"}}
  headers: {X-Tenant: "${env:T}"}
  transfer: {rate: 20/s, streams: 2}
  streams:
    things:
      path: /things
      records: data
      key: id
      mapping:
        dates: epoch_seconds
        format: {each: lines, decimal: ","}
        entities:
          customer: {id: owner.id, name: owner.name, created: {column: made, optional: true}}
    rows: {path: /rows.csv, format: csv, key: Id, mapping: {entities: {customer: {id: Id}}}}
    plain: {path: /plain, key: id}

  """

private func load(_ text: String, connector: String = connector) throws -> LoadedProject {
  try TemporaryProject.load([acme: connector, source: text])
}

private func sound(_ text: String, connector: String = connector) throws -> SourceConfiguration {
  let loaded = try load(text, connector: connector)
  #expect(loaded.findings.map { $0.text() } == [])
  return try #require(loaded.project?.source(named: "it"))
}

private func faults(_ text: String, connector: String = connector) throws -> [String] {
  try load(text, connector: connector).findings.map {
    "\($0.place?.file.split(separator: "/").last ?? "") \($0.place?.line ?? 0):\($0.place?.column ?? 0) \($0.name): \($0.problem)"
  }
}

@Test func aSourceOfAStreamTakesTwoLines() throws {
  let read = try sound("connector: stripe\nstream: subscriptions\n")
  #expect(read.files == [])
  #expect(read.system == "stripe")
  #expect(read.stream?.connector.name == "stripe")
  #expect(read.stream?.stream.name == "subscriptions")
  #expect(read.format.kind == .ndjson && read.format.records == nil)
  #expect(read.format.each?.dotted == "items.data")
  #expect(read.entities.map(\.entity) == [.subscription, .plan, .recurringCharge])
  #expect(read.dataThrough == .asOf)
  #expect(read.access.policy == read.stream?.connector.transfer)
  #expect(read.references.map(\.description) == ["${env:STRIPE_SECRET_KEY}"])
  #expect(read.preset == "stripe_api_subscriptions")
}

@Test func aStreamsOwnMappingIsThatOfTheSource() throws {
  let read = try sound("connector: acme\nstream: things\n")
  #expect(read.system == "acme")
  #expect(read.format.kind == .ndjson)
  #expect(read.format.each?.dotted == "lines")
  #expect(read.format.decimalMark == UInt8(ascii: ","))
  let customer = try #require(read.entities.first)
  #expect(customer.fields["created"]?.date == .epochSeconds)
  #expect(customer.fields["created"]?.optional == true)
  #expect(customer.fields["name"]?.place == Place(file: acme, line: 14, column: 40))
  #expect(read.preset == nil)
}

@Test func whatTheSourceSaysStandsBeforeTheStream() throws {
  let read = try sound(
    """
    connector: acme
    stream: things
    base_url: http://127.0.0.1:8420/
    system: other
    transfer: {streams: 1}
    access: {authorities: ca.pem, proxy: "http://proxy:3128", proxy_user: "${env:U}"}
    format: {each: ~}
    hold: {rows_fall: 50 %}
    quarantine: {max_share: 5 %}
    data_through: 2024-01-31
    entities:
      customer: {name: title, created: ~}

    """)
  let stream = try #require(read.stream)
  #expect(stream.connector.baseURL == "http://127.0.0.1:8420")
  #expect(read.system == "other")
  #expect(stream.connector.transfer.rate == 20 && stream.connector.transfer.streams == 1)
  #expect(read.access.policy == stream.connector.transfer)
  #expect(read.access.authorities == "ca.pem" && read.access.proxy == "http://proxy:3128")
  #expect(Set(read.references.map(\.description)) == ["${env:I}", "${env:S}", "${env:T}", "${env:U}"])
  #expect(read.format.each == nil)
  #expect(read.format.decimalMark == UInt8(ascii: ","))
  #expect(read.maximumRowFall == 500_000 && read.maximumQuarantineShare == 50_000)
  #expect(read.dataThrough == .fixed(try #require(Moment(iso: "2024-01-31"))))
  let customer = try #require(read.entities.first)
  #expect(customer.fields["name"]?.origin == .column("title"))
  #expect(customer.fields["created"] == nil)
  #expect(customer.fields["id"]?.origin == .column("owner.id"))
  guard case .oauth2(let oauth) = stream.connector.authentication else { return #expect(Bool(false)) }
  #expect(oauth.tokenURL == "http://127.0.0.1:8420/token")
}

@Test func aPresetOfTheSourceReplacesTheMeaningOfTheStream() throws {
  let read = try sound("connector: acme\nstream: things\npreset: stripe_api_customers\n")
  #expect(read.preset == "stripe_api_customers")
  #expect(read.system == "acme")
  #expect(read.entities.map(\.entity) == [.customer])
  #expect(read.format.each == nil)
}

@Test func aStreamOfDelimitedTextIsReadAsSuch() throws {
  #expect(try sound("connector: acme\nstream: rows\n").format.kind == .csv)
  #expect(
    try faults("connector: acme\nstream: rows\nformat: {each: a}\n") == [
      "it.yml 3:10 misplaced-key: `each` means nothing here: CSV has no arrays"
    ])
}

@Test func aStreamWithoutMeaningFeedsNothing() throws {
  let read = try sound("connector: acme\nstream: plain\n")
  #expect(read.entities == [])
  #expect(read.stream?.stream.name == "plain")
  let mapped = try sound("connector: acme\nstream: plain\nentities: {customer: {id: id}}\n")
  #expect(mapped.entities.map(\.entity) == [.customer])
}

@Test func aStreamThatNoSourceNamesIsReadLikeItsNeighbour() throws {
  let loaded = try load("connector: acme\nstream: things\nbase_url: http://localhost:1\nsystem: other\n")
  let project = try #require(loaded.project)
  #expect(project.source(ofStream: "things", of: "acme") == project.source(named: "it"))
  let plain = try #require(project.source(ofStream: "plain", of: "acme"))
  #expect(plain.name == "acme_plain")
  #expect(plain.stream?.connector.baseURL == "http://localhost:1")
  #expect(
    project.source(ofStream: "customers", of: "stripe")?.stream?.connector.baseURL == "https://api.stripe.com"
  )
}

@Test func filesAndAConnectorAreNotReadTogether() throws {
  #expect(
    try faults("connector: acme\nstream: things\nfiles: a.csv\n") == [
      "it.yml 3:1 misplaced-key: `files` means nothing for the source: its records come from the connector"
    ])
  #expect(
    try faults("files: a.csv\nstream: things\nbase_url: https://a.test\nentities: {customer: {id: A}}\n") == [
      "it.yml 2:1 misplaced-key: `stream` means nothing for the source: it reads no `connector`",
      "it.yml 3:1 misplaced-key: `base_url` means nothing for the source: it reads no `connector`",
    ])
}

@Test func whatAStreamHasNoUseForIsTold() throws {
  let found = try faults(
    """
    connector: acme
    stream: things
    extent: delta
    access: {bearer: "${env:T}"}
    format: {type: json, records: data}
    data_through: {column: made}

    """)
  #expect(
    found == [
      "it.yml 3:1 misplaced-key: `extent` means nothing for the source: the connector knows whether a read is of everything or of changes",
      "it.yml 4:10 misplaced-key: `bearer` means nothing for `access`: the connector's `authentication` says who asks",
      "it.yml 5:10 misplaced-key: `type` means nothing for `format`: the connector says how its pages are written",
      "it.yml 5:22 misplaced-key: `records` means nothing for `format`: the connector says how its pages are written",
      "it.yml 6:15 wrong-kind: `data_through` is a mapping, expected is a date such as `2024-01-31`, an instant, or `as_of`",
    ])
}

@Test func anUnknownConnectorOrStreamIsToldWithTheOneMeant() throws {
  let one = try load("connector: strippe\nstream: subscriptions\nsistem: a\n").findings
  #expect(one.map(\.name) == ["unknown-connector", "unknown-key"])
  #expect(one.map(\.remedy) == ["did you mean `stripe`?", "did you mean `system`?"])
  let two = try load("connector: stripe\nstream: subscription\n").findings
  #expect(two.map(\.name) == ["unknown-stream"])
  #expect(two.map(\.remedy) == ["did you mean `subscriptions`?"])
  #expect(two.first?.place == Place(file: source, line: 2, column: 9))
  #expect(
    try faults("connector: stripe\n") == [
      "it.yml 1:1 missing-key: the source says no `stream`: which of the connector's streams"
    ])
  #expect(try faults("stream: things\nconector: acme\n").count == 1)
  #expect(
    try load("connector: stripe\nstream: subscriptions\npreset: nope\n").findings.map(\.name) == [
      "unknown-preset"
    ])
}

@Test func aSecretIsNotSentOpenlyToAnotherMachine() throws {
  let text = "connector: acme\nstream: plain\nbase_url: http://"
  for host in ["127.0.0.1:1", "localhost", "[::1]:8080", "127.0.0.2/api"] {
    #expect(try faults(text + host + "\n") == [])
  }
  for host in [
    "api.acme.test", "127.0.0.1.acme.test", "[2001:db8::1]", "localhost.acme.test", "127.acme.test",
  ] {
    #expect(try faults(text + host + "\n").map { $0.prefix(36) } == ["it.yml 3:11 unencrypted-connector: t"])
  }
  let open = "base_url: https://a.test\nstreams: {plain: {path: /a, key: id}}\n"
  #expect(try faults(text + "api.acme.test\n", connector: open) == [])
}

@Test func anAddressThatNobodySaysIsMissed() throws {
  let without = connector.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
  let found = try load("connector: acme\nstream: things\n", connector: without).findings
  #expect(found.map(\.name) == ["missing-key"])
  #expect(found.map(\.remedy) == ["add the line `base_url: https://...` with the address of your account"])
  #expect(
    try faults("connector: acme\nstream: things\nbase_url: https://me.acme.test\n", connector: without) == [])
}

@Test func aFaultOfAConnectorIsNotToldAgainForItsSources() throws {
  let broken = connector.replacing("{id: owner.id, name", with: "{nam")
  #expect(
    try faults("connector: acme\nstream: things\nholt: 1\n", connector: broken) == [
      "acme.yml 14:9 missing-mapping: `customer` does not map `id`: the row's natural id in its system",
      "acme.yml 14:20 unknown-column: no column is named `nam`",
      "it.yml 3:1 unknown-key: no key is named `holt`",
    ])
}

@Test func aPresetOfTheProjectMayBeTheMeaningOfAStream() throws {
  let connector = "base_url: https://a.test\nstreams: {things: {path: /a, key: id, preset: mine}}\n"
  func load(_ preset: String) throws -> LoadedProject {
    try TemporaryProject.load([
      acme: connector, "Config/presets/mine.yml": preset, source: "connector: acme\nstream: things\n",
    ])
  }
  // What a preset says of files has no meaning here, and is no fault.
  let loaded = try load(
    "system: s\nextent: delta\ndata_through: {column: c}\nformat: {type: json, records: r, each: lines}\nentities: {customer: {id: id}}\n"
  )
  #expect(loaded.findings == [])
  let read = try #require(loaded.project?.source(named: "it"))
  #expect(read.system == "acme" && read.extent == .full && read.dataThrough == .asOf)
  #expect(read.format.kind == .ndjson && read.format.records == nil && read.format.each?.dotted == "lines")
  let broken = try load("entities: {customer: {name: n}}\n").findings
  #expect(broken.map(\.name) == ["missing-mapping"])
  #expect(broken.first?.place == Place(file: acme, line: 2, column: 39))
}

@Test func twoAccountsOfOneSystemAreWarnedOf() throws {
  func findings(_ second: String) throws -> [Finding] {
    try TemporaryProject.load([
      acme: connector, source: "connector: acme\nstream: things\n",
      "Config/sources/second.yml": "connector: acme\nstream: things\n\(second)\n",
    ]).findings
  }
  let found = try findings("base_url: https://other.acme.test")
  #expect(found.map(\.name) == ["shared-system"])
  #expect(found.first?.severity == .warning && found.first?.place?.file == "Config/sources/second.yml")
  #expect(
    found.first?.problem.contains("`second` reads https://other.acme.test, `it` reads https://api.acme.test")
      == true)
  #expect(try findings("base_url: https://other.acme.test\nsystem: other") == [])
  #expect(try findings("") == [])
}
