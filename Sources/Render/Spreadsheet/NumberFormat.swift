import Model

/// How a spreadsheet shows a number: codes that mean the same in every language of the program.
enum NumberFormat {
  static let month = "mmm yyyy"
  static let day = "yyyy-mm-dd"

  /// - Parameters:
  ///   - shown: the text of the cell in other formats: whether it has a sign, or is a difference of percentages.
  ///   - isNegative: whether the number is below zero, also where it is not as shown.
  static func code(_ unit: Quantity.Unit, decimals: Int, shown: String, isNegative: Bool = false) -> String {
    let places = decimals > 0 ? "." + String(repeating: "0", count: decimals) : ""
    let number: (code: String, unit: String) =
      switch unit {
      case .money, .count: ("#,##0" + places, "")
      case .percent: ("0\(places)%", shown.hasSuffix(" pp") ? "\" points\"" : "")
      case .multiple: ("0" + places, "")
      case .months: ("0" + places, "\" months\"")
      case .days: ("0" + places, "\" days\"")
      }
    let code = number.code + number.unit
    // Programs write a minus before what they round to zero.
    if isNegative, isPrintedZero(shown) { return "\(code);\(code)" }
    let isBracketed = unit == .money && WrittenStyle.current.negative == .parentheses
    let below = isBracketed ? "(\(code))" : "-\(code)"
    if shown.hasPrefix("+") { return "+\(code);\(below);\(code)" }
    return isBracketed ? "\(code);\(below)" : code
  }

  /// The number of a day in a spreadsheet's calendar; nil before 1 March 1900, where programs disagree.
  static func serial(_ day: Day) -> Double? {
    let serial = Int(day.number) + 25_569
    return serial > 60 ? Double(serial) : nil
  }
}
