/// Reads one ornate number: `($1,234.50)`, `-1.234,50 €`, `USD 1 200`, `12-`.
struct NumberScanner {
  private let text: FieldBytes
  private let format: NumberFormat
  private(set) var number = DecimalText.zero
  private var position = 0
  private var signs = 0

  init(text: FieldBytes, format: NumberFormat) {
    self.text = text
    self.format = format
  }

  mutating func read() {
    skipSpaces()
    let parenthesised = take(0x28)
    guard readOrnaments(), readDigits(), readOrnaments() else {
      if number.fault == .none { number.fault = .notANumber }
      return
    }
    if parenthesised {
      guard take(0x29), signs == 0 else {
        number.fault = .notANumber
        return
      }
      number.negative = true
    }
    skipSpaces()
    if position < text.count { number.fault = .notANumber }
    if number.magnitude == 0 { number.negative = false }
  }

  private func byte(at index: Int) -> UInt8 { index < text.count ? text[index] : 0 }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  /// Length in bytes of a space at `index`: ASCII, no-break (U+00A0), narrow no-break (U+202F), thin
  /// (U+2009); else 0.
  private func spaceLength(at index: Int) -> Int {
    switch byte(at: index) {
    case 0x20, 0x09: 1
    case 0xC2: byte(at: index + 1) == 0xA0 ? 2 : 0
    case 0xE2: byte(at: index + 1) == 0x80 && [0xAF, 0x89].contains(byte(at: index + 2)) ? 3 : 0
    default: 0
    }
  }

  private mutating func skipSpaces() {
    while position < text.count {
      let length = spaceLength(at: position)
      if length == 0 { return }
      position += length
    }
  }

  /// Signs and currency marks before or after the digits, each at most once in the whole text.
  private mutating func readOrnaments() -> Bool {
    while position < text.count {
      skipSpaces()
      let byte = byte(at: position)
      if byte == 0x2D || byte == 0x2B {
        position += 1
        guard readSign(minus: byte == 0x2D) else { return false }
      } else if byte == 0xE2, self.byte(at: position + 1) == 0x88, self.byte(at: position + 2) == 0x92 {
        // U+2212, the typographer's minus.
        position += 3
        guard readSign(minus: true) else { return false }
      } else if let (mark, length) = CurrencyMark.read(text, at: position) {
        guard number.mark == .none else { return false }
        number.mark = mark
        position += length
      } else {
        return true
      }
    }
    return true
  }

  private mutating func readSign(minus: Bool) -> Bool {
    signs += 1
    if minus { number.negative = true }
    return signs == 1
  }

  private mutating func readDigits() -> Bool {
    let start = position
    var groupDigits = 0
    var grouped = false
    var digits = 0
    while position < text.count {
      let digit = text[position] &- 0x30
      if digit <= 9 {
        guard append(digit) else { return false }
        position += 1
        digits += 1
        groupDigits += 1
        continue
      }
      let separator = separatorLength(at: position)
      guard separator > 0, digits > 0 else { break }
      // Strictly: one to three digits, not led by 0, then groups of exactly three.
      guard grouped ? groupDigits == 3 : digits <= 3 && text[start] != 0x30 else {
        number.fault = .misplacedSeparator
        return false
      }
      position += separator
      grouped = true
      groupDigits = 0
    }
    if grouped, groupDigits != 3 {
      number.fault = .misplacedSeparator
      return false
    }
    if take(format.decimalMark) {
      let fraction = readFraction()
      guard fraction > 0 else { return false }
      digits += fraction
    }
    guard digits > 0 else {
      number.fault = isNotFinite ? .notFinite : .notANumber
      return false
    }
    return !stopsAtExponentOrSeparator()
  }

  /// The digits after the mark; zeros count only when another digit follows.
  private mutating func readFraction() -> Int {
    var digits = 0
    var zeros = 0
    while position < text.count {
      let digit = text[position] &- 0x30
      guard digit <= 9 else { break }
      position += 1
      digits += 1
      if digit == 0 {
        zeros += 1
        continue
      }
      for place in 0...zeros {
        guard append(place == zeros ? digit : 0) else {
          number.fault = .tooPrecise
          return 0
        }
      }
      number.fractionDigits += zeros + 1
      zeros = 0
    }
    return digits
  }

  private mutating func append(_ digit: UInt8) -> Bool {
    let tenfold = number.magnitude.multipliedReportingOverflow(by: 10)
    let sum = tenfold.partialValue.addingReportingOverflow(UInt64(digit))
    if tenfold.overflow || sum.overflow {
      number.fault = .tooLarge
      return false
    }
    number.magnitude = sum.partialValue
    return true
  }

  /// A declared thousands separator between two digits; a space may be any of the spaces, `'` also U+2019.
  private func separatorLength(at index: Int) -> Int {
    guard let thousands = format.thousands else { return 0 }
    var length = 0
    if thousands == 0x20 {
      length = spaceLength(at: index)
    } else if byte(at: index) == thousands {
      length = 1
    } else if thousands == 0x27, byte(at: index) == 0xE2, byte(at: index + 1) == 0x80,
      byte(at: index + 2) == 0x99
    {
      length = 3
    }
    // `1 200 EUR`: a space that no digit follows ends the number.
    if thousands == 0x20, length > 0, byte(at: index + length) &- 0x30 > 9 { return 0 }
    return length
  }

  private mutating func stopsAtExponentOrSeparator() -> Bool {
    let byte = byte(at: position)
    if byte | 0x20 == 0x65 {
      let next = self.byte(at: position + 1)
      if next == 0x2B || next == 0x2D || next &- 0x30 <= 9 {
        number.fault = .exponentNotation
        return true
      }
    }
    if byte == 0x2E || byte == 0x2C || byte == 0x27 {
      number.fault = .misplacedSeparator
      return true
    }
    return false
  }

  private var isNotFinite: Bool {
    let letters = text.map { $0 | 0x20 }.filter { $0 >= 0x61 && $0 <= 0x7A }
    return [Array("nan".utf8), Array("inf".utf8), Array("infinity".utf8)].contains(letters)
  }
}
