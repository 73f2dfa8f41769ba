import Foundation
import LoopbackServers
import Testing

/// Runs on exports that lie on servers: the same figures as from local files, or an exit code that says why not.
@Suite(.serialized) struct RemoteRunTests {
  private static let days = ["2024-01-31", "2024-02-29", "2024-03-31"]

  /// The state of a book of 300 periods at three month ends; one row has no amount.
  private static func export(_ day: Int) -> String {
    TemporaryProject.header
      + (0..<300).map { number in
        let end = number % 5 == day ? "2024-0\(day + 1)-15" : ""
        let amount = number == 100 ? "much" : "\(number % 40 + day)"
        return "\(number),c\(number % 90),2023-1\(number % 3)-01,\(end),\(amount)\n"
      }.joined()
  }

  private static var exports: [(name: String, text: String)] {
    days.enumerated().map { ("periods_\($1).csv", export($0)) }
  }

  private static func source(_ files: String, _ more: String = "") -> String {
    let mapping = TemporaryProject.source.split(separator: "\n").dropFirst().joined(separator: "\n")
    return """
      files: \(files)
      data_through: {file_name: periods_YYYY-MM-DD.csv}
      transfer: {retry: {attempts: 3, wait: 10 ms}, timeouts: {stall: 20 s}, max_size: 1 MB}
      \(more)
      \(mapping)

      """
  }

  private static let facts = [
    "select customer_id, natural_id, currency, start_day, end_day, mrr, grade, source from charge order by natural_id, start_day",
    "select * from customer_mrr order by 1, 2, 3", "select * from mrr_bridge order by 1, 2, 3, 4, 5, 6",
    "select * from customer_movement order by month, customer_id, sequence",
    "select grain, period, metric, dimension, segment, currency, valuation, value, numerator, denominator, grade, reason from metric_period order by 1, 2, 3, 4, 5, 6, 7",
    "select name, entity, natural_id, line from quarantined_row where run = (select max(run) from run) order by 1, 2, 3, 4",
    "select source, records, good, quarantined, data_through from source_read where run = (select max(run) from run) order by 1",
  ]

  private func facts(of project: TemporaryProject) throws -> [[String]] { try Self.facts.map(project.query) }

  /// What is published from local files.
  private func expected() throws -> [[String]] {
    let project = try TemporaryProject()
    for (name, text) in Self.exports { try project.write("exports/\(name)", text) }
    try project.write("Config/sources/billing.yml", Self.source("exports/periods_*.csv"))
    let outcome = try project.run("run", "nightly")
    #expect(outcome.status == 0, "\(outcome.told)")
    let facts = try facts(of: project)
    #expect(facts[0].count > 200 && !facts[5].isEmpty)
    return facts
  }

