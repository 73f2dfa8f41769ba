import Model
import Testing

@testable import Normalize

/// Reads one text as a date column.
private func moment(
  _ text: String, _ date: FieldMapping.DateFormat = .iso, bound: FieldMapping.Bound? = nil
) -> String? {
  let fields: [String: FieldMapping] = [
    "id": .constant("1"), "customer": .constant("1"), "ended": .column("ended", date: date, bound: bound),
  ]
  let result = read(source(.subscription, fields), "ended,other\n\"\(text)\",\n")
  return result.values("ended").first ?? result.quarantined.first?.name
}

@Test func aPlainDateStaysADay() {
  #expect(moment("2024-02-29") == "2024-02-29")
  #expect(moment("29.02.2024", .pattern("DD.MM.YYYY")) == "2024-02-29")
  #expect(moment("2/9/2024", .pattern("M/D/YYYY")) == "2024-02-09")
  #expect(moment("02/09/2024", .pattern("M/D/YYYY")) == "2024-02-09")
  #expect(moment("Feb 9, 2024", .pattern("MMM D, YYYY")) == "2024-02-09")
  #expect(moment("9 september 2024", .pattern("D MMM YYYY")) == "2024-09-09")
  #expect(moment("09-Feb-24", .pattern("DD-MMM-YY")) == "2024-02-09")
  #expect(moment("20240209", .pattern("YYYYMMDD")) == "2024-02-09")
}

@Test func aPatternWithoutADayMeansTheMonthsFirst() {
  #expect(moment("2024-02", .pattern("YYYY-MM")) == "2024-02-01")
  #expect(moment("Feb 2024", .pattern("MMM YYYY"), bound: .inclusive) == "2024-03-01")
}

@Test func aDateWithATimeIsAnInstantInUTC() {
  #expect(moment("2024-02-29T23:30:00Z") == "2024-02-29T23:30:00Z")
  #expect(moment("2024-02-29T23:30:00+02:00") == "2024-02-29T21:30:00Z")
  #expect(moment("2024-02-29 23:30:00") == "2024-02-29T23:30:00Z")
  #expect(moment("2024-02-29T23:30:00.123-0130") == "2024-03-01T01:00:00Z")
  #expect(moment("29.02.2024 23:30", .pattern("DD.MM.YYYY hh:mm")) == "2024-02-29T23:30:00Z")
  #expect(moment("2024-02-29T23:30:15+02:00", .pattern("YYYY-MM-DDThh:mm:ssZ")) == "2024-02-29T21:30:15Z")
}

@Test func epochsAreInstants() {
  #expect(moment("1709249400", .epochSeconds) == "2024-02-29T23:30:00Z")
  #expect(moment("1709249400.0", .epochSeconds) == "2024-02-29T23:30:00Z")
  #expect(moment("1709249400999", .epochMilliseconds) == "2024-02-29T23:30:00Z")
  #expect(moment("-1", .epochSeconds) == "1969-12-31T23:59:59Z")
  #expect(moment("-1", .epochMilliseconds) == "1969-12-31T23:59:59Z")
  #expect(moment("0", .epochSeconds) == "1970-01-01T00:00:00Z")
}

@Test func millisecondsReadAsSecondsAreOutOfRange() {
  #expect(moment("1709249400999", .epochSeconds) == "date-out-of-range")
}

@Test func daysThatDoNotExistAreQuarantined() {
  #expect(moment("2023-02-29") == "impossible-date")
  #expect(moment("30.02.2024", .pattern("DD.MM.YYYY")) == "impossible-date")
  #expect(moment("2024-13-01") == "impossible-date")
  #expect(moment("0000-01-01") == "impossible-date")
  #expect(moment("2024-02-29T24:00:00Z") == "impossible-date")
  #expect(moment("2024-02-29T12:60:00Z") == "impossible-date")
}

@Test func theOrderOfDayAndMonthIsNeverGuessed() {
  #expect(moment("13/01/2024", .pattern("M/D/YYYY")) == "impossible-date")
  #expect(moment("01/13/2024", .pattern("D/M/YYYY")) == "impossible-date")
}

@Test func textsInAnotherFormAreQuarantined() {
  for text in ["2024-2-9", "2024/02/09", "09.02.2024", "yesterday", "2024-02-09T", "2024-02-09x", "20240209"]
  {
    #expect(moment(text) == "bad-date", "\(text)")
  }
  for text in ["2024-02-09T00:00:00Z", "24-02-09", "2024-02-9"] {
    #expect(moment(text, .pattern("YYYY-MM-DD")) == "bad-date", "\(text)")
  }
  for text in ["1.2.2024", "01.02.2024 ", "01.02.2024x", "01.02.24"] {
    let isPadded = text.hasSuffix(" ")
    #expect(moment(text, .pattern("DD.MM.YYYY")) == (isPadded ? "2024-02-01" : "bad-date"), "\(text)")
  }
  #expect(moment("abc", .epochSeconds) == "bad-date")
}

