import Foundation
import Model
import Project
import Testing

/// What `Config/connectors/NAME.yml` says, as it is read.
@Suite struct ConnectorTests {
  private let file = "Config/connectors/acme.yml"

  private func connector(_ text: String) throws -> Connector {
    let loaded = try TemporaryProject.load([file: text])
    #expect(loaded.findings.map { $0.text() } == [])
    return try #require(loaded.project?.connectors.first { $0.name == "acme" })
  }

  private func stream(_ lines: String) throws -> ConnectorStream {
    let indented = lines.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
    let text = "base_url: https://api.acme.test\nstreams:\n  things:\n\(indented)\n"
    return try #require(connector(text).stream(named: "things"))
  }

  private func path(_ text: String) -> FieldPath { FieldPath(text) ?? FieldPath(names: []) }

  @Test func everyKeyOfAConnectorIsRead() throws {
    let read = try connector(
      """
      title: Acme Billing
      documentation: https://acme.test/docs
      base_url: https://api.acme.test/v2/
      system: acme_eu
      authentication: {header: {name: X-Api-Key, value: "Key ${env:K}"}}
      headers: {X-Version: "3", X-Token: "${file:/t}"}
      transfer: {rate: 20/s, retry: {attempts: 2}}
      streams: {things: {path: /things, key: id}, others: {path: /others, key: id, title: All others}}
      """)
    #expect(read.title == "Acme Billing")
    #expect(read.documentation == "https://acme.test/docs")
    #expect(read.baseURL == "https://api.acme.test/v2")
    #expect(read.system == "acme_eu")
    #expect(
      read.authentication == .header(name: "X-Api-Key", value: try #require(SecretText("Key ${env:K}"))))
    #expect(read.headers.mapValues(\.description) == ["X-Version": "3", "X-Token": "${file:/t}"])
    #expect(read.references.count == 2)
    #expect(read.transfer.rate == 20)
    #expect(read.transfer.attempts == 2)
    #expect(read.streams.map(\.name) == ["things", "others"])
    #expect(read.streams.map(\.title) == ["Things", "All others"])
    #expect(read.place == Place(file: file, line: 1, column: 1))
    #expect(read.streams[1].place.line == 8)
  }

  @Test func whatIsNotSaidIsTheFilesName() throws {
    let read = try connector("base_url: https://a.test\nstreams: {things: {path: /things, key: id}}\n")
    #expect(read.title == "Acme")
    #expect(read.system == "acme")
    #expect(read.authentication == .none)
    #expect(read.transfer == TransferPolicy())
    let stream = try #require(read.stream(named: "things"))
    #expect(stream.all == StreamRequest(path: "/things"))
    #expect(stream.changes == nil && stream.deleted == nil && stream.preset == nil)
  }

  @Test func everyWayToSayWhoAsksIsRead() throws {
    func authentication(_ text: String) throws -> Connector.Authentication {
      try connector(
        "base_url: https://a.test\nauthentication: \(text)\nstreams: {things: {path: /things, key: id}}\n"
      ).authentication
    }
    let key = try #require(SecretText("${env:K}"))
    #expect(try authentication("{bearer: \"${env:K}\"}") == .bearer(key))
    #expect(try authentication("{basic: {user: \"${env:K}\"}}") == .basic(user: key, password: nil))
    #expect(
      try authentication("{basic: {user: me, password: \"${env:K}\"}}")
        == .basic(user: try #require(SecretText("me")), password: key))
    let refreshing = try authentication(
      "{oauth2: {grant: refresh_token, token_url: https://l.test/token, client_id: app, refresh_token: \"${env:K}\", scope: a b, base_url_field: instance_url}}"
    )
    #expect(
      refreshing
        == .oauth2(
          .init(
            grant: .refreshToken, tokenURL: "https://l.test/token", clientID: try #require(SecretText("app")),
            refreshToken: key, scope: "a b", baseURLField: path("instance_url"))))
    let rotating = try authentication(
      "{oauth2: {grant: refresh_token, token_url: https://l.test/token, client_id: app, refresh_token: \"${file:secrets/r}\", rotates: true}}"
    )
    guard case .oauth2(let kept) = rotating else { return #expect(Bool(false), "\(rotating)") }
    #expect(kept.rotates && kept.rotatedFile == "secrets/r")
    let clients = try authentication(
      "{oauth2: {grant: client_credentials, token_url: /token, client_id: \"${env:I}\", client_secret: \"${env:K}\", client_authentication: basic}}"
    )
    #expect(clients.references.map(\.description) == ["${env:I}", "${env:K}"])
    guard case .oauth2(let oauth) = clients else { return #expect(Bool(false), "\(clients)") }
    #expect(oauth.clientAuthentication == .basic)
    #expect(oauth.tokenURL == "/token")
  }

  @Test func everyPageStyleIsRead() throws {
    let styles: [(String, PageStyle)] = [
      ("{style: single}", .single), ("{style: last_id, parameter: after}", .lastID(parameter: "after")),
      (
        "{style: token, field: paging.next, parameter: t}",
        .token(field: path("paging.next"), parameter: "t")
      ),
      ("{style: header_token, header: X-Next, parameter: t}", .headerToken(header: "X-Next", parameter: "t")),
      ("{style: next_url, field: next}", .nextURL(field: path("next"))), ("{style: link}", .link),
      ("{style: number, parameter: page}", .number(parameter: "page", first: 1)),
      ("{style: number, parameter: page, first: 0}", .number(parameter: "page", first: 0)),
      ("{style: offset, parameter: skip}", .offset(parameter: "skip")),
    ]
    for (text, style) in styles {
      #expect(try stream("path: /things\nkey: id\npage: \(text)").all.page == style)
    }
    let all = try stream(
      "path: /things\nkey: id\npage: {style: link, more: meta.more, size: {parameter: limit, value: 250}, window: 10000}"
    ).all
    #expect(all.more == path("meta.more"))
    #expect(all.size?.name == "limit" && all.size?.count == 250)
    #expect(all.window == 10_000)
  }

  @Test func everyCountIsRead() throws {
    let counts: [(String, StreamRequest.Count?)] = [
      ("{field: total}", .field(path("total"))), ("{header: X-Total}", .header("X-Total")),
      ("{head: X-Records}", .headHeader("X-Records")),
      ("{request: {path: /count, field: n}}", .request(path: "/count", field: path("n"))), ("none", nil),
    ]
    for (text, count) in counts {
      #expect(try stream("path: /things\nkey: id\ncount: \(text)").all.count == count)
    }
  }

  @Test func theRestOfAStreamIsRead() throws {
    let read = try stream(
      """
      path: /things
      method: POST
      parameters: {status: all, "expand[]": [a, b], n: 10}
      body: {n: 1, f: 1.50, exact: "1", on: true, nothing: ~, list: [a, -2e3, 007], in: {a: "x\\n"}}
      records: data.things
      key: data.id
      nested: [items, /a.b]
      deleted: {field: deleted, values: [true, 1]}
      version: updated_at
      """)
    #expect(read.all.method == .post)
    #expect(
      read.all.parameters == [
        .init("status", "all"), .init("expand[]", "a"), .init("expand[]", "b"), .init("n", "10"),
      ])
    #expect(
      read.all.body
        == #"{"n":1,"f":1.50,"exact":"1","on":true,"nothing":null,"list":["a",-2e3,"007"],"in":{"a":"x\n"}}"#)
    #expect(read.all.records == path("data.things"))
    #expect(read.key == path("data.id"))
    #expect(read.nested == [path("items"), path("/a.b")])
    #expect(read.deleted == .init(field: path("deleted"), values: ["true", "1"]))
    #expect(read.version == path("updated_at"))
  }

  @Test func aJobIsRead() throws {
    let read = try stream(
      """
      path: /jobs/{id}/results
      format: csv
      key: Id
      page: {style: header_token, header: Sforce-Locator, parameter: locator}
      count: {job: numberRecordsProcessed}
      job: {path: /jobs, body: {query: select Id from Thing}, done: JobComplete, failed: [Failed, Aborted], message: errorMessage, interval: 2 s, within: 2 h}
      changes:
        field: SystemModstamp
        job: {body: {query: "select Id from Thing where SystemModstamp >= {since}"}}
      """)
    let job = try #require(read.all.job)
    #expect(job.path == "/jobs")
    #expect(job.body == #"{"query":"select Id from Thing"}"#)
    #expect(job.id == path("id") && job.state == path("state"))
    #expect(job.done == ["JobComplete"] && job.failed == ["Failed", "Aborted"])
    #expect(job.message == path("errorMessage"))
    #expect(job.interval == 2_000 && job.within == 7_200_000)
    #expect(read.all.count == .jobField(path("numberRecordsProcessed")))
    #expect(read.all.format == .csv)
    var changed = job
    changed.body = #"{"query":"select Id from Thing where SystemModstamp >= {since}"}"#
    #expect(read.changes?.request.job == changed)
    #expect(read.changes?.request.format == .csv)
    #expect(read.changes?.request.page == read.all.page)
  }

  @Test func changesSayWhatIsDifferent() throws {
    let read = try stream(
      """
      path: /things
      parameters: {status: all, sort: id}
      records: data
      key: id
      page: {style: offset, parameter: skip}
      count: {field: total}
      changes:
        parameters: {sort: updated, since: "{since}"}
        field: updated
        format: epoch_milliseconds
        bound: exclusive
        overlap: 1 h
        remembers: 30 days
        full_every: 1 day
        without_time: {parameters: {updated: none}, gone: {path: "/things/{id}", records: thing}}
      """)
    let changes = try #require(read.changes)
    var request = read.all
    request.parameters = [.init("status", "all"), .init("sort", "updated"), .init("since", "{since}")]
    #expect(changes.request == request)
    #expect(changes.field == path("updated"))
    #expect(changes.format == .epochMilliseconds)
    #expect(changes.bound == .exclusive)
    #expect(changes.overlap == 3_600_000)
    #expect(changes.memory == 2_592_000_000)
    #expect(changes.fullEvery == 86_400_000)
    #expect(
      changes.withoutTime?.parameters == [
        .init("status", "all"), .init("sort", "id"), .init("updated", "none"),
      ])
    #expect(changes.gone == StreamRequest(path: "/things/{id}", records: path("thing")))
  }

  @Test func aListOfAnotherPathBeginsAnewButForItsPages() throws {
    let read = try stream(
      """
      path: /things
      parameters: {status: all}
      records: data
      key: id
      page: {style: last_id, parameter: after, more: has_more, size: {parameter: limit, value: 5}, window: 10}
      count: {field: total}
      changes:
        path: /events
        parameters: {"created[gte]": "{since}"}
        field: created
        remembers: 30 days
        notices: {key: id, record: data.object.id, path: "/things/{id}", parameters: {expand: all}, records: thing}
      """)
    let changes = try #require(read.changes)
    #expect(
      changes.request
        == StreamRequest(
          path: "/events", parameters: [.init("created[gte]", "{since}")], records: path("data"),
          page: .lastID(parameter: "after"), size: ("limit", 5), more: path("has_more")))
    #expect(
      changes.notices
        == .init(
          key: path("id"), record: path("data.object.id"),
          request: StreamRequest(
            path: "/things/{id}", parameters: [.init("expand", "all")], records: path("thing"))))
    #expect(changes.overlap == 600_000)
    #expect(changes.format == .iso && changes.bound == .inclusive)
  }

  @Test func anOwnConnectorStandsBeforeTheBuiltInOne() throws {
    let loaded = try TemporaryProject.load([
      "Config/connectors/stripe.yml":
        "base_url: https://mine.test\nstreams: {things: {path: /things, key: id}}\n"
    ])
    #expect(loaded.findings == [])
    let stripe = try #require(loaded.project?.connectors.filter { $0.name == "stripe" })
    #expect(stripe.map(\.baseURL) == ["https://mine.test"])
    #expect(loaded.project?.source(ofStream: "subscriptions", of: "stripe") == nil)
  }

  @Test func aConnectorOfCommentsAloneIsNone() throws {
    let loaded = try TemporaryProject.load([file: "# to be written\n"])
    #expect(loaded.findings == [])
    #expect(loaded.project?.connectors.contains { $0.name == "acme" } == false)
  }
}
