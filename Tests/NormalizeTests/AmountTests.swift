import Model
import Testing

@testable import Normalize

private let german = FileFormat(delimiter: ",", decimalMark: 0x2C, thousands: 0x2E)
private let english = FileFormat(thousands: 0x2C)
private let swiss = FileFormat(thousands: 0x27)
private let french = FileFormat(decimalMark: 0x2C, thousands: 0x20)

@Test func plainDecimalsAreExact() {
  #expect(money("0.1").value == 100_000)
  #expect(money("-19.99").value == -19_990_000)
  #expect(money("1234567.000001").value == 1_234_567_000_001)
  #expect(money("+5").value == 5_000_000)
  #expect(money(".5").value == 500_000)
  #expect(money(" 7 ").value == 7_000_000)
  #expect(money("-0.00").value == 0)
  #expect(money("007").value == 7_000_000)
}

@Test func theSeventhDecimalMustBeZero() {
  #expect(money("1.1234560000000000000000000").value == 1_123_456)
  #expect(money("1.1234567").fault == "too-precise")
  #expect(money("0.00000000000000000000000000001").fault == "too-precise")
}

@Test func theLargestAmountFitsAndTheNextDoesNot() {
  #expect(money("9223372036854.775807").value == Int64.max)
  #expect(money("-9223372036854.775807").value == -Int64.max)
  #expect(money("9223372036854.775808").fault == "too-large")
  #expect(money("99999999999999999999999").fault == "too-large")
}

@Test func thousandsSeparatorsStandInGroupsOfThree() {
  #expect(money("1,234.56", format: english).value == 1_234_560_000)
  #expect(money("12,345,678", format: english).value == 12_345_678_000_000)
  #expect(money("1234.5", format: english).value == 1_234_500_000)
  for text in ["12,34.5", "1,2345", "1234,567", ",123", "1,234,56", "0,123", "1,,234", "1,234.5,6", "1,"] {
    #expect(money(text, format: english).fault == "bad-number", "\(text)")
  }
}

@Test func separatorsThatAreNotDeclaredAreRefused() {
  #expect(money("1,234.56").fault == "bad-number")
  #expect(money("1.234,56").fault == "bad-number")
  #expect(money("1.234", format: FileFormat(decimalMark: 0x2C)).fault == "bad-number")
}

@Test func aDecimalCommaReadsAsDeclared() {
  #expect(money("1.234,56", format: german).value == 1_234_560_000)
  #expect(money("-1.234.567,8", format: german).value == -1_234_567_800_000)
  #expect(money("1,234.56", format: german).fault == "bad-number")
}

@Test func anApostropheOrASpaceSeparatesThousandsWhereDeclared() {
  #expect(money("1'234'567.80", format: swiss).value == 1_234_567_800_000)
  #expect(money("1’234.5", format: swiss).value == 1_234_500_000)
  for space in [" ", "\u{A0}", "\u{202F}"] {
    #expect(money("12\(space)345,6", format: french).value == 12_345_600_000)
  }
  #expect(money("12 345 EUR", currency: "EUR", format: french).value == 12_345_000_000)
  #expect(money("12 34", format: french).fault == "bad-number")
}

@Test func parenthesesAndMinusesOnEitherSideAreNegative() {
  for text in ["-5", "5-", "- 5", "(5)", "( 5 )", "\u{2212}5", "-$5", "$-5", "($5)", "$(5)", "5 USD-"] {
    let read = money(text)
    if text == "$(5)" {
      #expect(read.fault == "bad-number")
    } else {
      #expect(read.value == -5_000_000, "\(text)")
    }
  }
  for text in ["--5", "-5-", "(-5)", "(5", "5)", "-", "()"] {
    #expect(money(text).fault == "bad-number", "\(text)")
  }
}

@Test func currencySignsAndCodesStandBeforeOrAfter() {
  for text in ["$5.25", "5.25$", "5.25 $", "USD 5.25", "USD5.25", "5.25 usd", "5.25\u{A0}USD"] {
    #expect(money(text).value == 5_250_000, "\(text)")
  }
  #expect(money("€ 5", currency: "EUR").value == 5_000_000)
  #expect(money("£5", currency: "GBP").value == 5_000_000)
  #expect(money("¥500", currency: "JPY").value == 500_000_000)
  #expect(money("USD USD 5").fault == "bad-number")
  #expect(money("5 apples").fault == "bad-number")
}

@Test func anAmountInAnotherCurrencyThanItsRowIsQuarantined() {
  #expect(money("€5", currency: "USD").fault == "currency-conflict")
  #expect(money("EUR 5", currency: "USD").fault == "currency-conflict")
  #expect(money("$5", currency: "EUR").fault == "currency-conflict")
  #expect(money("$5", currency: "CAD").value == 5_000_000)
}

@Test func exponentsAndNonNumbersAreRefused() {
  for text in ["1e5", "1E+5", "1.5e-3", "NaN", "inf", "-Infinity", "0x10", "abc", "1.2.3", "5.", "1 2", "½"] {
    #expect(money(text).fault == "bad-number", "\(text)")
  }
}

@Test func minorUnitsFollowTheCurrencysExponent() {
  #expect(money("1999", currency: "USD", unit: .minor).value == 19_990_000)
  #expect(money("1999", currency: "JPY", unit: .minor).value == 1_999_000_000)
  #expect(money("1999", currency: "KWD", unit: .minor).value == 1_999_000)
  #expect(money("0.5", currency: "USD", unit: .minor).value == 5_000)
  #expect(money("0.00005", currency: "USD", unit: .minor).fault == "too-precise")
}

