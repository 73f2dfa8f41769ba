import Model
import Testing

@testable import Render

private let usd = Currency("USD")!

@Test(arguments: [
  (1_234_565_000, "1,234.56"), (1_234_575_000, "1,234.58"), (1_234_565_001, "1,234.57"), (-4_999, "0.00"),
  (-5_001, "-0.01"), (5_000, "0.00"), (999_995_000, "1,000.00"), (0, "0.00"),
  (Int64.max, "9,223,372,036,854.78"), (Int64.min, "-9,223,372,036,854.78"),
]) func moneyIsRoundedHalfToEvenToTheMinorUnit(micros: Int64, text: String) {
  #expect(moneyText(micros, usd) == text)
}

@Test func moneyHasTheDecimalsOfItsCurrency() {
  #expect(moneyText(1_234_500_000, Currency("JPY")!) == "1,234")
  #expect(moneyText(1_235_500_000, Currency("JPY")!) == "1,236")
  #expect(moneyText(1_234_567_800, Currency("KWD")!) == "1,234.568")
  #expect(codedMoneyText(-1_500_000, usd) == "-USD 1.50")
  #expect(codedMoneyText(1_500_000, usd, signed: true) == "+USD 1.50")
  #expect(briefMoneyText(-25_563_700_000, usd) == "-USD 25,564")
  #expect(briefMoneyText(300_000, usd, signed: true) == "+USD 0.30" && briefMoneyText(0, usd) == "USD 0")
}

@Test(arguments: [
  (0, "0"), (949_500_000, "950"), (999_400_000, "999"), (999_500_000, "1.00 k"), (1_234_000_000, "1.23 k"),
  (9_995_000_000, "10.0 k"), (83_149_000_000, "83.1 k"), (1_235_000_000_000, "1.24 M"),
  (999_500_000_000, "1.00 M"), (-1_240_000_000_000, "-1.24 M"), (2_500_000_000_000_000, "2.50 bn"),
]) func headlinesHaveThreeLeadingDigits(micros: Int64, text: String) {
  #expect(abbreviatedMoneyText(micros) == text)
}

@Test func ratiosAreExactToTheLastDigitShown() {
  let metric = Metric(
    id: "ndr_t12m", title: "NDR", group: .retention, unit: .ratio, formula: "", definition: "", needs: [],
    good: .up)
  // 0.9125 is no binary fraction's neighbour by luck: the tie goes to the even digit.
  let tie = Quantity(.ratio(numerator: 91_25, denominator: 100_00), metric)
  #expect(tie?.text(usd) == "91.2 %")
  #expect(Quantity(.ratio(numerator: 91_35, denominator: 100_00), metric)?.text(usd) == "91.4 %")
  #expect(Quantity(.ratio(numerator: Int64.max, denominator: Int64.max), metric)?.text(usd) == "100.0 %")
  #expect(Quantity(.ratio(numerator: 1, denominator: 0), metric) == nil)
}

@Test func exactDecimalsKeepEveryDigit() {
  #expect(exactDecimalText(1_234_567_891, scale: 6, leastDigits: 2) == "1234.567891")
  #expect(exactDecimalText(-1_500_000, scale: 6, leastDigits: 2) == "-1.50")
  #expect(exactDecimalText(3_000_000, scale: 6) == "3")
}
