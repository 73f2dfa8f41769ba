import Foundation
import Model
import Testing

/// A file of made-up records, and what a plain reading of them gives.
private struct Book {
  var records: [RandomValue] = []
  var paths: [FieldPath] = []
  var chance: SeededGenerator

  init(seed: UInt64) {
    chance = SeededGenerator(seed: seed)
    for _ in 0..<Int.random(in: 0..<40, using: &chance) { records.append(.randomObject(depth: 4, &chance)) }
    // A field has a value or fields of its own, never both.
    for leaf in records.flatMap(\.leaves).shuffled(using: &chance) where paths.count < 8 {
      let path = FieldPath(names: leaf)
      guard !leaf.isEmpty, !paths.contains(where: { $0.contains(path) || path.contains($0) }) else {
        continue
      }
      paths.append(path)
    }
  }

  var fields: [String] { paths.map(\.pointer) }

  /// Rows of the records that can be used.
  var expected: [[String]] {
    records.compactMap { record in
      let fields = paths.map { record.field($0.names[...]) }
      guard !fields.contains(.mismatch) else { return nil }
      return fields.map { if case .text(let text) = $0 { text } else { "" } }
    }
  }

  enum Form: CaseIterable { case lines, array, records, packed }

  mutating func written(_ form: Form) -> (name: String, bytes: [UInt8], format: FileFormat) {
    switch form {
    case .lines:
      let text = records.map {
        $0.written(&chance, lineBreaks: false) + ["\n", "\r\n", "\n\n", " \n"].randomElement(using: &chance)!
      }
      return ("in.ndjson", Array(text.joined().utf8), FileFormat())
    case .packed:
      let text = records.map { $0.written(&chance, lineBreaks: false) + "\n" }
      return ("in.jsonl.gz", gzip(Array(text.joined().utf8)), FileFormat())
    case .array:
      let text = records.map { $0.written(&chance, lineBreaks: true) }.joined(separator: ",\n")
      return ("in.json", Array(("[" + text + "]").utf8), FileFormat())
    case .records:
      let around = (0..<3).map {
        "\"k\($0)\": " + RandomValue.random(depth: 3, &chance).written(&chance, lineBreaks: true)
      }
      let text = records.map { $0.written(&chance, lineBreaks: true) }.joined(separator: " ,")
      return (
        "in.json", Array("{\(around[0]),\"page\":{\(around[1]),\"list\":[\(text)]},\(around[2])}".utf8),
        FileFormat(records: FieldPath("page.list"))
      )
    }
  }
}

/// Numbers are compared by value, since exponents are written out.
private func isSame(_ found: [String], _ expected: [String]) -> Bool {
  found.count == expected.count
    && zip(found, expected).allSatisfy { found, expected in
      if found == expected { return true }
      guard expected.contains(where: { $0 == "e" || $0 == "E" }), !found.contains("e"), !found.contains("E")
      else { return false }
      return Decimal(string: found) == Decimal(string: expected)
    }
}

@Test(arguments: 0..<20) func whatWasWrittenIsRead(part: UInt64) {
  for seed in part * 40..<part * 40 + 40 {
    var book = Book(seed: seed)
    let expected = book.expected
    for form in Book.Form.allCases {
      let file = book.written(form)
      let blockSize = [1 << 18, Int.random(in: 1..<300, using: &book.chance)].randomElement(
        using: &book.chance)!
      let reading = readDocuments(
        file.bytes, book.fields, file.format, name: file.name, blockSize: blockSize,
        optional: Set(book.fields))
      let comment = "seed \(seed), \(form), blocks of \(blockSize), fields \(book.fields)"
      #expect(
        reading.rows.count == expected.count && zip(reading.rows, expected).allSatisfy(isSame),
        "\(comment): \(reading.rows) instead of \(expected)")
      #expect(reading.malformed.count == book.records.count - expected.count, "\(comment)")
      #expect(
        reading.names.allSatisfy { $0 == "empty-file" }, "\(comment): \(reading.findings.map { $0.text() })")
    }
  }
}

@Test(arguments: 0..<10) func aTextReadsAlikeWhateverTheBlocks(part: UInt64) {
  for seed in 1000 + part * 20..<1000 + part * 20 + 20 {
    var book = Book(seed: seed)
    let form = Book.Form.allCases.randomElement(using: &book.chance)!
    var file = book.written(form)
    guard form != .packed, !file.bytes.isEmpty else { continue }
    // A few bytes are spoilt or dropped, stretches of them doubled.
    for _ in 0..<Int.random(in: 0..<4, using: &book.chance) {
      let at = Int.random(in: 0..<file.bytes.count, using: &book.chance)
      switch Int.random(in: 0..<4, using: &book.chance) {
      case 0: file.bytes[at] = UInt8.random(in: 0...255, using: &book.chance)
      case 1 where file.bytes.count > 1: file.bytes.remove(at: at)
      case 2:
        let end = Int.random(in: at..<file.bytes.count, using: &book.chance)
        file.bytes.insert(contentsOf: file.bytes[at..<end], at: at)
      default: file.bytes.insert(file.bytes[at], at: at)
      }
    }
    func reading(_ blockSize: Int) -> DocumentReading {
      readDocuments(
        file.bytes, book.fields, file.format, name: file.name, blockSize: blockSize,
        optional: Set(book.fields))
    }
    let whole = reading(1 << 18)
    for blockSize in [1, 2, 7, 63, 64, 65, Int.random(in: 3..<200, using: &book.chance)] {
      var parts = reading(blockSize)
      let comment = "seed \(seed), \(form), blocks of \(blockSize)"
      // Of a file that is refused, what was read before the fault depends on the blocks, and is not used.
      if whole.findings.contains(where: { $0.severity == .error }) {
        #expect(parts.names == whole.names, "\(comment)")
        #expect(parts.findings.map(\.place) == whole.findings.map(\.place), "\(comment)")
        #expect(parts.findings.map(\.problem) == whole.findings.map(\.problem), "\(comment)")
        continue
      }
      parts.file = whole.file
      #expect(parts == whole, "\(comment)")
    }
  }
}

@Test func elementsOfAnArrayAreReadAsAPlainReadingReadsThem() {
  for seed in UInt64(2000)..<2200 {
    var chance = SeededGenerator(seed: seed)
    let records: [(id: Int, items: [RandomValue])] = (0..<Int.random(in: 1..<20, using: &chance)).map { id in
      (id, (0..<Int.random(in: 0..<5, using: &chance)).map { _ in .text(RandomValue.randomText(&chance)) })
    }
    var expected: [[String]] = []
    let lines = records.map { record in
      let items = record.items.map { item -> RandomValue in
        .object([("other", .random(depth: 2, &chance)), ("v", item)])
      }
      for item in record.items {
        if case .text(let text) = item { expected.append(["r\u{e9}\n\(record.id)", text, "\(record.id)"]) }
      }
      var members: [(name: String, value: RandomValue)] = [
        ("id", .text("r\u{e9}\n\(record.id)")), ("n", .number("\(record.id)")),
        ("list", .object([("x", .null), ("data", .array(items))])), ("z", .random(depth: 2, &chance)),
      ]
      members.shuffle(using: &chance)
      return RandomValue.object(members).written(&chance, lineBreaks: false) + "\n"
    }
    let reading = readDocuments(
      Array(lines.joined().utf8), ["id", "list.data.v", "n"], FileFormat(each: FieldPath("list.data")),
      name: "in.ndjson", blockSize: Int.random(in: 1..<500, using: &chance))
    #expect(reading.rows == expected, "seed \(seed)")
    #expect(reading.malformed == [], "seed \(seed)")
  }
}
