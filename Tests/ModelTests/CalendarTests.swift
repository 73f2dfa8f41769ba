import Model
import Testing

@Suite struct CalendarTests {
  @Test func everyDayOfFourCenturiesReadsBackFromItsText() throws {
    let first = try #require(Day(year: 1800, month: 1, day: 1))
    var expected = (year: 1800, month: 1, day: 1)
    for offset in 0..<146_097 {
      let day = first + offset
      let civil = day.civil
      #expect(civil == expected)
      if offset % 37 == 0 { #expect(Day(iso: day.description) == day) }
      // An independent calendar: count up by the rules of the Gregorian calendar.
      let isLeap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      expected.day += 1
      if expected.day > lengths[expected.month - 1] { expected = (expected.year, expected.month + 1, 1) }
      if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
    }
  }

  /// The dates of far days are those of days 400 years nearer, which are 146,097 fewer.
  @Test func daysOfAnyNumberHaveTheDatesOfTheirPlaceInTheFourCenturies() {
    let edges = [
      Int32.min, -12_000_001, -12_000_000, -11_999_999, 499_999_999, 500_000_000, 500_000_001, .max,
    ]
    for number in edges + (0..<2_000).map({ Int32(Int(Int32.min) + $0 * 2_147_483) }) {
      let eras = Int((Double(number) / 146_097).rounded(.down))
      let near = Day(number: Int32(Int(number) - eras * 146_097)).civil
      #expect(Day(number: number).civil == (near.year + eras * 400, near.month, near.day), "day \(number)")
    }
  }

  @Test(arguments: [
    "2023-02-29", "2024-13-01", "2024-00-10", "2024-1-01", "2024-01-32", "24-01-01", "2024-01-01x",
  ])
  func aDateThatDoesNotExistIsRefused(_ text: String) {
    #expect(Day(iso: text) == nil)
  }

  @Test func aMonthEndsWhereTheNextBegins() throws {
    let month = try #require(Month(iso: "2023-12"))
    #expect(month.end.description == "2024-01-01")
    #expect(month.length == 31)
    #expect((month + 2).length == 29)
  }

  @Test(arguments: ["2024-02-29", "2024-02-29T23:30:00Z", "1969-12-31T23:59:59Z", "1900-01-01"])
  func aMomentReadsBackFromItsText(_ text: String) throws {
    #expect(try #require(Moment(iso: text)).description == text)
  }

  @Test func theZoneDecidesTheDayOfAnInstantButNotOfADate() throws {
    // Berlin leaves summer time on 2024-10-27 at 01:00 UTC.
    let zone = ReportingZone(name: "Europe/Berlin", firstOffset: 7200, transitions: [(1_729_990_800, 3600)])
    func day(_ text: String) throws -> String { zone.day(of: try #require(Moment(iso: text))).description }
    #expect(try day("2024-10-26T22:30:00Z") == "2024-10-27")
    #expect(try day("2024-10-27T22:30:00Z") == "2024-10-27")
    #expect(try day("2024-10-27T23:30:00Z") == "2024-10-28")
    #expect(try day("2024-10-27") == "2024-10-27")
  }
}
