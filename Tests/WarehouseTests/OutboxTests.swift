import Foundation
import GRDB
import Model
import Testing

@testable import Warehouse

private func delivery(
  _ recipient: String = "ada@example.com", period: String = "2024-02", figures: String = "f1",
  content: String = "text", repeats: DeliveryRepeat = .never
) -> Delivery {
  Delivery(
    key: DeliveryKey(rule: "board", report: "summary", period: period, recipient: recipient),
    figures: figures,
    content: content, digest: "d-" + content, repeats: repeats)
}

private func name(_ key: DeliveryKey, _ revision: Int) -> String {
  "<\(key.rule)-\(key.report)-\(key.period)-\(key.recipient)-\(revision)>"
}

extension TestWarehouse {
  /// What an outbox opened now finds; each opening stands for a process of its own.
  fileprivate func outbox(patience: Int = 5_000) throws -> Outbox {
    try Outbox(opening: path, at: now(), patience: patience)
  }

  fileprivate func states() throws -> [[String]] {
    try rows("select recipient, revision, state, attempts from delivery order by delivery")
  }
}

@Test func whatARunQueuesIsThereOnceItPublishedAndNotBefore() throws {
  for buildsFirst in [true, false] {
    let warehouse = try TestWarehouse(buildsFirst: buildsFirst)
    try warehouse.run { transaction in
      let count = try transaction.queue([delivery()], at: warehouse.now(), named: name)
      #expect(count == 1)
      return .fail(reason: "no")
    }
    #expect(try warehouse.states().isEmpty)
    try warehouse.run { transaction in
      let count = try transaction.queue(
        [delivery(), delivery("ben@example.com")], at: warehouse.now(), named: name)
      #expect(count == 2)
      return .publish
    }
    #expect(
      try warehouse.states() == [
        ["ada@example.com", "1", "queued", "0"], ["ben@example.com", "1", "queued", "0"],
      ])
    #expect(try warehouse.rows("select count(*) from delivery_content") == [["1"]])
    #expect(
      try warehouse.rows("select distinct r.status from delivery d join run r on r.run = d.run") == [
        ["published"]
      ])
  }
}

@Test func aRevisionRisesOnlyWhereItIsAskedFor() throws {
  let warehouse = try TestWarehouse()
  func queue(_ delivery: Delivery) throws -> Int {
    var count = 0
    try warehouse.run { transaction in
      count = try transaction.queue([delivery], at: warehouse.now(), named: name)
      return .publish
    }
    return count
  }
  #expect(try queue(delivery()) == 1)
  #expect(try queue(delivery(figures: "f2", content: "other")) == 0)
  #expect(try queue(delivery(figures: "f1", content: "other", repeats: .onChange)) == 0)
  #expect(try queue(delivery(figures: "f2", content: "other", repeats: .onChange)) == 1)
  #expect(try queue(delivery(figures: "f2", content: "third", repeats: .onChange)) == 0)
  #expect(try queue(delivery(figures: "f2", repeats: .always)) == 1)
  #expect(try queue(delivery(period: "2024-03")) == 1)
  #expect(
    try warehouse.rows("select period, revision, message_id from outbox order by delivery").map {
      $0[0] + " " + $0[1]
    }
      == ["2024-02 1", "2024-02 2", "2024-02 3", "2024-03 1"])
}

@Test func whatOneProcessHasInHandNoOtherTouches() throws {
  let warehouse = try TestWarehouse()
  let first = try warehouse.outbox()
  let id = try #require(try first.add(delivery(), at: warehouse.now(), named: name))
  #expect(throws: DatabaseError.self) { try first.begin(id, at: warehouse.now()) }
  #expect(try first.claim(id)?.state == .queued)
  let second = try warehouse.outbox()
  #expect(try second.waiting().map(\.id) == [id])
  #expect(try second.claim(id) == nil)
  try first.begin(id, at: warehouse.now())
  #expect(throws: DatabaseError.self) { try first.begin(id, at: warehouse.now()) }
  // It is under way, and no doubt.
  let third = try warehouse.outbox()
  #expect(third.interrupted.isEmpty)
  #expect(try third.claim(id) == nil)
  #expect(try !third.resend(id, at: warehouse.now()))
  #expect(throws: DatabaseError.self) {
    try third.end(id, .sent("ok"), at: warehouse.now(), retry: DeliveryRetry())
  }
  #expect(try warehouse.states() == [["ada@example.com", "1", "sending", "1"]])
  try first.end(id, .later("450"), at: warehouse.now(), retry: DeliveryRetry())
  // Whoever takes it up next sees when it is due.
  #expect(try second.claim(id)?.retryAt != nil)
  second.letGo(id)
  #expect(try third.claim(id)?.attempts == 1)
}

