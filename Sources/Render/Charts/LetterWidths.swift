/// How wide a drawing's bold letters are, so that what stands beside each other does not run into each other.
///
/// Of DejaVu Sans Bold, which pictures are drawn with and which is wider than what most pages have.
enum LetterWidths {
  /// Thousandths of the letters' size, from the space on.
  private static let ascii = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696,
    696,
    696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372,
    775,
    637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500,
    675,
    716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652,
    924,
    645, 652, 582, 712, 365, 712, 838,
  ]

  static func bold(_ text: String, size: Double) -> Double {
    Double(text.reduce(0) { $0 + width($1) }) / 1000 * size
  }

  /// The text, or as much of its beginning as there is room for and an ellipsis; a number is not cut, since it would be another one.
  static func fitted(_ text: String, in room: Double, size: Double) -> String {
    guard bold(text, size: size) > room else { return text }
    let characters = Array(text)
    for count in stride(from: characters.count - 1, through: 1, by: -1) {
      var kept = characters[..<count]
      while kept.last.map(isPartOfNumber) == true, isPartOfNumber(characters[kept.endIndex]),
        !kept.allSatisfy(isPartOfNumber)
      {
        kept.removeLast()
      }
      while kept.last == " " { kept.removeLast() }
      let short = plainText(String(kept) + "…")
      if !kept.isEmpty, bold(short, size: size) <= room { return short }
    }
    return "…"
  }

  /// A digit, or what stands between digits in some style.
  private static func isPartOfNumber(_ character: Character) -> Bool {
    character.isNumber || ",.'’\u{A0}\u{202F}".contains(character)
  }

  private static func width(_ character: Character) -> Int {
    // Marks stand on their letter.
    character.unicodeScalars.map(width).max() ?? 0
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20..<0x7F: ascii[Int(scalar.value) - 0x20]
    case 0xA0: ascii[0]
    case 0x2212: 838
    case 0x25A0, 0x25B2, 0x25BC: 945
    case 0x2026: 1000
    case 0x2066...0x2069: 0
    case 0x1F000...: 1300
    default: scalar.properties.isLowercase ? 800 : 1100
    }
  }
}