  /// Runs on it and compares; then runs again offline.
  private func expectSameFacts(_ source: String, secrets: [String: String] = [:]) throws {
    let project = try TemporaryProject()
    try project.write("Config/sources/billing.yml", source)
    for (name, text) in secrets { try project.write("secrets/\(name)", text + "\n") }
    let outcome = try project.run("run", "nightly")
    #expect(outcome.status == 0, "\(outcome.told)")
    let expected = try expected()
    #expect(try facts(of: project) == expected)
    #expect(try project.run("run", "nightly", "--offline").status == 0)
    #expect(try facts(of: project) == expected)
    #expect(
      try project.query("select count(distinct digest) from source_file where path like '%://%'") == ["3"])
  }

  @Test(
    .enabled(if: Part.nginx.isThere && Part.openssl.isThere, "nginx is not installed: `make test` does it"))
  func aBookReadOverHTTPSGivesTheSameFacts() throws {
    let nginx = try Nginx()
    for (name, text) in Self.exports { try nginx.write(text, to: "private/" + name) }
    let urls = Self.exports.map { nginx.url("private/" + $0.name) }.joined(separator: ", ")
    try expectSameFacts(
      Self.source(
        "[\(urls)]",
        "access: {authorities: \(nginx.authority), basic: {user: reports, password: \"${file:secrets/password}\"}}"
      ),
      secrets: ["password": "open sesame"])
  }

  @Test(.enabled(if: Part.moto.isThere, "moto is not installed: `make test` does it"))
  func aBookReadFromS3GivesTheSameFacts() throws {
    let moto = try Moto(
      Dictionary(uniqueKeysWithValues: Self.exports.map { ("out/" + $0.name, Data($0.text.utf8)) }))
    try expectSameFacts(
      Self.source(
        "s3://exports/out/periods_YYYY-MM-DD.csv",
        """
        access:
          s3: {endpoint: "\(moto.endpoint)", region: eu-central-1, access_key: "${file:secrets/id}", secret_key: "${file:secrets/key}"}
        """), secrets: ["id": moto.accessKey, "key": moto.secretKey])
  }

  @Test(.enabled(if: Part.sshd.isThere, "openssh-server is not installed: `make test` does it"))
  func aBookReadOverSFTPGivesTheSameFacts() throws {
    let server = try SSHServer()
    for (name, text) in Self.exports { try server.write(text, to: name) }
    try expectSameFacts(
      Self.source(
        server.url("periods_YYYY-MM-DD.csv").replacingOccurrences(of: "://", with: "://\(server.user)@"),
        "access: {sftp: {key: \"${file:\(server.key)}\", fingerprint: \"\(server.fingerprint)\"}}"))
  }

  // MARK: Faults

  private func projectWithHistory(_ server: FaultServer) throws -> TemporaryProject {
    let project = try TemporaryProject()
    try project.write("exports/periods.csv", TemporaryProject.header + TemporaryProject.rows)
    try project.night()
    return project
  }

  private static func single(_ url: String, _ more: String = "") -> String {
    source("\"\(url)\"", more).replacingOccurrences(
      of: "data_through: {file_name: periods_YYYY-MM-DD.csv}\n", with: "")
  }

  private static let faults = [
    "reset", "short", "stall", "cutchunk", "cutgzip", "html", "type&type=image/png", "status&code=401",
    "status&code=404", "status&code=429&retry_after=9999", "status&code=500", "status&code=503", "endless",
    "notgzip",
    "brotli", "redirect&to=http://localhost:1/x", "digest&header=Content-MD5&value=AAAA", "unasked",
  ]
  private static let bridge = "select * from mrr_bridge order by 1, 2, 3, 4, 5, 6"

  @Test func whateverGoesWrongNothingIsPublishedAndTheMessageNamesIt() throws {
    let server = try FaultServer(serving: TemporaryProject.header + TemporaryProject.rows)
    let project = try projectWithHistory(server)
    let before = try project.query(Self.bridge)
    for fault in Self.faults {
      let url = server.url("fault=\(fault)")
      let source = Self.single(url)
      // libcurl needs some seconds to see that nothing comes.
      try project.write(
        "Config/sources/billing.yml",
        fault == "stall"
          ? source.replacingOccurrences(of: "attempts: 3", with: "attempts: 1")
            .replacingOccurrences(of: "stall: 20 s", with: "stall: 1 s")
          : source)
      let outcome = try project.night()
      #expect(outcome.status == 3, "\(fault): \(outcome.told)")
      #expect(outcome.told.contains("\(url) cannot be fetched: "), "\(outcome.told)")
      let status = try project.run("status", "--runs", "1")
      #expect(status.data.contains("failed: \(url) cannot be fetched: "), "\(status.data)")
    }
    #expect(try project.night("--offline").status == 3)
    #expect(try project.query(Self.bridge) == before)
    #expect(
      try project.query("select status, count(*) from run group by 1 order by 1") == [
        "failed,\(Self.faults.count + 1)", "published,1",
      ])
  }

  @Test func whatGoesWrongForAWhileEndsWith0AndTheSameFigures() throws {
    let server = try FaultServer(serving: TemporaryProject.header + TemporaryProject.rows)
    let project = try projectWithHistory(server)
    let before = try project.query(Self.bridge)
    for fault in [
      "reset", "short", "cutchunk", "cutgzip", "html", "status&code=429&retry_after=0", "status&code=503",
    ] {
      try project.write("Config/sources/billing.yml", Self.single(server.url("times=2&fault=\(fault)")))
      let outcome = try project.night()
      #expect(outcome.status == 0, "\(outcome.told)")
      #expect(outcome.told.contains("# 1 file, 2 tries repeated"), "\(outcome.told)")
      #expect(try project.query(Self.bridge) == before)
    }
  }

  @Test func aBombIsRefusedByItsBound() throws {
    let server = try FaultServer(serving: TemporaryProject.header + String(repeating: "1", count: 3_000_000))
    let project = try projectWithHistory(server)
    try project.write(
      "Config/sources/billing.yml",
      Self.single(server.url("fault=gzip"), "format: {max_inflated: 1 MB}"))
    let outcome = try project.night()
    #expect(outcome.status == 1)
    #expect(outcome.told.contains("inflates to more than 1000000 bytes"), "\(outcome.told)")
  }

  @Test func withoutItsSecretARunIsWrongUse() throws {
    let server = try FaultServer(serving: TemporaryProject.header + TemporaryProject.rows)
    let project = try projectWithHistory(server)
    let source = Self.single(server.url(), "access: {bearer: \"${file:secrets/token}\"}")
    try project.write("Config/sources/billing.yml", source)
    let outcome = try project.night()
    #expect(outcome.status == 2)
    #expect(outcome.told.contains("the secret `${file:secrets/token}` is not there"), "\(outcome.told)")
    let doctor = try project.run("doctor")
    #expect(doctor.status == 1)
    #expect(doctor.data.contains("BAD   secret ${file:secrets/token}"), "\(doctor.data)")
    try project.write("secrets/token", "hunter2")
    #expect(try project.run("doctor").data.contains("ok    landing folder"))
    #expect(try project.night().status == 0)
  }

  @Test func aLandedFileThatIsNotWhatItWasIsNotReplayed() throws {
    let server = try FaultServer(serving: TemporaryProject.header + TemporaryProject.rows)
    let project = try projectWithHistory(server)
    try project.write("Config/sources/billing.yml", Self.single(server.url()))
    #expect(try project.night().status == 0)
    let blobs = project.folder.appendingPathComponent("output/landing/blobs")
    let names = FileManager.default.enumerator(atPath: blobs.path)?.compactMap { $0 as? String } ?? []
    let blob = try #require(names.first { $0.contains("/") })
    try (TemporaryProject.header + "9,z,2024-01-01,,1\n").write(
      to: blobs.appendingPathComponent(blob), atomically: true, encoding: .utf8)
    let offline = try project.night("--offline")
    #expect(offline.status == 1)
    #expect(offline.told.contains("[landed-file-damaged]"), "\(offline.told)")
    #expect(try project.night().status == 0)
    #expect(try project.night("--offline").status == 0)
  }

  // MARK: Secrets

  @Test func noSecretIsInAnythingTheProgramSaysOrWrites() throws {
    let secret = "hunter2-\(UUID().uuidString)"
    let server = try FaultServer(serving: TemporaryProject.header + TemporaryProject.rows)
    let project = try projectWithHistory(server)
    try FileManager.default.createDirectory(
      at: server.folder.appendingPathComponent("secrets"), withIntermediateDirectories: true)
    let file = server.folder.path + "/secrets/token"
    try secret.write(toFile: file, atomically: true, encoding: .utf8)
    let access = """
      access:
        bearer: "${file:\(file)}"
        headers: {X-Api-Key: "${file:\(file)}"}
        parameters: {token: "${file:\(file)}"}
      """
    var said = ""
    let commands = [
      ["run", "nightly", "--as-of", "2024-03-31"], ["run", "nightly", "--as-of", "2024-03-31", "--json"],
      ["status"],
      ["status", "--findings"], ["validate"], ["doctor"], ["quarantine"], ["query", "select * from run"],
      ["query", "select * from finding"], ["query", "select * from source_file"],
      ["query", "select * from stage_run"],
    ]
    for fault in [
      "", "fault=echo", "fault=echopage", "fault=status&code=500", "fault=redirect&to=/export.csv",
    ] {
      try project.write("Config/sources/billing.yml", Self.single(server.url(fault), access))
      for command in commands {
        let outcome = try project.run(command)
        said += outcome.data + outcome.told
      }
    }
    #expect(said.contains("bad token"))
    #expect(said.contains("•••"))
    #expect(!said.contains(secret.prefix(8)))
    #expect(try server.requests().contains { $0.headers["authorization"] == "Bearer " + secret })
    var files = 0
    for case let path as String in try #require(FileManager.default.enumerator(atPath: project.folder.path)) {
      guard let data = try? Data(contentsOf: project.folder.appendingPathComponent(path)) else { continue }
      files += 1
      #expect(data.range(of: Data(secret.prefix(12).utf8)) == nil, "\(path)")
    }
    #expect(files > 10)
  }
}
