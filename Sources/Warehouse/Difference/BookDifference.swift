import GRDB
import Model

/// What changed in the book since the figures were published: the facts of all customers concerned, then and now.
public struct BookDifference: Sendable {
  public var before: Book
  /// Its numbers of unlinked accounts are those of the whole book.
  public var after: Book
  /// The sums behind the published figures, as the roll-up left them.
  public var sums: [UInt8]
  /// On the whole book, as with ``RunTransaction/book(_:)``.
  public var findings: [Finding]
}

extension RunTransaction {
  /// The changed part of the book; nil where the whole has to be read: nothing was published yet, the configuration or the program
  /// is another one, an older snapshot came in, or so much changed that reading all is as fast.
  public func difference(_ request: BookRequest) throws -> BookDifference? {
    guard let path, build == nil else { return nil }
    try keepPages(in: .scant)
    let found = try difference(request, from: path)
    if found == nil { try keepPages(in: .ample) }
    return found
  }

  private func keepPages(in room: Warehouse.Room) throws {
    try database.execute(sql: "pragma cache_size = -\(room.rawValue)")
  }

  /// - Parameter path: Where the state before this run is.
  private func difference(_ request: BookRequest, from path: String) throws -> BookDifference? {
    let sources = try configured(request)
    let terms = terms(request, sources)
    let stored = try RawStatement(database, "select content from carried_sums where terms = ?")
    stored.bind(1, terms)
    guard try stored.step() else { return nil }
    let sums = stored.blob(0)
    stored.reset()
    return try WarehouseReader(reading: path).read { published -> BookDifference? in
      guard try snapshotsOnlyFollow(published), try plansAreAsTheyWere(published) else { return nil }
      let then = try BookReader(
        ConfiguredSources(
          request, dataThrough: { try lastPublishedRead(of: $0, published)?.dataThrough }, published),
        request, published)
      let now = try BookReader(sources, request, database)
      var tally = try BookTally(published)
      let linesStandAlone = then.linesStandAlone && now.linesStandAlone
      let part = try affected(
        by: changed, before: References(then, linesStandAlone: linesStandAlone),
        after: References(now, linesStandAlone: linesStandAlone),
        limit: try max(2_000, (Int(tally.charges) + documentRows()) / 8))
      guard let part else { return nil }
      try now.links.save(database)
      let (before, after) = (try then.read(part.before()), try now.read(part))
      tally.replace(before.tally, by: after.tally)
      lastBook = LastBook(
        accounts: after.book.customers, replaced: before.book.customers, tally: tally, terms: terms)
      var book = after.book
      book.unlinkedAccounts = Int(tally.unlinkedAccounts)
      book.unlinkedCustomers = Int(tally.unlinkedCustomers)
      return BookDifference(
        before: before.book, after: book, sums: sums,
        findings: try findings(tally, after.findings, sources, request))
    }
  }

  /// About how many rows of invoices, payments and contracts there are: ended versions count, too.
  private func documentRows() throws -> Int {
    try Set(documentIndexes.map(\.entity)).reduce(0) { sum, entity in
      sum + (try Int.fetchOne(database, sql: "select max(\"row\") from \(versionTableName(entity))") ?? 0)
    }
  }

  /// A snapshot older than one that was known can prove something of rows that did not change themselves.
  private func snapshotsOnlyFollow(_ published: Database) throws -> Bool {
    let known = try RawStatement(
      published,
      "select source, entity, at, complete, max(at) over (partition by source, entity) from snapshot")
    var before: [String: Bool] = [:]
    var latest: [String: String] = [:]
    while try known.step() {
      let key = "\(known.integer(0)) \(known.text(1))"
      before["\(key) \(known.text(2))"] = known.integer(3) == 1
      latest[key] = known.text(4)
    }
    let now = try RawStatement(database, "select source, entity, at, complete from snapshot")
    var count = 0
    while try now.step() {
      let key = "\(now.integer(0)) \(now.text(1))"
      if let wasComplete = before["\(key) \(now.text(2))"] {
        guard wasComplete == (now.integer(3) == 1) else { return false }
        count += 1
      } else if let latest = latest[key], now.text(2) <= latest {
        return false
      }
    }
    guard count == before.count else { return false }
    // Marks of keys in quarantine at earlier snapshots: as many as before, and none added to them.
    let marks = "select count(*) from unknown_state where known_run is null and at <= ?"
    for at in Set(latest.values) {
      let (old, new) = (
        try Int.fetchOne(published, sql: marks, arguments: [at]),
        try Int.fetchOne(database, sql: marks, arguments: [at])
      )
      guard old == new else { return false }
    }
    return true
  }

  /// A plan's price concerns charges that say nothing of it themselves. A new plan can be nobody's yet.
  private func plansAreAsTheyWere(_ published: Database) throws -> Bool {
    let last = try Int64.fetchOne(published, sql: "select max(identity) from identity") ?? 0
    return changed.of(.plan).allSatisfy { $0 > last }
  }

  /// Keeps what the next run carries on from; nothing when there are no figures.
  func carry(_ sums: [UInt8], _ book: LastBook) throws {
    guard !sums.isEmpty else { return try database.execute(sql: "delete from carried_sums") }
    try book.tally.store(database)
    // Now, and not on the night that first asks for them.
    if try areInvoicesKnown(database) { try indexInvoiceNames(database) }
    let insert = try RawStatement(
      database,
      """
      insert into carried_sums values (1, ?1, ?2) on conflict (id) do update
      set terms = excluded.terms, content = excluded.content
      where terms <> excluded.terms or content <> excluded.content
      """)
    insert.bind(1, book.terms)
    insert.bind(2, blob: sums)
    try insert.run()
  }
}
