import Model
import Testing

@testable import Render

private let usd = Currency("USD")!

/// A company of bridge rows alone: MRR at the ends of the months up to February 2024, the last being the reported one's.
///
/// - Parameter unit: micro-units of a level of one.
private func company(
  _ levels: [Int64], segments: [String: [Int64]] = [:], unit: Int64 = 1_000_000
) -> ReportData {
  let last = Month(year: 2024, month: 2)
  func rows(_ levels: [Int64], _ key: SegmentKey) -> [BridgeRow] {
    levels.enumerated().map { number, level in
      let month = last - (levels.count - 1 - number)
      var amounts = BridgeAmounts()
      amounts.starting = (number == 0 ? 0 : levels[number - 1]) * unit
      amounts.ending = level * unit
      amounts.new = max(0, amounts.ending - amounts.starting)
      amounts.churn = min(0, amounts.ending - amounts.starting)
      return BridgeRow(
        period: Period(grain: .month, first: month, last: month, label: "\(month)"), segment: key,
        currency: usd, valuation: .asReported, amounts: amounts, counts: nil, state: .open)
    }
  }
  return ReportData(
    company: "Acme", month: last, currency: usd, zoneName: "UTC", policyName: "standard@1",
    policyOverrides: [], fiscalYearStart: 1, headlineNDR: "ndr_t12m", figures: [],
    bridge: rows(levels, .all)
      + segments.sorted { $0.key < $1.key }.flatMap { rows($0.value, SegmentKey("country", $0.key)) },
    cohorts: [], movements: [], customerNames: [:], ratesUsed: [], sources: [], metrics: SampleMetrics.all,
    provisionalMonths: [])
}

/// Net new MRR by month, nil where it is not known.
private func netNew(_ values: [Int64?], unit: Int64) -> ReportData {
  var data = company(Array(repeating: 10, count: values.count))
  data.figures = values.enumerated().compactMap { number, value in
    let month = data.month - (values.count - 1 - number)
    return value.map {
      Figure(
        period: Period(grain: .month, first: month, last: month, label: "\(month)"), metric: "mrr_net_new",
        segment: .all, currency: usd, valuation: .asReported, value: .money($0 * unit), grade: .exact,
        state: .open)
    }
  }
  return data
}

private func unusual(_ values: [Int64?], unit: Int64 = 1_000_000) -> String? {
  SummarySection.unusual(["mrr_net_new"], FigureIndex(netNew(values, unit: unit)))
}

@Test func theYearIsComparedWithItsStartAndItsMeanChange() {
  let levels: [Int64] = [100] + (1...11).map { 100 + $0 * 10 } + [190, 240]
  #expect(
    SummarySection.year(FigureIndex(company(levels)))
      == "MRR is USD 240, +USD 130 (+118.2 %) against a year before; net new MRR of +USD 50 in the month is above the mean of"
      + " the twelve months before, +USD 8.")
}

/// Beside a tile of net new MRR a change that contains exchange rates is a second figure for the same thing.
@Test func exchangeRatesAreNoNetNewMRRAndAreToldApart() throws {
  var data = company([100] + (1...11).map { 100 + $0 * 10 } + [190, 240])
  data.bridge[data.bridge.count - 1].amounts.new -= 20_000_000
  data.bridge[data.bridge.count - 1].amounts.fx = 20_000_000
  #expect(
    SummarySection.year(FigureIndex(data))
      == "MRR is USD 240, +USD 130 (+118.2 %) against a year before; net new MRR of +USD 30 in the month is above the mean of"
      + " the twelve months before, +USD 8. Besides, exchange rates changed MRR by +USD 20.")
}

@Test func aYearThatWentNowhereSaysSo() {
  #expect(
    SummarySection.year(FigureIndex(company(Array(repeating: 100, count: 14))))
      == "MRR is USD 100, as much as a year before; net new MRR of USD 0 in the month is equal to the mean of the twelve months"
      + " before, USD 0.")
}