/// A server may hang: neither the lock nor a transaction is held meanwhile.
@Test func aRunPublishesWhileAMessageIsUnderWay() throws {
  let warehouse = try TestWarehouse()
  try warehouse.run { _ in .publish }
  let outbox = try warehouse.outbox()
  let id = try #require(try outbox.add(delivery(), at: warehouse.now(), named: name))
  _ = try outbox.claim(id)
  try outbox.begin(id, at: warehouse.now())
  #expect(!WarehouseLock.isHeld(warehouse: warehouse.path))
  try warehouse.run { transaction in
    #expect(WarehouseLock.isHeld(warehouse: warehouse.path))
    let count = try transaction.queue(
      [delivery(), delivery("ben@example.com")], at: warehouse.now(), named: name)
    #expect(count == 1)
    return .publish
  }
  try outbox.end(id, .sent("250"), at: warehouse.now(), retry: DeliveryRetry())
  #expect(
    try warehouse.states() == [
      ["ada@example.com", "1", "sent", "1"], ["ben@example.com", "1", "queued", "0"],
    ])
}

/// A message is not begun that could not be kept as begun; afterwards its end is waited for.
@Test func aRunsTransactionKeepsAMessageFromBeingBegun() throws {
  let warehouse = try TestWarehouse()
  let outbox = try warehouse.outbox(patience: 100)
  let id = try #require(try outbox.add(delivery(), at: warehouse.now(), named: name))
  _ = try outbox.claim(id)
  try warehouse.run { _ in
    #expect(throws: WarehouseError.heldByAnotherProgram(path: warehouse.path)) {
      try outbox.begin(id, at: warehouse.now())
    }
    return .publish
  }
  #expect(try warehouse.states() == [["ada@example.com", "1", "queued", "0"]])
  try outbox.waitForRuns()
  try outbox.begin(id, at: warehouse.now())
  try outbox.end(id, .sent("250"), at: warehouse.now(), retry: DeliveryRetry())
}

/// A first build takes another file's place, with it what a sender would write meanwhile.
@Test func aFirstBuildAndASenderKeepOutOfEachOthersWay() throws {
  let warehouse = try TestWarehouse()
  try warehouse.run { _ in .fail(reason: "no") }
  var outbox: Outbox? = try warehouse.outbox()
  let id = try #require(try outbox?.add(delivery(), at: warehouse.now(), named: name))
  _ = try outbox?.claim(id)
  try outbox?.begin(id, at: warehouse.now())
  try warehouse.run { _ in .publish }
  try outbox?.end(id, .sent("250"), at: warehouse.now(), retry: DeliveryRetry())
  outbox = nil
  #expect(try warehouse.states() == [["ada@example.com", "1", "sent", "1"]])
  let other = try TestWarehouse()
  try other.run { _ in
    #expect(throws: WarehouseError.lockedByAnotherRun(path: other.path)) { _ = try other.outbox() }
    return .publish
  }
  _ = try other.outbox()
}

@Test func aMailboxIsOneHoweverItsLettersAreWritten() throws {
  let warehouse = try TestWarehouse()
  let outbox = try warehouse.outbox()
  #expect(try outbox.add(delivery("Ada@example.com"), at: warehouse.now(), named: name) != nil)
  #expect(try outbox.add(delivery("ada@example.com"), at: warehouse.now(), named: name) == nil)
  #expect(try outbox.latest(delivery("ADA@example.com").key)?.key.recipient == "Ada@example.com")
  #expect(
    try outbox.add(delivery("ada@example.com", repeats: .always), at: warehouse.now(), named: name) != nil)
  #expect(
    try warehouse.rows("select recipient, revision from delivery") == [
      ["Ada@example.com", "1"], ["ada@example.com", "2"],
    ])
}

