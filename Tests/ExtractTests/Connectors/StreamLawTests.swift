import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Whatever changes between and during reads of changes, in the end the reader has what the server has.
@Suite(.serialized) struct StreamLawTests {
  /// How far behind its clock the server shows a change at the most, in seconds: less than the overlap.
  private static let lateness = 20
  private static let begin = 1_700_000_000

  /// A book of records on a server, and what a reader made of it.
  private struct Books {
    var random: SeededGenerator
    var clock = begin
    var server: [String: [String: Any]] = [:]
    var reader: [String: String] = [:]
    var cursor: StreamCursor?
    private var made = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func chance(_ share: Int) -> Bool { Int.random(in: 0..<100, using: &random) < share }

    /// New, changed and deleted records, many of one time, some shown late.
    mutating func change(_ most: Int) -> [[String: Any]] {
      var changed: [String: [String: Any]] = [:]
      for _ in 0..<Int.random(in: 0...most, using: &random) {
        clock += chance(50) ? 0 : Int.random(in: 1...15, using: &random)
        let late = chance(30) ? Int.random(in: 0...StreamLawTests.lateness, using: &random) : 0
        let known = server.keys.sorted()
        var id = "r\(made)"
        if !known.isEmpty, chance(50) {
          id = known[Int.random(in: 0..<known.count, using: &random)]
        } else {
          made += 1
        }
        // A change is never shown with an earlier time than the one before it.
        let before = server[id]?["updated"] as? Int ?? 0
        let gone = chance(15)
        let record: [String: Any] = [
          "id": id, "updated": max(before + 1, clock - late),
          "version": "\(Int.random(in: 0..<1_000_000, using: &random))",
          "gone": gone,
        ]
        server[id] = record
        changed[id] = record
      }
      clock = max(clock, server.values.compactMap { $0["updated"] as? Int }.max() ?? 0)
      return changed.values.sorted { "\($0["id"] ?? "")" < "\($1["id"] ?? "")" }
    }

    mutating func take(_ found: FoundFiles, _ records: [String: [String: Any]]) {
      if found.streamRead?.extent == .whole { reader = [:] }
      for (id, record) in records { reader[id] = record["version"] as? String }
      for id in found.deletedKeys { reader[id] = nil }
      cursor = found.streamRead?.cursor
    }

    var truth: [String: String] {
      server.filter { $0.value["gone"] as? Bool == false }.compactMapValues { $0["version"] as? String }
    }
  }

  private func asked(_ name: String, size: Int, _ bound: StreamChanges.Bound, window: Int?, overlap: Int)
    -> ConnectorStream
  {
    var changes = request(style(name), size: size, hasMore: name != "link" && name != "header_token")
    changes.parameters = [.init("since", "{since}")]
    changes.window = window
    var all = changes
    all.parameters = []
    all.window = nil
    var asked = stream(
      all,
      changes: StreamChanges(
        request: changes, field: FieldPath(names: ["updated"]), format: .epochSeconds, bound: bound,
        overlap: Int64(overlap) * 1000))
    asked.deleted = .init(field: FieldPath(names: ["gone"]), values: ["true"])
    return asked
  }

  @Test func theReaderEndsWithWhatTheServerHas() throws {
    let seed: UInt64 = 20_240_229
    let shop = try StreamFetcher()
    for trial in 0..<25 {
      let (isEqual, told) = try run(shop, seed: seed &+ UInt64(trial), overlap: Self.lateness)
      #expect(isEqual, "\(told)")
    }
  }

  @Test func withoutTheOverlapItWouldNot() throws {
    let shop = try StreamFetcher()
    #expect(try (0..<25).contains { try !run(shop, seed: $0, overlap: 0).isEqual })
  }

  private func run(
    _ shop: StreamFetcher, seed: UInt64, overlap: Int
  ) throws -> (isEqual: Bool, told: String) {
    var books = Books(seed: seed)
    let name = pageStyles[Int.random(in: 0..<pageStyles.count, using: &books.random)].name
    let size = Int.random(in: 1...9, using: &books.random)
    let bound: StreamChanges.Bound = books.chance(50) ? .inclusive : .exclusive
    let isWindowed = name != "last_id" && books.chance(30)
    let window = isWindowed ? Int.random(in: 40...60, using: &books.random) : nil
    let asked = asked(name, size: size, bound, window: window, overlap: overlap)
    let told = "seed \(seed), \(name), pages of \(size), \(bound), window \(window ?? 0)"
    _ = books.change(40)
    var reads = 0
    for night in 0..<6 {
      let isLast = night == 5
      let before = Array(books.server.values)
      let clock = books.clock
      // While it is read: at the requests of the first tries alone, so that rows stand still in the end.
      var steps: [[String: Any]] = []
      if !isLast {
        var requests = Set<Int>()
        while requests.count < Int.random(in: 0...3, using: &books.random) {
          requests.insert(Int.random(in: 2...6, using: &books.random))
        }
        for request in requests.sorted() {
          let put = books.change(4)
          steps.append(["at": request, "put": put, "now": books.clock])
        }
      }
      var list: [String: Any] = [
        "records": before, "style": name, "sort": name == "last_id" ? "id" : "updated", "size": size,
        "bound": bound.rawValue, "steps": steps,
      ]
      if let window { list["window"] = window }
      try shop.server.play(["now": clock, "lists": ["books": list]])
      let found = shop.read(asked, since: books.cursor)
      if found.findings.isEmpty {
        books.take(found, try shop.records(found))
        reads += 1
      } else {
        #expect(found.files == [], "\(told)")
        #expect(
          ["rows-shift", "page-repeats", "readings-differ"].contains(found.names[0]),
          "\(found.problem), \(told)")
      }
      // What a read was too short to see is seen late.
      shop.server.forgetAPIRequests()
      books.clock += Int.random(in: 0...30, using: &books.random)
      if !isLast { _ = books.change(8) }
    }
    #expect(reads >= 2, "\(told)")
    return (books.reader == books.truth, told)
  }
}
