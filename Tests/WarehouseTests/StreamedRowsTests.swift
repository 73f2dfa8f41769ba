import Foundation
import GRDB
import Model
import Testing

@testable import Warehouse

extension SourceRead {
  /// The same read with its rows put away, some at a time.
  fileprivate func putAway(inFolder folder: String, _ random: inout Seeded) -> SourceRead {
    let shelf = rowShelf(inFolder: folder, batchSize: 1, inMemory: 0)
    var read = self
    read.parts = []
    for part in parts {
      let batch = try! part.rows()
      var start = 0
      while start < batch.count {
        let end = min(batch.count, start + 1 + Int(random.next() % 40))
        let piece = batch.piece(start..<end)
        let held = shelf.put(piece)!
        #expect(held.isPutAway)
        read.parts.append(.init(file: part.file, held: held))
        start = end
      }
    }
    return read
  }
}

extension EntityBatch {
  fileprivate func piece(_ rows: Range<Int>) -> EntityBatch {
    var piece = EntityBatch(kind: kind)
    for row in rows {
      for (column, known) in kind.columns.enumerated() {
        let cell = self[row, column]
        let isText = known.kind == .text && cell != EntityColumn.null
        piece.cells.append(isText ? piece.appendText(text(cell)!) : cell)
      }
      piece.lines.append(lines[row])
    }
    return piece
  }
}

/// As many distinct rows of each entity, one of each for every record, with the trail the records leave.
private func read(
  _ name: String, _ entities: [EntityKind], ids: Range<Int>, _ rows: inout HostileRows
) -> SourceRead {
  let parts = entities.map { entity in
    (
      entity,
      ids.map { id in
        var row = rows.row(entity, id)
        row.cells["id"] = "\(entity)\(1_000 + id)"
        return row
      }
    )
  }
  var read = read(name, system: "one", files: [("\(name).csv", nil, parts)])
  read.trail = RecordTrail(shape: "csv", known: nil)
  read.trail?.add(ids.count)
  read.trail?.digests = ids.map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 | 1 }
  read.trail?.lines = ids.indices.map { Int32($0 - ids.lowerBound + 2) }
  return read
}

/// Rows that are read back some at a time make the same warehouse as rows in memory, written by statements; so does whatever comes after.
@Test(arguments: 1...8)
func rowsThatWerePutAwayMakeTheSameWarehouse(seed: Int) throws {
  var rows = HostileRows(generator: Seeded(state: UInt64(seed)))
  var random = Seeded(state: UInt64(seed) &* 31)
  let reads = [
    read("a", [.customer], ids: 0..<Int(random.next() % 50), &rows),
    read("b", [.invoiceLine], ids: 0..<Int(random.next() % 300), &rows),
    read("c", [.recurringCharge, .opportunity], ids: 0..<Int(random.next() % 200), &rows),
    // The same system's rows again, of which some are known by then.
    read("d", [.invoiceLine, .plan], ids: 100..<100 + Int(random.next() % 200), &rows),
    read("e", [.subscription, .expense, .fxRate], ids: 0..<Int(random.next() % 200), &rows),
  ]
  let later = read("b", [.invoiceLine], ids: 20..<250, &rows)
  let (reference, streamed) = (try TestWarehouse(buildsFirst: false), try TestWarehouse())
  let expected = try reference.apply(reads)
  let found = try streamed.apply(reads.map { $0.putAway(inFolder: streamed.folder.path, &random) })
  #expect(found == expected)
  func compare(_ when: String) throws {
    let (left, right) = (try reference.contents(), try streamed.contents())
    #expect(Set(left.keys) == Set(right.keys))
    for (table, content) in left where content != right[table] {
      Issue.record(
        "seed \(seed), \(when): \(table) differs: \(content.count) rows, \(right[table]?.count ?? 0)")
    }
    for kept in ["select * from known_record", "select source, place, hex(content) from known_record_block"] {
      #expect(try reference.rows(kept) == streamed.rows(kept))
    }
    #expect(try streamed.rows("pragma integrity_check") == [["ok"]])
    #expect(try streamed.rows("pragma foreign_key_check") == [])
  }
  try compare("first")
  #expect(
    try reference.apply(later) == streamed.apply(later.putAway(inFolder: streamed.folder.path, &random)))
  try compare("then")
  let files = try FileManager.default.contentsOfDirectory(atPath: streamed.folder.path)
  #expect(files == ["output"])
}