@Test func aDoubtIsSettledByAPersonAlone() throws {
  let warehouse = try TestWarehouse()
  var id: Int64 = 0
  do {
    let outbox = try warehouse.outbox()
    id = try #require(try outbox.add(delivery(), at: warehouse.now(), named: name))
    _ = try outbox.claim(id)
    try outbox.begin(id, at: warehouse.now())
  }
  let outbox = try warehouse.outbox()
  #expect(outbox.interrupted.map(\.id) == [id])
  #expect(try outbox.waiting().isEmpty)
  #expect(try warehouse.states() == [["ada@example.com", "1", "unknown", "1"]])
  #expect(throws: DatabaseError.self) {
    try outbox.end(id, .sent("ok"), at: warehouse.now(), retry: DeliveryRetry())
  }
  #expect(try outbox.resend(id, at: warehouse.now()))
  #expect(try outbox.waiting().map(\.id) == [id])
  #expect(try !outbox.resend(99, at: warehouse.now()))
}

@Test func whatWasNotSentIsTriedAgainLaterAndGivenUpInTheEnd() throws {
  let warehouse = try TestWarehouse()
  let outbox = try warehouse.outbox()
  let id = try #require(try outbox.add(delivery(), at: warehouse.now(), named: name))
  var retry = DeliveryRetry()
  retry.attempts = 3
  retry.wait = 60_000
  var waits: [Int64] = []
  for attempt in 1...3 {
    let now = warehouse.now()
    _ = try outbox.claim(id)
    if attempt == 2 { try outbox.begin(id, at: now) }
    try outbox.end(id, .later("451 not now"), at: now, retry: retry)
    if let retryAt = try outbox.waiting().first?.retryAt { waits.append(retryAt.seconds - now.seconds) }
  }
  #expect(waits == [60, 120])
  #expect(try warehouse.states() == [["ada@example.com", "1", "failed", "3"]])
  #expect(try warehouse.rows("select reply, retry_at from delivery") == [["451 not now", "null"]])
}

@Test func whatIsGivenUpIsMissedUntilALaterDeliveryMakesUpForIt() throws {
  let warehouse = try TestWarehouse()
  let outbox = try warehouse.outbox()
  func end(_ rule: String, _ recipient: String, _ period: String, _ end: DeliveryEnd) throws {
    var delivery = delivery(recipient, period: period, repeats: .always)
    delivery.key.rule = rule
    delivery.key.channel = recipient == "webhook" ? .webhook : .mail
    let id = try #require(try outbox.add(delivery, at: warehouse.now(), named: name))
    _ = try outbox.claim(id)
    let retry = DeliveryRetry()
    let state = try outbox.end(id, end, at: warehouse.now(), retry: retry)
    #expect(state == (end == .refused("550") ? .failed : .sent))
  }
  func missing() throws -> [Int64] { try outbox.undelivered().map(\.id) }

  try end("board", "ada@example.com", "2024-02", .refused("550"))
  try end("chat", "webhook", "2024-02", .refused("550"))
  // Somebody else, an earlier month, another rule's webhook, another rule's failure.
  try end("board", "ben@example.com", "2024-02", .sent("ok"))
  try end("board", "ada@example.com", "2024-01", .sent("ok"))
  try end("ledger", "webhook", "2024-03", .sent("ok"))
  try end("other", "ada@example.com", "2024-02", .refused("550"))
  #expect(try missing() == [1, 2, 6])
  // A later failure of the same rule stands in its place; what another rule takes to the same mailbox makes up for both.
  try end("board", "ada@example.com", "2024-03", .refused("550"))
  #expect(try missing() == [2, 6, 7])
  try end("by hand", "Ada@Example.com", "2024-03", .sent("ok"))
  #expect(try missing() == [2])
  try end("chat", "webhook", "2024-03", .sent("ok"))
  #expect(try missing().isEmpty)
}