@Test func aFirstMonthHasNoYearToCompareWith() {
  #expect(
    SummarySection.year(FigureIndex(company([100])))
      == "There is no whole year to compare with: the data begins in February 2024.")
  #expect(SummarySection.year(FigureIndex(company([]))) == nil)
}

@Test func whatStandsAboveOrBelowTheYearBeforeIsUnusual() {
  let year: [Int64?] = [5, 9, 7, 5, 9, 6, 7, 8, 6, 7, 8, 7]
  #expect(
    unusual(year + [12])
      == "Unusual: Net new MRR of USD 12 is higher than in any of the twelve months before (highest: USD 9 in Jun 2023),"
      + " which is better.")
  #expect(
    unusual(year + [4])
      == "Unusual: Net new MRR of USD 4 is lower than in any of the twelve months before (lowest: USD 5 in May 2023),"
      + " which is worse.")
}

@Test(arguments: [5, 7, 9] as [Int64])
func whatEqualsTheRangeOfTheYearIsNotUnusual(_ value: Int64) {
  #expect(
    unusual([5, 9, 7, 5, 9, 6, 7, 8, 6, 7, 8, 7, value])
      == "Nothing is unusual: the one figure looked at is within the range of its twelve months before.")
}

@Test func withoutTwelveKnownMonthsNothingIsJudged() {
  let reason = "Nothing can be called unusual: no figure has twelve months before it."
  #expect(unusual([1, 100]) == reason)
  #expect(unusual([5, 9, nil, 5, 9, 6, 7, 8, 6, 7, 8, 7, 100]) == reason)
  #expect(unusual([5, 9, 7, 5, 9, 6, 7, 8, 6, 7, 8, 7, nil]) == reason)
}

@Test func theSegmentThatChangedMostIsNamed() {
  let data = company([100, 110], segments: ["DE": [60, 75], "US": [40, 35]])
  #expect(
    SummarySection.segments(["country"], FigureIndex(data)) == "MRR changed most in country DE (+USD 15).")
}

@Test func aBandIsToldInWords() {
  func changed(_ segments: [String: [Int64]]) -> String? {
    SummarySection.segments(["country"], FigureIndex(company([100, 110], segments: segments)))
  }
  let low: [Int64] = [40, 35]
  #expect(
    changed(["<1000": low, "1000 to 10000": [60, 75]])
      == "MRR changed most in country 1,000 to under 10,000 (+USD 15).")
  #expect(
    changed(["1000 to 10000": low, ">=10000": [60, 75]])
      == "MRR changed most in country 10,000 or more (+USD 15).")
  #expect(changed(["<1": [60, 75], "1 to 5": low]) == "MRR changed most in country below 1 (+USD 15).")
  // The last number is in the band.
  #expect(changed(["0 to 999": low, "1000 to 4999": [60, 75]])?.contains(" 1,000 to 4,999 (") == true)
  #expect(changed(["0 to 999": low, "1000 or more": [60, 75]])?.contains(" 1,000 or more (") == true)
  #expect(changed(["<b": low, "5 to twelve": [60, 75]])?.contains(" 5 to twelve (") == true)
}

@Test func aLossCanBeTheLargestChangeAndEqualOnesGoByName() {
  let loss = company([100, 90], segments: ["DE": [60, 40], "US": [40, 50]])
  #expect(
    SummarySection.segments(["country"], FigureIndex(loss)) == "MRR changed most in country DE (-USD 20).")
  let equal = company([100, 100], segments: ["US": [50, 40], "DE": [50, 60]])
  #expect(
    SummarySection.segments(["country"], FigureIndex(equal)) == "MRR changed most in country DE (+USD 10)."
  )
}