@Test func stripesMinorUnitsAreThoseOfItsAPI() {
  func stripe(_ text: String, _ currency: String) -> Int64? {
    money(text, currency: currency, unit: .minor, system: "stripe").value
  }
  for currency in ["USD", "JPY", "KWD"] {
    #expect(stripe("1990", currency) == money("1990", currency: currency, unit: .minor).value)
  }
  // Two decimals that are always 00.
  #expect(stripe("500000", "ISK") == 5_000_000_000)
  #expect(stripe("500000", "UGX") == 5_000_000_000)
  // None, though five iraimbilanja make an ariary.
  #expect(stripe("5000", "MGA") == 5_000_000_000)
  // A second account has another system's name, and the same API.
  let second = money(
    "500000", currency: "ISK", unit: .minor, system: "stripe_2", preset: "stripe_api_subscriptions")
  #expect(second.value == 5_000_000_000)
  // Elsewhere the currency's own minor unit counts, and amounts in major units are what they say.
  #expect(money("5000", currency: "ISK", unit: .minor).value == 5_000_000_000)
  #expect(money("5000", currency: "ISK", system: "stripe").value == 5_000_000_000)
}

@Test func minorUnitsWithoutAMappedCurrencyFailTheFile() {
  let fields: [String: FieldMapping] = [
    "id": .column("id"), "status": .constant("open"), "amount": .column("amount", unit: .minor),
  ]
  let result = read(source(.opportunity, fields), "id,amount\n1,500\n")
  #expect(result.findings.map(\.name) == ["minor-units-without-currency"])
  #expect(result.parts.isEmpty)
}

@Test func aCodeBesideTheAmountGivesTheCurrencyWhereNoneIsMapped() {
  let fields: [String: FieldMapping] = [
    "id": .column("id"), "status": .constant("open"), "amount": .column("amount"),
  ]
  let result = read(
    source(.opportunity, fields, format: english), "id,amount\n1,\"EUR 1,200.00\"\n2,300\n3,$5\n")
  #expect(result.values("currency") == ["EUR", nil, nil])
  #expect(result.values("amount") == ["1200000000", "300000000", "5000000"])
}

@Test func randomDecimalsReadWhatTheirDigitsSay() {
  let seed: UInt64 = 20_240_229
  var chance = Chance(seed)
  for _ in 0..<1_500 {
    let whole = String(chance.number(0...chance.number(0...9_000_000_000_000)))
    let fraction = String(
      (0..<chance.number(0...9)).map { _ in Character(String(chance.number(0...9) / chance.number(1...9))) })
    let isNegative = chance.number(0...2) == 0
    // The reference knows only text: six decimals, cut zeros, no arithmetic.
    let kept = fraction.reversed().drop { $0 == "0" }.reversed()
    let micro = whole + String(kept).padding(to: 6)
    let expected = kept.count > 6 ? nil : (isNegative ? "-" : "") + micro
    var text = whole
    let format = [FileFormat(), english, german, swiss, french][chance.number(0...4)]
    if let thousands = format.thousands { text = grouped(text, Character(UnicodeScalar(thousands))) }
    if !fraction.isEmpty { text += String(UnicodeScalar(format.decimalMark)) + fraction }
    if isNegative { text = ["-\(text)", "\(text)-", "(\(text))", "-USD \(text)"][chance.number(0...3)] }
    let result = money(text, format: format)
    if let expected {
      #expect(result.value.map(String.init) == canonical(expected), "seed \(seed): \(text)")
    } else {
      #expect(result.fault == "too-precise", "seed \(seed): \(text)")
    }
  }
}

private func canonical(_ digits: String) -> String {
  let isNegative = digits.hasPrefix("-")
  let significant = digits.drop { $0 == "-" || $0 == "0" }
  if significant.isEmpty { return "0" }
  return (isNegative ? "-" : "") + significant
}

private func grouped(_ digits: String, _ separator: Character) -> String {
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(separator) }
    text.append(digit)
  }
  return text
}

extension String {
  fileprivate func padding(to length: Int) -> String {
    self + String(repeating: "0", count: max(0, length - count))
  }
}

@Test func theAdviceForAFaultyNumberIsNothingThatIsDeclaredAlready() throws {
  func reason(_ text: String, _ format: FileFormat) throws -> String {
    let result = read(
      source(.recurringCharge, periodFields, format: format),
      periodHeader + "S1,C1,2024-01-01,,\"\(text)\",USD\n")
    return try #require(result.quarantined.first).reason
  }
  let exponent = try reason("1,5E+03", german)
  #expect(exponent.contains("in exponent notation"))
  #expect(exponent.hasSuffix("Export the column again with all its digits, or correct the row."))
  #expect(
    try reason("1.5E+03", FileFormat()).hasSuffix(
      "Export the column again with all its digits, or correct the row."))
  #expect(
    try reason("1,234.5", german).hasSuffix(
      "Correct `format: {decimal: \",\", thousands: \".\"}` if the file writes numbers otherwise, list the text under `missing`, or correct the row."
    ))
  #expect(
    try reason("1.234.5", swiss).contains("Correct `format: {decimal: \".\", thousands: \"'\"}` if the file"))
  #expect(try reason("1,5", FileFormat()).contains("Declare how the file writes numbers"))
}