@Test func waitsDoubleUpToTheLongest() {
  var retry = DeliveryRetry()
  retry.attempts = 100
  retry.wait = 1000
  retry.longestWait = 5000
  #expect((1...5).map { retry.wait(after: $0) } == [1000, 2000, 4000, 5000, 5000])
  #expect(retry.wait(after: 99) == 5000 && retry.wait(after: 100) == nil)
}

@Test func contentsAreKeptAsLongAsSomebodyMayNeedThem() throws {
  let warehouse = try TestWarehouse()
  let outbox = try warehouse.outbox()
  let ids = try ["ada@example.com", "ben@example.com"].map {
    try #require(try outbox.add(delivery($0), at: warehouse.now(), named: name))
  }
  for id in ids { _ = try outbox.claim(id) }
  try outbox.end(ids[0], .sent("ok"), at: warehouse.now(), retry: DeliveryRetry())
  try outbox.forgetContents(before: warehouse.now())
  #expect(try outbox.content(of: ids[0]) == "text")
  try outbox.end(ids[1], .sent("ok"), at: warehouse.now(), retry: DeliveryRetry())
  try outbox.forgetContents(before: warehouse.now())
  #expect(try outbox.content(of: ids[0]) == nil)
  #expect(try !outbox.resend(ids[0], at: warehouse.now()))
  // The same content anew is there again.
  let again = try #require(try outbox.add(delivery(repeats: .always), at: warehouse.now(), named: name))
  #expect(try outbox.content(of: again) == "text")
}

/// Processes that deliver and die wherever they like: no message is handed over twice, and none is forgotten.
@Test func noSequenceOfDeathsSendsTwiceOrForgets() throws {
  let seed: UInt64 = 20_240_229
  var random = Dice(state: seed)
  for _ in 0..<8 {
    let warehouse = try TestWarehouse()
    var retry = DeliveryRetry()
    retry.attempts = 4
    retry.wait = 1
    // How often a server has had the whole of each message, and those it has certainly answered for.
    var taken: [String: Int] = [:]
    var queued: Set<String> = []
    for night in 0..<14 {
      let recipient = "r\(Int.random(in: 0..<4, using: &random))@example.com"
      let period = "2024-0\(1 + night / 7)"
      try warehouse.run { transaction in
        _ = try transaction.queue(
          [delivery(recipient, period: period)], at: warehouse.now(), named: name)
        if Int.random(in: 0..<4, using: &random) == 0 { return .fail(reason: "no") }
        queued.insert("\(recipient) \(period)")
        return .publish
      }
      let outbox = try warehouse.outbox()
      for entry in try outbox.waiting() {
        let message = "\(entry.key.recipient) \(entry.key.period)"
        // Dies before the message, within it, behind it; or a server answers.
        let fate = Int.random(in: 0..<7, using: &random)
        if fate == 0 { break }
        _ = try outbox.claim(entry.id)
        if fate == 1 {
          try outbox.end(entry.id, .later("450"), at: warehouse.now(), retry: retry)
          continue
        }
        try outbox.begin(entry.id, at: warehouse.now())
        if fate == 2 { break }
        taken[message, default: 0] += fate == 6 ? 0 : 1
        if fate == 3 { break }
        let end: DeliveryEnd = fate == 4 ? .unknown("lost") : fate == 6 ? .refused("550") : .sent("250")
        try outbox.end(entry.id, end, at: warehouse.now(), retry: retry)
      }
    }
    _ = try warehouse.outbox()
    #expect(taken.values.allSatisfy { $0 <= 1 }, "seed \(seed): \(taken)")
    let rows = try warehouse.rows("select recipient || ' ' || period, state, attempts from delivery")
    #expect(Set(rows.map { $0[0] }) == queued, "seed \(seed)")
    #expect(rows.count == queued.count, "seed \(seed)")
    for row in rows {
      // What a server has had is known as sent or as a doubt, and only that is sent.
      let was = taken[row[0]] ?? 0
      #expect(was == 0 ? row[1] != "sent" : ["sent", "unknown"].contains(row[1]), "seed \(seed): \(row)")
    }
  }
}

/// SplitMix64: the same numbers for a seed on every machine.
private struct Dice: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