@Test func oneSegmentOrNoChangeMakesNoSentence() {
  #expect(
    SummarySection.segments(["country"], FigureIndex(company([1, 2], segments: ["DE": [1, 2]]))) == nil)
  let still = company([2, 2], segments: ["DE": [1, 1], "US": [1, 1]])
  #expect(SummarySection.segments(["country"], FigureIndex(still)) == nil)
}

@Test func whatIsTheSameAsPrintedIsNeitherMoreNorLess() {
  // Levels in thousandths of a cent: a year that ends three of them higher.
  let levels: [Int64] = Array(repeating: 10_000_000, count: 12) + [10_000_000, 10_000_003]
  #expect(
    SummarySection.year(FigureIndex(company(levels, unit: 10)))
      == "MRR is USD 100, as much as a year before; net new MRR of USD 0 in the month is equal to the mean of the twelve months"
      + " before, USD 0.")
  let year: [Int64?] = [5000, 9000, 7000, 5000, 9000, 6000, 7000, 8000, 6000, 7000, 8000, 7000]
  for value: Int64 in [9400, 4600] {
    #expect(unusual(year + [value], unit: 1000)?.hasPrefix("Nothing is unusual") == true)
  }
  #expect(unusual(year + [9600], unit: 1000)?.hasPrefix("Unusual: Net new MRR of USD 10 ") == true)
  let moved = company([200, 200], segments: ["DE": [100, 103], "US": [100, 97]], unit: 1000)
  #expect(SummarySection.segments(["country"], FigureIndex(moved)) == nil)
  #expect(
    Driver(FigureIndex(company([100, 103], unit: 1000))).sentence == "MRR did not move in February 2024.")
}

@Test func aProvisionalMonthSaysWhoIsLate() {
  var data = company([100])
  #expect(SummarySection.provisional(data) == nil)
  data.provisionalMonths = [data.month]
  #expect(
    SummarySection.provisional(data)
      == "February 2024 is provisional: some data of the month is still to come.")
  data.sources = [
    .init(name: "crm", dataThrough: Moment(day: data.month.lastDay), rows: 1, quarantined: 0),
    .init(name: "billing", dataThrough: Moment(day: data.month.lastDay - 9), rows: 1, quarantined: 0),
  ]
  #expect(SummarySection.provisional(data) == "February 2024 is provisional: billing reaches to 2024-02-20.")
}

@Test func theMovementThatDroveTheChangeIsNamedWithItsCustomers() {
  let index = FigureIndex(SampleCompany.small.reportData(dimensions: []))
  #expect(Driver(index).sentence.hasPrefix("New customers moved MRR most in February 2024: +USD 1,250,"))
  #expect(Driver(FigureIndex(company([]))).sentence == "There is no MRR bridge of February 2024.")
  #expect(Driver(FigureIndex(company([5, 5]))).sentence == "MRR did not move in February 2024.")
}

@Test func retentionIsASentenceAboutCustomers() throws {
  var data = company(Array(repeating: 10, count: 13))
  func add(_ metric: String, _ share: Int64, _ month: Month) {
    data.figures.append(
      Figure(
        period: Period(grain: .month, first: month, last: month, label: "\(month)"), metric: metric,
        segment: .all, currency: usd, valuation: .constant,
        value: .ratio(numerator: share, denominator: 1000), grade: .exact, state: .open))
  }
  #expect(
    RetentionSection.sentence(FigureIndex(data)).hasPrefix(
      "What customers kept of their MRR cannot be told for February 2024: "))
  add("ndr_t12m", 1054, data.month)
  #expect(
    RetentionSection.sentence(FigureIndex(data))
      == "NDR, 12 months of February 2024 is 105.4 %, and GDR, 12 months is n/a.")
  add("gdr_t12m", 882, data.month)
  add("ndr_t12m", 1050, data.month - 12)
  #expect(
    RetentionSection.sentence(FigureIndex(data))
      == "Over the twelve months to February 2024, customers kept 88.2 % of their MRR (GDR); with what they expanded it is 105.4 %"
      + " (NDR, 105.0 % a year before).")
}
