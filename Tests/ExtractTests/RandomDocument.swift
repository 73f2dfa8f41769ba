import Foundation
import Model

/// A JSON value as tests make it up, with a writer and a reader of fields that share nothing with the program's.
indirect enum RandomValue {
  case null
  case flag(Bool)
  case number(String)
  case text(String)
  case array([RandomValue])
  case object([(name: String, value: RandomValue)])

  /// What a mapping reads at a path: a text, nil where it is missing.
  enum Field: Equatable {
    case text(String)
    case missing
    case mismatch
  }

  static let names = [
    "a", "b", "id", "a.b", "", "x/y", "t~z", "nämé", "日本", "a long name of many letters", "\"q\"", "0", "1",
    "\\",
  ]

  static func random(depth: Int, _ chance: inout SeededGenerator) -> RandomValue {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &chance) {
    case 0: return .null
    case 1: return .flag(Bool.random(using: &chance))
    case 2, 3: return .number(randomNumber(&chance))
    case 4, 5: return .text(randomText(&chance))
    case 6, 7:
      return .array(
        (0..<Int.random(in: 0..<4, using: &chance)).map { _ in random(depth: depth - 1, &chance) })
    default: return randomObject(depth: depth - 1, &chance)
    }
  }

  static func randomObject(depth: Int, _ chance: inout SeededGenerator) -> RandomValue {
    let chosen = names.shuffled(using: &chance).prefix(Int.random(in: 0..<7, using: &chance))
    return .object(chosen.map { ($0, random(depth: depth, &chance)) })
  }

  static func randomText(_ chance: inout SeededGenerator) -> String {
    let pieces = [
      "a", "Z", "0", " ", "\"", "\\", "/", "\n", "\t", "\r", "\u{8}", "\u{c}", "\u{1}", "é", "ß", "日", "😀",
      "{", "}", "[", "]", ",", ":", "\u{7f}", "\u{2028}",
    ]
    return (0..<Int.random(in: 0..<90, using: &chance)).filter { _ in Bool.random(using: &chance) }
      .map { _ in pieces.randomElement(using: &chance)! }.joined()
  }

  static func randomNumber(_ chance: inout SeededGenerator) -> String {
    func digits(_ most: Int) -> String {
      (0..<Int.random(in: 1...most, using: &chance)).map { _ in String(Int.random(in: 0...9, using: &chance))
      }
      .joined()
    }
    var number = Bool.random(using: &chance) ? "-" : ""
    number += Bool.random(using: &chance) ? "0" : String(Int.random(in: 1...9, using: &chance)) + digits(12)
    if Bool.random(using: &chance) { number += "." + digits(8) }
    if Int.random(in: 0..<3, using: &chance) == 0 {
      number += ["e", "E"].randomElement(using: &chance)! + ["", "+", "-"].randomElement(using: &chance)!
      number += digits(1)
    }
    return number
  }

  /// The value as JSON, with blanks and escapes where they may be.
  func written(_ chance: inout SeededGenerator, lineBreaks: Bool) -> String {
    func blank() -> String {
      Int.random(in: 0..<6, using: &chance) == 0
        ? [" ", "\t", "  ", lineBreaks ? "\n" : " "].randomElement(using: &chance)! : ""
    }
    func quoted(_ text: String) -> String {
      "\"" + text.unicodeScalars.map { Self.escaped($0, &chance) }.joined() + "\""
    }
    switch self {
    case .null: return "null"
    case .flag(let flag): return flag ? "true" : "false"
    case .number(let number): return number
    case .text(let text): return quoted(text)
    case .array(let values):
      return "[" + blank()
        + values.map { $0.written(&chance, lineBreaks: lineBreaks) + blank() }.joined(
          separator: "," + blank())
        + "]"
    case .object(let members):
      return "{" + blank()
        + members.map {
          quoted($0.name) + blank() + ":" + blank() + $0.value.written(&chance, lineBreaks: lineBreaks)
            + blank()
        }.joined(separator: "," + blank()) + "}"
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar, _ chance: inout SeededGenerator) -> String {
    let short: [Unicode.Scalar: String] = [
      "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\u{8}": "\\b", "\u{c}": "\\f",
    ]
    let asUnits = Int.random(in: 0..<8, using: &chance) == 0
    if !asUnits, let escape = short[scalar] { return escape }
    if !asUnits, scalar == "/", Bool.random(using: &chance) { return "\\/" }
    guard asUnits || scalar.value < 0x20 else { return String(scalar) }
    return Character(scalar).utf16.map { unit in
      let hex = String(unit, radix: 16)
      let padded = String(repeating: "0", count: 4 - hex.count) + hex
      return "\\u" + (Bool.random(using: &chance) ? padded.uppercased() : padded)
    }.joined()
  }

  /// The field at a path.
  func field(_ names: ArraySlice<String>) -> Field {
    guard let name = names.first else {
      switch self {
      case .null: return .missing
      case .flag(let flag): return .text(flag ? "true" : "false")
      case .number(let number): return .text(number)
      case .text(let text): return .text(text)
      case .array, .object: return .mismatch
      }
    }
    switch self {
    case .null: return .missing
    case .object(let members):
      return members.first { $0.name == name }?.value.field(names.dropFirst()) ?? .missing
    case .array(let values):
      guard let index = Int(name) else { return .mismatch }
      return index < values.count ? values[index].field(names.dropFirst()) : .missing
    default: return .mismatch
    }
  }

  /// Every path that leads to a single value.
  var leaves: [[String]] {
    switch self {
    case .array(let values):
      return values.enumerated().flatMap { index, value in value.leaves.map { [String(index)] + $0 } }
    case .object(let members):
      return members.flatMap { member in member.value.leaves.map { [member.name] + $0 } }
    default: return [[]]
    }
  }
}
