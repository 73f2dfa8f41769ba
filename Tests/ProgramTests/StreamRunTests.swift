import Foundation
import LoopbackServers
import Testing

/// Runs on an API that is asked for what changed: the same figures and reports as by reading it whole every night.
@Suite(.serialized) struct StreamRunTests {
  private static let nights = [
    "2024-01-31", "2024-02-29", "2024-03-15", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30",
  ]
  private static let facts = [
    "select * from customer_mrr order by 1, 2, 3", "select * from mrr_bridge order by 1, 2, 3, 4, 5, 6",
    "select * from customer_movement order by month, customer_id, sequence",
    "select grain, period, metric, dimension, segment, currency, valuation, value, numerator, denominator, grade, reason from metric_period order by 1, 2, 3, 4, 5, 6, 7",
    "select natural_id, currency, start_day, end_day, mrr, grade from charge order by 1, 3",
    "select distinct entity, natural_id from kept_from_quarantine order by 1, 2",
  ]

  private func documents(_ project: TemporaryProject) throws -> [String: Data] {
    let folder = project.folder.path + "/output/reports"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try project.data("output/reports/\($0)")) })
  }

  private func differingLines(_ ours: Data?, _ theirs: Data) -> [Substring] {
    func lines(_ data: Data?) -> [Substring] {
      String(decoding: data ?? Data(), as: UTF8.self).split(separator: "\n")
    }
    return Array(
      lines(theirs).difference(from: lines(ours)).map { change in
        switch change {
        case .insert(_, let line, _), .remove(_, let line, _): line
        }
      }.prefix(6))
  }

  private func expectPublished(_ outcome: TemporaryProject.Outcome) {
    #expect(outcome.status == 0, "\(outcome.told)")
  }

  @Test(arguments: 1...4) func aChainOfChangesGivesTheFiguresAndReportsOfWholeReads(seed: UInt64) throws {
    var service = ChangingService(seed: seed)
    let server = try FaultServer(serving: "")
    let rows = seed % 2 == 0 ? "periods" : "current_state"
    let (chain, whole) = (
      try ChangingService.project(server, rows: rows), try ChangingService.project(server, rows: rows)
    )
    for (number, night) in Self.nights.enumerated() {
      if number > 0 { service.changeSome() }
      try server.play(service.script)
      expectPublished(try chain.run("run", "nightly", "--as-of", night))
      expectPublished(try whole.run("run", "nightly", "--as-of", night, "--full-refresh"))
      let extents = "select extent from stream_read order by run desc limit 1"
      #expect(try chain.query(extents) == [number == 0 ? "whole" : "changes"], "seed \(seed), \(night)")
      #expect(try whole.query(extents) == ["whole"])
      for sql in Self.facts {
        let (ours, theirs) = (Set(try chain.query(sql)), Set(try whole.query(sql)))
        let differing = ours.symmetricDifference(theirs).sorted().prefix(4)
        #expect(differing.isEmpty, "seed \(seed), \(night): \(sql)")
      }
      let (ours, theirs) = (try documents(chain), try documents(whole))
      for (name, bytes) in theirs {
        #expect(
          ours[name] == bytes, "seed \(seed), \(night): \(name): \(differingLines(ours[name], bytes))")
      }
      #expect(!theirs.isEmpty)
    }
    // A night in which nothing changed says so, and one read from the landing folder says the same.
    let before = try documents(chain)
    expectPublished(try chain.run("run", "nightly", "--as-of", "2024-06-30"))
    #expect(try documents(chain) == before)
    expectPublished(try chain.run("run", "nightly", "--as-of", "2024-06-30", "--offline"))
    #expect(try documents(chain) == before)
  }

  // MARK: What is held, told and read whole

  private func published(_ service: ChangingService) throws -> (FaultServer, TemporaryProject) {
    let server = try FaultServer(serving: "")
    let project = try ChangingService.project(server)
    try server.play(service.script)
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-03-31"))
    return (server, project)
  }

  private func lastRead(_ project: TemporaryProject) throws -> String {
    try project.query("select extent || ': ' || reason from stream_read order by run desc limit 1").first
      ?? ""
  }

  @Test func statusTellsHowAStreamWasReadAndWhatProvesIt() throws {
    var service = ChangingService(seed: 7)
    let (server, project) = try published(service)
    let first = try project.run("status").data
    #expect(
      first.contains(
        "  service subscriptions: everything (first read), 12 records, as many as the source counts (total)\n"
      ),
      "\(first)")
    service.nextNight()
    service.change("s1") { $0.items["i1-9"] = .init(amount: 70) }
    service.change("s2") { $0.isDeleted = true }
    try server.play(service.script)
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-04-30"))
    let second = try project.run("status").data
    #expect(second.contains("  service subscriptions: changes since 2023-11-14T22:13:30Z, "), "\(second)")
    #expect(
      second.contains(", 1 deleted, as many as the source counts (total), everything last at "), "\(second)")
    let objects = try project.run("status", "--json").data.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(objects.compactMap { $0["run"] as? Int } == [2, 1])
    let source = try #require(objects.last)
    #expect(source["source"] as? String == "billing")
    #expect(source["extent"] as? String == "changes")
    #expect(source["proof"] as? String == "counted")
    #expect(source["deleted"] as? Int == 1)
    #expect(source["counted"] is Int)
    let report = try String(decoding: project.data("output/reports/executive_summary.md"), as: UTF8.self)
    #expect(report.contains("billing, as many as the source counts"), "\(report)")
    #expect(try project.run("status", "--json", "--summary").status == 2)
  }

  @Test func aChangedRecordWhoseItemsCannotBeReadKeepsThemUntilTheyCan() throws {
    var service = ChangingService(seed: 11)
    let (server, project) = try published(service)
    let open = """
      select i.natural_id from recurring_charge_version v join identity i on i.identity = v.identity
      where seen_to is null and valid_to is null order by 1
      """
    let before = try project.query(open)
    #expect(before.count == 24)
    for (night, changed) in [("2024-04-30", "s1"), ("2024-05-31", "s2")] {
      service.nextNight()
      service.change(changed) { $0.hidesItems = changed == "s1" }
      try server.play(service.script)
      expectPublished(try project.run("run", "nightly", "--as-of", night))
      #expect(try lastRead(project) == "changes: ")
      #expect(try project.query(open) == before, "\(night)")
    }
    service.nextNight()
    service.change("s1") {
      $0.hidesItems = false
      $0.items["i1-1"] = nil
    }
    try server.play(service.script)
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-06-30"))
    #expect(try project.query(open) == before.filter { $0 != "i1-1" })
  }

  @Test func aFallOfAWholeReadIsHeldAndOneOfChangesIsNone() throws {
    var service = ChangingService(seed: 8)
    let (server, project) = try published(service)
    try project.write(
      "Config/sources/billing.yml",
      ChangingService.source.replacingOccurrences(of: "rows_fall: 100 %", with: "rows_fall: 20 %"))
    service.nextNight()
    service.change("s1") { $0.items["i1-0"] = .init(amount: 1) }
    try server.play(service.script)
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-04-30"))
    #expect(try lastRead(project) == "changes: ")
    service.nextNight()
    for number in 0..<8 { service.change("s\(number)") { $0.isDeleted = true } }
    try server.play(service.script)
    let held = try project.run("run", "nightly", "--as-of", "2024-05-31", "--full-refresh")
    #expect(held.status == 1)
    #expect(held.told.contains("rows fell from 24 to 8"), "\(held.told)")
    #expect(
      try project.query("select began from stream_cursor")
        == project.query("select began from stream_read where run = 2"))
    #expect(try project.run("accept", "billing").status == 0)
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-05-31", "--full-refresh"))
  }

  @Test(arguments: ["", ", gone: {path: \"/api/subscriptions/{id}\"}"])
  func aSubscriptionWithoutATimeOfChangeThatIsGoneHasEnded(gone: String) throws {
    let server = try FaultServer(serving: "")
    let project = try ChangingService.project(server)
    try project.write(
      "Config/connectors/service.yml",
      ChangingService.connector(server, rows: "current_state").replacingOccurrences(
        of: "overlap: 1 s", with: "overlap: 1 s\n      without_time: {parameters: {without: updated}\(gone)}")
    )
    func play(_ keys: [String]) throws {
      let records: [[String: Any]] = keys.map { key in
        [
          "id": key, "customer": "c-\(key)", "deleted": false,
          "updated": key.hasPrefix("t") ? NSNull() : 1_700_000_000 as Any,
          "items": [["id": "i-\(key)", "amount": "100", "start": "2024-01-10"]],
        ]
      }
      try server.play([
        "lists": [
          "subscriptions": [
            "records": records, "style": "token", "sort": "updated", "size": 5, "total": "field",
          ]
        ]
      ])
    }
    try play(["s1", "s2", "t1", "t2"])
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-03-31"))
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-04-10"))
    #expect(try lastRead(project) == "changes: ")
    try play(["s1", "s2", "t2"])
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-04-30"))
    #expect(
      try lastRead(project)
        == (gone.isEmpty
          ? "whole: a record that had no time of change is in no answer any more" : "changes: "))
    let open = """
      select i.natural_id from recurring_charge_version v join identity i on i.identity = v.identity
      where seen_to is null and valid_to is null order by 1
      """
    #expect(try project.query(open) == ["i-s1", "i-s2", "i-t2"])
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-05-31"))
    #expect(try lastRead(project) == "changes: ")
  }

  @Test func aCheckWithoutARecordSaysThatNothingWasChecked() throws {
    let server = try FaultServer(serving: "")
    let project = try ChangingService.project(server)
    try server.play(ChangingService(seed: 1, count: 0).script)
    let empty = try project.run("connector", "check", "service")
    #expect(empty.status == 1)
    #expect(empty.data.contains("\n  nothing to check: there is no record\n"), "\(empty.data)")
    #expect(
      empty.told.contains("the stream has no record: nothing of its mapping was checked"), "\(empty.told)")
    try server.play(ChangingService(seed: 1).script)
    let some = try project.run("connector", "check", "service")
    #expect(some.status == 0 && !some.data.contains("nothing to check"), "\(some.told)")
  }

  @Test func aFallInMRRIsHeldOfChangesToo() throws {
    var service = ChangingService(seed: 9)
    let (server, project) = try published(service)
    try project.write(
      "Config/sources/billing.yml",
      ChangingService.source.replacingOccurrences(of: "mrr_fall: 100 %", with: "mrr_fall: 20 %"))
    service.nextNight()
    for number in 0..<10 { service.change("s\(number)") { $0.isDeleted = true } }
    try server.play(service.script)
    let held = try project.run("run", "nightly", "--as-of", "2024-03-31")
    #expect(held.status == 1)
    #expect(held.told.contains("MRR of 2024-03 fell from"), "\(held.told)")
    #expect(try project.run("accept", "billing").status == 0)
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-03-31"))
    #expect(
      try project.query(
        "select count(*) from subscription_version where seen_to is null and valid_to is null") == ["2"])
  }

  @Test func anotherMappingReadsEverything() throws {
    let (server, project) = try published(ChangingService(seed: 10))
    defer { withExtendedLifetime(server) {} }
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-03-31"))
    #expect(try lastRead(project) == "changes: ")
    let connector = try String(decoding: project.data("Config/connectors/service.yml"), as: UTF8.self)
    try project.write(
      "Config/connectors/service.yml",
      connector.replacingOccurrences(
        of: "amount: items.amount", with: "amount: {column: items.amount, missing: [none]}"))
    let offline = try project.run("run", "nightly", "--as-of", "2024-03-31", "--offline")
    #expect(offline.status == 3, "\(offline.told)")
    #expect(
      offline.told.contains("everything is needed: another mapping or program than before"), "\(offline.told)"
    )
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-03-31"))
    #expect(try lastRead(project) == "whole: another mapping or program than before")
  }

  @Test func rowsThatDoNotShowTheirRecordAreReadWholeEveryNight() throws {
    let (server, project) = try published(ChangingService(seed: 11))
    defer { withExtendedLifetime(server) {} }
    let connector = try String(decoding: project.data("Config/connectors/service.yml"), as: UTF8.self)
    try project.write(
      "Config/connectors/service.yml",
      connector.replacingOccurrences(of: "          subscription: id\n", with: ""))
    for _ in 0..<2 { expectPublished(try project.run("run", "nightly", "--as-of", "2024-03-31")) }
    #expect(try lastRead(project) == "whole: its rows do not show which record they are of")
  }

  @Test func aBrokenRecordAmongFewChangesIsMeasuredByAllThatAreKnown() throws {
    var service = ChangingService(seed: 12, count: 60)
    let (server, project) = try published(service)
    try project.write(
      "Config/sources/billing.yml",
      ChangingService.source.replacingOccurrences(of: "max_share: 90 %", with: "max_share: 1 %"))
    service.nextNight()
    service.change("s1") { $0.items["i1-0"]?.isBroken = true }
    try server.play(service.script)
    expectPublished(try project.run("run", "nightly", "--as-of", "2024-04-30"))
    // Known as broken as long as its record stays so, whether or not it is read again.
    service.nextNight()
    service.change("s2") { $0.items["i2-0"]?.isBroken = true }
    try server.play(service.script)
    let refused = try project.run("run", "nightly", "--as-of", "2024-05-31")
    #expect(refused.status == 1)
    #expect(refused.told.contains("2 of 120 records of source billing are in quarantine"), "\(refused.told)")
    #expect(try project.run("quarantine").data.contains("i1-0"))
  }
}