@Test func anInclusiveEndBecomesTheNextMoment() {
  #expect(moment("2024-12-31", bound: .inclusive) == "2025-01-01")
  #expect(moment("2024-12-31", bound: .exclusive) == "2024-12-31")
  #expect(moment("2024-02-29T23:59:59Z", bound: .inclusive) == "2024-03-01T00:00:00Z")
  #expect(moment("9999-12-31", bound: .inclusive) == "date-out-of-range")
}

@Test func aPatternThatIsNoneFailsTheFile() {
  for pattern in ["DD.MM", "YYYY-DDD", "YYYY-MM-DD MM", "MD/YYYY", "YYYY", "hh:mm", "YYYY-MM hh:mm"] {
    let fields: [String: FieldMapping] = [
      "id": .column("id"), "customer": .constant("1"), "started": .column("id", date: .pattern(pattern)),
    ]
    #expect(
      read(source(.subscription, fields), "id,x\n1,\n").findings.map(\.name) == ["bad-date-pattern"],
      "\(pattern)")
  }
}

@Test func randomDatesReadBackInEveryPattern() {
  let seed: UInt64 = 20_240_229
  var chance = Chance(seed)
  let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  for _ in 0..<200 {
    let day = Day(number: Int32(chance.number(-200_000...400_000)))
    let (year, month, dayOfMonth) = day.civil
    let (hour, minute, second) = (chance.number(0...23), chance.number(0...59), chance.number(0...59))
    let fullYear = String(repeating: "0", count: 4 - "\(year)".count) + "\(year)"
    let time = "\(two(hour)):\(two(minute)):\(two(second))"
    let written: [(String, String)] = [
      ("YYYY-MM-DD", "\(fullYear)-\(two(month))-\(two(dayOfMonth))"),
      ("DD.MM.YYYY", "\(two(dayOfMonth)).\(two(month)).\(fullYear)"),
      ("M/D/YYYY", "\(month)/\(dayOfMonth)/\(fullYear)"),
      ("D/M/YYYY", "\(dayOfMonth)/\(month)/\(fullYear)"),
      ("MMM D, YYYY", "\(months[month - 1]) \(dayOfMonth), \(fullYear)"),
      ("YYYYMMDD", "\(fullYear)\(two(month))\(two(dayOfMonth))"),
    ]
    for (pattern, text) in written {
      #expect(moment(text, .pattern(pattern)) == day.description, "seed \(seed): \(text) as \(pattern)")
    }
    #expect(moment(written[0].1) == day.description, "seed \(seed)")
    let offset = chance.number(-12...14)
    let zone = (offset < 0 ? "-" : "+") + two(abs(offset)) + ":00"
    let seconds = Int64(day.number) * 86_400 + Int64((hour - offset) * 3600 + minute * 60 + second)
    let instant = Moment(instant: seconds).description
    #expect(moment("\(written[0].1)T\(time)\(zone)") == instant, "seed \(seed)")
    #expect(
      moment("\(written[1].1) \(time)\(zone)", .pattern("DD.MM.YYYY hh:mm:ssZ")) == instant, "seed \(seed)")
    #expect(moment("\(seconds)", .epochSeconds) == instant, "seed \(seed)")
    #expect(moment("\(seconds * 1000 + 999)", .epochMilliseconds) == instant, "seed \(seed)")
  }
}

@Test func twoDigitsOfAYearAreOf1969To2068() {
  #expect(moment("05.03.98", .pattern("DD.MM.YY")) == "1998-03-05")
  #expect(moment("01.01.69", .pattern("DD.MM.YY")) == "1969-01-01")
  #expect(moment("31.12.68", .pattern("DD.MM.YY")) == "2068-12-31")
  #expect(moment("01.01.00", .pattern("DD.MM.YY")) == "2000-01-01")
  #expect(moment("31.12.99", .pattern("DD.MM.YY"), bound: .inclusive) == "2000-01-01")
  #expect(moment("31.12.1968", .pattern("DD.MM.YYYY")) == "1968-12-31")
  #expect(moment("05.03.2098", .pattern("DD.MM.YYYY")) == "2098-03-05")
}