/// Lines taken from where they were put away make the same book as lines read back from the table, and so they do once others came beside them.
@Test(arguments: 1...8, [false, true])
func linesThatWerePutAwayMakeTheSameBook(seed: Int, hasOthers: Bool) throws {
  // In odd books the lines of the book itself are put aside, too, in shares.
  let shareSize = seed % 2 == 0 ? PlainLineShelf.shareSize : 10
  var rows = HostileRows(generator: Seeded(state: UInt64(seed) &* 101))
  var random = Seeded(state: UInt64(seed) &* 17)
  var reads = [
    read("a", [.customer], ids: 0..<Int(random.next() % 50), &rows),
    read("b", [.invoiceLine], ids: 0..<50 + Int(random.next() % 250), &rows),
    read("c", [.plan, .subscription, .contract], ids: 0..<Int(random.next() % 60), &rows),
  ]
  if hasOthers { reads.append(read("d", [.invoiceLine], ids: 40..<90, &rows)) }
  func lines(_ warehouse: TestWarehouse, _ reads: [SourceRead], isFirst: Bool) throws -> [String] {
    let request = BookRequest(sources: ["a", "b", "c", "d"], documents: [.invoiceLine, .contract])
    var book = Book()
    try warehouse.run { transaction in
      transaction.lineShareSize = isFirst ? shareSize : PlainLineShelf.shareSize
      for read in reads { _ = try transaction.apply(read) }
      if isFirst { #expect((transaction.build?.streamed[.invoiceLine] == nil) == hasOthers) }
      book = try transaction.book(request).book
      return .publish
    }
    #expect(book.billing.lines.isEmpty)
    let plain = book.billing.plainLines
    #expect((plain.shareCount > 0) == (isFirst && seed % 2 != 0 && book.billing.contracts.isEmpty))
    var share: [Book.PlainLine] = []
    let shared = try (0..<plain.shareCount).flatMap { number in
      try plain.readShare(number, into: &share)
      return share
    }
    return (plain.held + shared).map { line in
      // Places stand for what they are places of.
      func name<Value>(_ place: Int32, _ values: [Value], _ id: (Value) -> Int64) -> Int64 {
        place < 0 ? -1 : id(values[Int(place)])
      }
      let owner = name(line.customer, book.customers, \.id)
      let subscription = name(line.subscription, book.subscriptions, \.id)
      let contract = name(line.contract, book.billing.contracts, \.row)
      return
        "\(line.invoice) \(owner) \(subscription) \(contract) \(book.currencies[Int(line.currency)]) \(line.kind) \(line.status) \(String(describing: line.net)) \(String(describing: line.periodStart)) \(String(describing: line.periodEnd)) \(String(describing: line.issued))"
    }
  }
  let streamed = try TestWarehouse()
  let first = try lines(
    streamed, reads.map { $0.putAway(inFolder: streamed.folder.path, &random) }, isFirst: true)
  let again = try lines(streamed, [], isFirst: false)
  #expect(!first.isEmpty)
  #expect(first == again)
}

/// So do charges, in the same order, whatever their plans and subscriptions say.
@Test(arguments: 1...8, [false, true])
func chargesThatWerePutAwayMakeTheSameBook(seed: Int, hasOthers: Bool) throws {
  var rows = HostileRows(generator: Seeded(state: UInt64(seed) &* 211))
  var random = Seeded(state: UInt64(seed) &* 23)
  var reads = [
    read("a", [.customer], ids: 0..<Int(random.next() % 50), &rows),
    read("b", [.recurringCharge], ids: 0..<50 + Int(random.next() % 250), &rows),
    read("c", [.plan, .subscription], ids: 0..<Int(random.next() % 60), &rows),
  ]
  if hasOthers { reads.append(read("d", [.recurringCharge], ids: 40..<90, &rows)) }
  func charges(_ warehouse: TestWarehouse, _ reads: [SourceRead], isFirst: Bool) throws -> [String] {
    var book = Book()
    var findings: [Finding] = []
    try warehouse.run { transaction in
      for read in reads { _ = try transaction.apply(read) }
      if isFirst { #expect((transaction.build?.streamed[.recurringCharge] == nil) == hasOthers) }
      (book, findings) = try transaction.book(BookRequest(sources: ["a", "b", "c", "d"]))
      return .publish
    }
    #expect(!book.charges.isEmpty)
    let told = findings.map { "\($0.name) \($0.problem)" }
    return told + book.customers.map { "\($0.id) \($0.name)" } + book.products
      + book.plans.map { "\($0.id) \($0.name)" } + book.subscriptions.map { "\($0.id) \($0.customer)" }
      + book.currencies.map(\.description) + book.charges.map { "\($0)" }
  }
  let streamed = try TestWarehouse()
  let first = try charges(
    streamed, reads.map { $0.putAway(inFolder: streamed.folder.path, &random) }, isFirst: true)
  let again = try charges(streamed, [], isFirst: false)
  #expect(first.count > 50)
  #expect(first == again)
}

/// Whose runs are in order as they come, but for those in which a number gets one digit more.
@Test(arguments: [1 << 20, 3_000, 200])
func idsThatCountUpAreSortedByTheirBytes(runSize: Int) throws {
  let warehouse = try TestWarehouse()
  let sorter = TextSorter(folder: warehouse.folder.path, runSize: runSize)
  // Each twice: of equal texts the one added first comes first.
  for value in 2..<4_000 as Range<Int64> {
    var text = String(value / 2)
    try text.withUTF8 { try sorter.add($0, value) }
  }
  var found: [String] = []
  try sorter.forEachInOrder { found.append("\(String(decoding: $0, as: UTF8.self)) \($1)") }
  let texts = (1..<2_000).map(String.init).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  #expect(found == texts.flatMap { text in [0, 1].map { "\(text) \((Int(text) ?? 0) * 2 + $0)" } })
}

@Test(arguments: [1 << 20, 3_000, 200])
func textsAreSortedByTheirBytesHoweverMany(runSize: Int) throws {
  let warehouse = try TestWarehouse()
  let sorter = TextSorter(folder: warehouse.folder.path, runSize: runSize)
  var random = Seeded(state: 7)
  var expected: [([UInt8], Int64)] = []
  for value in 0..<500 as Range<Int64> {
    let text: String =
      switch random.next() % 5 {
      case 0: ""
      case 1: String(repeating: "long", count: Int(random.next() % 400))
      case 2: "common prefix \(random.next() % 100)"
      default: "\(value)"
      }
    expected.append((Array(text.utf8), value))
    var copy = text
    try copy.withUTF8 { try sorter.add($0, value) }
  }
  expected.sort { ($0.0, $0.1) < ($1.0, $1.1) }
  var found: [([UInt8], Int64)] = []
  try sorter.forEachInOrder { found.append((Array($0), $1)) }
  #expect(found.map(\.1) == expected.map(\.1))
  #expect(found.map(\.0) == expected.map(\.0))
}

private func < (left: ([UInt8], Int64), right: ([UInt8], Int64)) -> Bool {
  left.0 == right.0 ? left.1 < right.1 : left.0.lexicographicallyPrecedes(right.0)
}
