import Model
import Project
import Testing

private func day(_ zone: String, _ instant: String) throws -> String {
  let zone = try #require(reportingZone(named: zone))
  return zone.day(of: try #require(Moment(iso: instant))).description
}

@Test(arguments: [
  ("America/New_York", "2024-02-01T04:59:59Z", "2024-01-31"),
  ("America/New_York", "2024-02-01T05:00:00Z", "2024-02-01"),
  ("America/New_York", "2024-07-01T03:59:59Z", "2024-06-30"),
  ("America/New_York", "2024-07-01T04:00:00Z", "2024-07-01"),
  ("Europe/Berlin", "2024-03-30T23:00:00Z", "2024-03-31"),
  ("Europe/Berlin", "2024-03-31T21:59:59Z", "2024-03-31"),
  ("Europe/Berlin", "2024-03-31T22:00:00Z", "2024-04-01"),
  ("Asia/Kathmandu", "2024-01-31T18:14:59Z", "2024-01-31"),
  ("Asia/Kathmandu", "2024-01-31T18:15:00Z", "2024-02-01"),
])
func anInstantBelongsToTheZonesDay(zone: String, instant: String, expected: String) throws {
  #expect(try day(zone, instant) == expected)
}

@Test func beforeItsFirstSummerTimeAZoneIsOnStandardTime() throws {
  #expect(try day("Europe/Berlin", "1916-04-30T22:30:00Z") == "1916-05-01")
}

@Test func aDayThatAZoneSkippedHoldsNoInstant() throws {
  #expect(try day("Pacific/Apia", "2011-12-30T09:59:59Z") == "2011-12-29")
  #expect(try day("Pacific/Apia", "2011-12-30T10:00:00Z") == "2011-12-31")
}

@Test(arguments: [
  ("America/New_York", "2086-07-01T03:59:59Z", "2086-06-30"),
  ("America/New_York", "2086-12-01T04:59:59Z", "2086-11-30"),
  ("Europe/Berlin", "2075-10-27T22:59:59Z", "2075-10-27"),
  ("Europe/Berlin", "2075-10-27T23:00:00Z", "2075-10-28"),
])
func summerTimeGoesOnBehindTheLastRecordedTransition(zone: String, instant: String, expected: String) throws {
  #expect(try day(zone, instant) == expected)
}

/// Every 9.5 hours from 1970 to 2099 against Python's `zoneinfo`: the sum of (day + 1) x (ordinal mod 1009 + 1).
@Test(arguments: [
  ("UTC", 1_439_549_904_247), ("America/New_York", 1_439_538_872_440), ("Europe/Berlin", 1_439_553_766_770),
  ("Australia/Lord_Howe", 1_439_576_848_519), ("America/St_Johns", 1_439_542_653_325),
  ("Asia/Kathmandu", 1_439_563_777_428), ("Pacific/Apia", 1_439_563_339_760),
  ("Europe/Dublin", 1_439_551_395_851), ("Pacific/Kiritimati", 1_439_573_423_937),
])
func everyDayOfAZoneIsThatOfAnotherImplementation(name: String, expected: Int) throws {
  let zone = try #require(reportingZone(named: name))
  let sum = (0..<119_950).reduce(0) { sum, ordinal in
    let day = zone.day(ofInstant: Int64(ordinal) * 34_200)
    return sum + (Int(day.number) + 1) * (ordinal % 1009 + 1)
  }
  #expect(sum == expected)
}

@Test(arguments: ["Europe/Berlim", "", "../../etc/passwd", "/etc/passwd", "europe/berlin"])
func aNameThatIsNoZoneIsRefused(name: String) {
  #expect(reportingZone(named: name) == nil)
}
