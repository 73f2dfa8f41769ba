import Model
import Testing

@testable import Render

private let parts = [
  "Acme", "e", "E5", "Jan", "may 5", "TRUE", "5", "007", "12-50", "1.5", "1,5", ";", ",", "\"", "\r", "\n",
  " ",
  "'", "=", "+", "-", "@", "#", "%", "(", "\0", "$", "€", "é", "É", "日本", "\u{301}", "\u{FE0F}", "×", "x",
]

/// The quick way writes what the long way does.
@Test(arguments: 1...20)
func aFieldIsTheHarmlessTextInQuotesWhereItNeedsThem(seed: Int) {
  var random = SeededRandom(seed: UInt64(seed))
  var quick = 0
  for _ in 0..<3000 {
    let text = (0..<random.below(5)).map { _ in random.pick(parts) }.joined()
    var bytes: [UInt8] = []
    CSVWriter.write(text, to: &bytes)
    let expected = CSVWriter.quoted(CSVWriter.harmless(text))
    #expect(bytes == Array(expected.utf8), "seed \(seed): \(text.debugDescription)")
    if expected.utf8.elementsEqual(text.utf8) { quick += 1 }
  }
  #expect(quick > 300)
}

@Test(arguments: 1...10)
func anAmountIsWrittenAsItsExactDecimal(seed: Int) throws {
  var random = SeededRandom(seed: UInt64(seed))
  let amounts: [Int64] =
    [0, 1, -1, 999_999, 1_234_000, 1_234_567, -1_230_000, .max, .min]
    + (0..<200).map { _ in
      let digits = [1, 10, 1000, 10_000, 1_000_000][random.below(5)]
      return Int64(random.below(1_000_000_000)) * Int64(digits) * (random.below(2) == 0 ? 1 : -1)
    }
  for mark in [0x2E, 0x2C] as [UInt8] {
    for leastDigits in [0, 2, 3, 4] {
      var (table, expected) = (TidyTable(columns: ["a"]), TidyTable(columns: ["a"]))
      for amount in amounts {
        table.rows.append([.micros(amount, leastDigits: leastDigits)])
        expected.rows.append([
          .number(exactDecimalText(Int128(amount), scale: 6, leastDigits: leastDigits))
        ])
      }
      #expect(CSVWriter(decimalMark: mark).bytes(table) == CSVWriter(decimalMark: mark).bytes(expected))
    }
  }
}

@Test func noNumberHasThreeDecimals() {
  var table = TidyTable(columns: ["a", "b"])
  table.rows.append([.micros(1_234_000, leastDigits: 3), .number("1.234")])
  table.rows.append([.micros(-1_234_500, leastDigits: 3), .number("1.2345")])
  table.rows.append([.micros(1_000_000, leastDigits: 0), .number("1")])
  let bytes = CSVWriter(decimalMark: 0x2C).bytes(table)
  #expect(
    String(decoding: bytes, as: UTF8.self) == "\u{FEFF}a;b\r\n1,2340;1,2340\r\n-1,2345;1,2345\r\n1;1\r\n")
}

@Test func whatIsSaidAgainBelowIsWrittenAgain() {
  var table = TidyTable(columns: ["a"])
  let texts = ["x, y", "x, y", "x, y", "5", "5", "5", "", "", "x, y"]
  table.rows = .init(count: texts.count) { [.text(texts[$0])] }
  let lines = String(decoding: CSVWriter(decimalMark: 0x2E).bytes(table), as: UTF8.self)
  #expect(
    lines == "\u{FEFF}a\r\n"
      + ["\"x, y\"", "\"x, y\"", "\"x, y\"", "'5", "'5", "'5", "", "", "\"x, y\""]
      .map { $0 + "\r\n" }.joined())
}

@Test func aRowBehindThoseThatAreMadeWhenAskedForIsTheLast() {
  var rows = TidyTable.Rows(count: 2) { [.number(String($0))] }
  rows.append([.number("2")])
  #expect(Array(rows) == [[.number("0")], [.number("1")], [.number("2")]])
}

/// A mark of direction, which is taken out, leads the same text along the long way.
@Test(arguments: 1...10)
func aPlainTextIsCleanedAsAnyOther(seed: Int) {
  var random = SeededRandom(seed: UInt64(seed))
  for _ in 0..<1000 {
    let text = (0..<random.below(6)).map { _ in
      random.pick(["a", "B5", " ", "  ", "~", "\t", "\r\n", "é", "\u{7F}"])
    }
    .joined()
    let limit = random.pick([1, 3, 6, Int.max])
    #expect(
      plainText(text, limit: limit) == plainText("\u{200E}" + text, limit: limit), "\(text.debugDescription)")
  }
}
