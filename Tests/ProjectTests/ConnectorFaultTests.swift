import Foundation
import Model
import Project
import Testing

private let file = "Config/connectors/acme.yml"

/// `line:column name: problem` of each fault of a connector's file.
private func faults(_ text: String) throws -> [String] { try TemporaryProject.faults([file: text]) }

/// The same of lines below one stream; the stream's first line is line 3.
private func streamFaults(_ lines: String) throws -> [String] {
  let indented = lines.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
  return try faults("base_url: https://a.test\nstreams:\n  things:\n\(indented)\n")
}

private func names(_ faults: [String]) -> [String] {
  faults.map { String($0.split(separator: ":")[1].split(separator: " ")[1]) }
}

@Suite struct ConnectorFaultTests {
  @Test func everythingIsToldAtOnce() throws {
    let text = """
      base_url: ftp://a.test
      titel: A
      authentication: {bearer: hunter2hunter2}
      streams:
        Things:
          path: things
          page: {style: tokens}
          records: a..b
        others:
          key: id
          transfer: {}
      """
    #expect(
      try faults(text) == [
        "1:11 bad-value: `base_url` takes a URL such as `https://api.example.com`, without login, `?` and `#`, not `ftp://a.test`",
        "2:1 unknown-key: no key is named `titel`",
        "3:26 literal-secret: `bearer` is a secret, and stands here for everybody to read",
        "5:3 bad-name: the name in `streams` takes a name of small letters, digits and `_` (other than `all`), not `Things`",
        "6:5 missing-key: `Things` says no `key`: the record's own id; of CSV, a column",
        "6:11 bad-value: `path` takes a path such as `/v1/subscriptions`; what stands behind `?` belongs in `parameters`, not `things`",
        "7:19 bad-value: `style` takes one of single, last_id, token, header_token, next_url, link, number, offset, not `tokens`",
        "8:14 bad-value: `records` takes a field such as `data` or `items.data`, or a JSON pointer such as `/data`, not `a..b`",
        "10:5 missing-key: `others` says no `path`: the path behind `base_url`. Behind a `job`, `{id}` in it stands for the job's id",
        "11:5 unknown-key: no key is named `transfer`",
      ])
  }

  @Test func everyFaultHasARemedyOrSaysWhatIsTaken() throws {
    let text = """
      base_url: http://a.test
      authentication: {bearer: "${env:T}", basic: {user: "${env:U}"}}
      streams:
        things:
          path: /things?since={since}
          key: id
          count: {field: a, header: B}
          page: {style: token, first: 2}
          job: {}
          preset: nope
          changes: {field: at, notices: {key: id, record: r, path: /things}}
      """
    let found = try TemporaryProject.load([file: text]).findings
    #expect(found.count >= 10)
    for finding in found {
      #expect(finding.place?.line != nil && finding.place?.column != nil, "\(finding)")
      #expect(finding.remedy != nil || finding.problem.contains(" takes "), "\(finding.text())")
    }
  }

  @Test func aConnectorWithoutStreamsIsTold() throws {
    #expect(names(try faults("base_url: https://a.test\n")) == ["missing-key"])
    #expect(
      try faults("base_url: https://a.test\nstreams: {}\n") == ["2:1 empty-key: `streams` names no stream"])
    #expect(names(try faults("base_url: https://a.test\nstreams: [a]\n")) == ["wrong-kind"])
  }

  @Test(arguments: [
    ("{bearer: \"${env:A}\", header: {name: B, value: \"${env:B}\"}}", ["ambiguous-choice"]),
    ("{}", ["missing-key"]), ("{berer: \"${env:A}\"}", ["unknown-key"]), ("\"${env:A}\"", ["wrong-kind"]),
    ("{basic: {password: \"${env:A}\"}}", ["missing-key"]), ("{basic: {user: hunter2}}", ["literal-secret"]),
    ("{basic: {user: me, password: hunter2}}", ["literal-secret"]),
    ("{header: {name: X Key, value: \"${env:A}\"}}", ["bad-name"]),
    ("{header: {name: X-Key, value: hunter2}}", ["literal-secret"]),
    (
      "{oauth2: {grant: client_credentials, token_url: https://l.test, client_id: a}}", ["missing-key"]
    ),
    ("{oauth2: {grant: refresh_token, token_url: https://l.test, client_id: a}}", ["missing-key"]),
    (
      "{oauth2: {grant: refresh_token, token_url: https://l.test, client_id: a, refresh_token: \"${env:R}\", client_authentication: basic}}",
      ["missing-key"]
    ),
    (
      "{oauth2: {grant: client_credentials, token_url: https://l.test, client_id: a, client_secret: \"${env:S}\", refresh_token: \"${env:R}\"}}",
      ["misplaced-key"]
    ),
    (
      "{oauth2: {grant: refresh_token, token_url: https://l.test, client_id: a, refresh_token: \"${env:R}\", rotates: true}}",
      ["misplaced-key"]
    ),
    (
      "{oauth2: {grant: refresh_token, token_url: https://l.test, client_id: a, refresh_token: \"a${file:r}\", rotates: true}}",
      ["misplaced-key"]
    ),
    (
      "{oauth2: {grant: client_credentials, token_url: https://l.test, client_id: a, client_secret: \"${file:s}\", rotates: true}}",
      ["misplaced-key"]
    ),
    (
      "{oauth2: {grant: password, token_url: https://l.test, client_id: a, client_secret: \"${env:S}\"}}",
      ["bad-value"]
    ),
    (
      "{oauth2: {grant: client_credentials, token_url: http://l.test/t, client_id: a, client_secret: \"${env:S}\"}}",
      ["unencrypted-connector"]
    ),
    (
      "{oauth2: {grant: client_credentials, token_url: https://l.test/t, client_id: a, client_secret: hunter2}}",
      ["literal-secret"]
    ),
  ])
  func aFaultOfAuthenticationIsTold(text: String, expected: [String]) throws {
    let found = try TemporaryProject.load([
      file: "base_url: https://a.test\nauthentication: \(text)\nstreams: {things: {path: /things, key: id}}\n"
    ]).findings
    #expect(found.map(\.name) == expected)
    #expect(!found.map { $0.text() }.joined().contains("hunter2"))
    #expect(found.allSatisfy { $0.place?.line == 2 })
  }

  @Test func aSecretInAHeaderOrAParameterIsRefusedAndNotRepeated() throws {
    let text = """
      base_url: https://a.test
      headers: {X-Api-Key: hunter2hunter2}
      streams: {things: {path: /things, key: id, parameters: {api_key: hunter2hunter2, sort_key: created, page_token: "7"}}}
      """
    let found = try TemporaryProject.load([file: text]).findings
    #expect(found.map(\.name) == ["literal-secret", "literal-secret"])
    #expect(!found.map { $0.text() }.joined().contains("hunter2"))
  }

  @Test(arguments: [
    ("{style: last_id}", "missing-key"), ("{style: token, field: a}", "missing-key"),
    ("{style: token, parameter: a}", "missing-key"), ("{style: header_token, parameter: a}", "missing-key"),
    ("{style: next_url}", "missing-key"), ("{style: number}", "missing-key"),
    ("{style: offset}", "missing-key"),
    ("{}", "missing-key"), ("{style: link, parameter: a}", "misplaced-key"),
    ("{style: last_id, parameter: a, field: b}", "misplaced-key"),
    ("{style: offset, parameter: a, first: 1}", "misplaced-key"),
    ("{style: token, parameter: a, feild: b}", "unknown-key"),
    ("{style: number, parameter: a, first: x}", "bad-value"),
    ("{style: link, size: {parameter: a}}", "missing-key"),
    ("{style: link, size: {parameter: a, value: 0}}", "bad-value"),
    ("{style: link, window: no}", "bad-value"), ("{style: link, more: a..b}", "bad-value"),
    ("link", "wrong-kind"),
  ])
  func aFaultOfAPageIsTold(page: String, name: String) throws {
    #expect(names(try streamFaults("path: /things\nkey: id\npage: \(page)")) == [name])
  }

  @Test(arguments: [
    ("count: {}", "missing-key"), ("count: {field: a, head: B}", "ambiguous-choice"),
    ("count: all", "bad-value"),
    ("count: {job: a}", "misplaced-key"), ("count: {request: {path: /a}}", "missing-key"),
    ("count: {filed: a}", "unknown-key"),
    ("method: PUT", "bad-value"), ("method: GET\nbody: {a: 1}", "misplaced-key"),
    ("body: text", "wrong-kind"),
    ("body: {a: \"${env:X}\"}", "misplaced-secret"), ("parameters: {a: {b: c}}", "wrong-kind"),
    ("parameters: {\"a=b\": c}", "bad-name"),
    ("parameters: {limit: 5}\npage: {style: link, size: {parameter: limit, value: 5}}", "ambiguous-choice"),
    ("parameters: {skip: 0}\npage: {style: offset, parameter: skip}", "ambiguous-choice"),
    ("parameters: {since: \"{since}\"}", "bad-value"), ("parameters: {to: \"{until}\"}", "bad-value"),
    ("parameters: {id: \"{id}\"}", "bad-value"),
    ("deleted: {values: [true]}", "missing-key"), ("nested: {a: b}", "wrong-kind"),
    ("nested: [a..b]", "bad-value"),
    ("version: a.", "bad-value"), ("format: xml", "bad-value"),
    ("format: csv\nrecords: data", "misplaced-key"),
    ("format: csv\ncount: {field: a}", "misplaced-key"), ("format: csv\nnested: a", "misplaced-key"),
    ("format: csv\npage: {style: next_url, field: a}", "misplaced-key"),
    ("format: csv\npage: {style: link, more: a}", "misplaced-key"),
    ("job: {path: /jobs, body: {}, done: a, failed: b}", "missing-placeholder"),
    ("preset: stripe_customer", "unknown-preset"),
    ("preset: stripe_customers\nmapping: {entities: {customer: {id: id}}}", "ambiguous-choice"),
    ("mapping: {entities: {custmer: {id: id}}}", "unknown-entity"),
    ("mapping: {system: a, entities: {customer: {id: id}}}", "unknown-key"),
    ("mapping: {format: {records: a}, entities: {customer: {id: id}}}", "misplaced-key"),
    ("mapping: {entities: {customer: {id: a..b}}}", "bad-value"),
    ("mapping: {dates: dd, entities: {customer: {id: id}}}", "bad-date-pattern"),
    ("mapping: {entities: {subscription: {id: id, customer: c, ended: e}}}", "missing-bound"),
  ])
  func aFaultOfAStreamIsTold(lines: String, name: String) throws {
    #expect(names(try streamFaults("path: /things\nkey: id\n" + lines)) == [name])
  }

  @Test(arguments: [
    ("{parameters: {a: b}, field: at}", ["missing-placeholder"]),
    ("{parameters: {since: \"{since}\", to: \"{until}\"}, field: at}", []),
    ("{parameters: {to: \"{until}\"}, field: at}", ["missing-placeholder"]),
    (
      "{parameters: {since: \"{since}\"}, format: epoch_seconds, field: at, remembers: 1 day, notices: {key: id, record: r, path: \"/things/{id}\"}}\nformat: csv",
      ["misplaced-key"]
    ),
    ("{parameters: {since: \"{since}\"}}", ["missing-key"]),
    ("{parameters: {since: {since}}, field: at}", ["missing-placeholder", "wrong-kind"]),
    ("{body: {since: {since}}, field: at}", ["missing-placeholder", "wrong-kind"]),
    ("{parameters: {since: \"{since}\"}, field: at, format: DD}", ["bad-date-pattern"]),
    ("{parameters: {since: \"{since}\"}, field: at, bound: both}", ["bad-value"]),
    ("{parameters: {since: \"{since}\"}, field: at, overlap: long}", ["bad-value"]),
    (
      "{parameters: {since: \"{since}\"}, field: at, without_time: {parameters: {a: \"{since}\"}}}",
      ["bad-value"]
    ),
    (
      "{parameters: {since: \"{since}\"}, field: at, without_time: {gone: {path: /things}}}",
      ["missing-placeholder"]
    ),
    ("{parameters: {since: \"{since}\"}, field: at, without_time: {gone: {}}}", ["missing-key"]),
    (
      "{parameters: {since: \"{since}\"}, field: at, without_time: {gone: {path: \"/things/{id}\"}}}\nformat: csv",
      ["misplaced-key"]
    ),
    ("{parameters: {since: \"{since}\"}, field: at, key: id}", ["unknown-key"]),
    (
      "{parameters: {since: \"{since}\"}, field: at, notices: {key: id, record: r, path: \"/things/{id}\"}}",
      ["missing-key"]
    ),
    (
      "{parameters: {since: \"{since}\"}, field: at, remembers: 30 days, notices: {key: id, record: r, path: /things}}",
      ["missing-placeholder"]
    ),
    (
      "{parameters: {since: \"{since}\"}, field: at, remembers: 30 days, notices: {key: id, path: \"/things/{id}\"}}",
      ["missing-key"]
    ),
  ])
  func aFaultOfChangesIsTold(changes: String, expected: [String]) throws {
    #expect(names(try streamFaults("path: /things\nkey: id\nchanges: \(changes)")) == expected)
  }

  @Test func aJobThatIsNotWholeIsToldLineByLine() throws {
    let found = try streamFaults("path: \"/jobs/{id}\"\nkey: id\njob: {path: /jobs}")
    #expect(
      found.map { $0.split(separator: ": ", maxSplits: 1)[1] } == [
        "`job` says no `body`", "`job` says no `done`", "`job` says no `failed`",
      ])
  }

  @Test func aConnectorUnderAWrongNameIsWarnedOf() throws {
    let found = try TemporaryProject.load(["Config/connectors/acme.yaml": "a: b\n"]).findings
    #expect(found.map(\.name) == ["unknown-file"])
    #expect(found.map(\.remedy) == ["did you mean `acme.yml`?"])
  }

  @Test func aConnectorThatIsNoYAMLIsToldOnce() throws {
    let found = try TemporaryProject.load([
      file: "a: [\n", "Config/sources/it.yml": "connector: acme\nstream: things\n",
    ]).findings
    #expect(found.map(\.name) == ["yaml-syntax"])
  }
}
