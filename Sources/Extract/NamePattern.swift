/// A pattern for one file or folder name, with `*`, `?` and `[...]`.
struct NamePattern {
  private enum Piece {
    case text(Character)
    case any
    case many
    case oneOf([ClosedRange<Character>], isNegated: Bool)
  }

  private var pieces: [Piece] = []

  /// True when it names one file.
  var isLiteral: Bool {
    pieces.allSatisfy { if case .text = $0 { true } else { false } }
  }

  /// An opening bracket without a closing one is text.
  init(_ pattern: String) {
    let characters = Array(pattern)
    var index = 0
    while index < characters.count {
      switch characters[index] {
      case "*": pieces.append(.many)
      case "?": pieces.append(.any)
      case "[":
        if let (piece, next) = Self.bracket(characters, index + 1) {
          pieces.append(piece)
          index = next
          continue
        }
        pieces.append(.text("["))
      default: pieces.append(.text(characters[index]))
      }
      index += 1
    }
  }

  func matches(_ name: String) -> Bool {
    let characters = Array(name)
    var piece = 0
    var index = 0
    // Where to go back to: the last `*`, made one character longer each time.
    var retry: (piece: Int, index: Int)?
    while index < characters.count || piece < pieces.count {
      if piece < pieces.count {
        if case .many = pieces[piece] {
          retry = (piece, index)
          piece += 1
          continue
        }
        if index < characters.count, fits(pieces[piece], characters[index]) {
          piece += 1
          index += 1
          continue
        }
      }
      guard let last = retry, last.index < characters.count else { return false }
      retry = (last.piece, last.index + 1)
      piece = last.piece + 1
      index = last.index + 1
    }
    return true
  }

  private func fits(_ piece: Piece, _ character: Character) -> Bool {
    switch piece {
    case .text(let text): text == character
    case .any, .many: true
    case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
    }
  }

  /// Reads behind `[`; a `]` that comes first stands for itself.
  private static func bracket(_ characters: [Character], _ start: Int) -> (Piece, next: Int)? {
    var index = start
    let isNegated = index < characters.count && (characters[index] == "!" || characters[index] == "^")
    if isNegated { index += 1 }
    let first = index
    var ranges: [ClosedRange<Character>] = []
    while index < characters.count {
      let low = characters[index]
      if low == "]", index > first { return (.oneOf(ranges, isNegated: isNegated), index + 1) }
      if index + 2 < characters.count, characters[index + 1] == "-", characters[index + 2] != "]" {
        let high = characters[index + 2]
        if low <= high { ranges.append(low...high) }
        index += 3
      } else {
        ranges.append(low...low)
        index += 1
      }
    }
    return nil
  }
}
