import Model

/// The style in which the report at hand is written; whoever makes one sets it around all of it.
enum WrittenStyle {
  @TaskLocal static var current = WritingStyle.english

  /// A number with a point and commas, with the marks of the style.
  static func marked(_ text: String) -> String {
    let style = current
    guard style.decimalMark != "." || style.groupMark != "," else { return text }
    var result = ""
    for character in text {
      switch character {
      case ".": result += style.decimalMark
      case ",": result += style.groupMark
      default: result.append(character)
      }
    }
    return result
  }

  /// A number with its currency, the sign before both: `-USD 1,234.50`, `-1.234,50 USD`.
  static func coded(_ text: String, _ currency: Currency) -> String {
    if current.hasCurrencyBehind { return bracketed("\(text) \(currency.code)") }
    guard let sign = text.first, sign == "-" || sign == "+" else { return "\(currency.code) \(text)" }
    return bracketed("\(sign)\(currency.code) \(text.dropFirst())")
  }

  /// An amount as the style shows one below zero: `(1,234.50)`.
  static func bracketed(_ amount: String) -> String {
    guard current.negative == .parentheses, amount.hasPrefix("-") else { return amount }
    return "(\(amount.dropFirst()))"
  }
}
