import Glibc
import Model
import Testing

@testable import Project

private func changes(_ rule: String, in year: Int) throws -> [String] {
  try #require(TimeZoneRule(rule)).transitions(in: year).map { "\(Moment(instant: $0.at)) \($0.offset)" }
}

@Test func aRuleByWeekdaysChangesOnThem() throws {
  #expect(
    try changes("EST5EDT,M3.2.0,M11.1.0", in: 2031) == [
      "2031-03-09T07:00:00Z -14400", "2031-11-02T06:00:00Z -18000",
    ])
  #expect(
    try changes("CET-1CEST,M3.5.0,M10.5.0/3", in: 2031) == [
      "2031-03-30T01:00:00Z 7200", "2031-10-26T01:00:00Z 3600",
    ])
}

@Test func aRuleOfTheSouthChangesInTheOtherOrder() throws {
  #expect(
    try changes("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", in: 2031) == [
      "2031-04-05T15:00:00Z 37800", "2031-10-04T15:30:00Z 39600",
    ])
}

@Test func winterTimeCanBeTheException() throws {
  #expect(
    try changes("IST-1GMT0,M10.5.0,M3.5.0/1", in: 2031) == [
      "2031-03-30T01:00:00Z 3600", "2031-10-26T01:00:00Z 0",
    ])
}

@Test func aRuleByDaysOfTheYearCountsLeapDaysAsItsKindSays() throws {
  let (withoutLeap, withLeap) = ("2032-03-01T03:00:00Z -7200", "2032-10-27T01:00:00Z -10800")
  #expect(try changes("XXX3YYY,J60/0,300/-1", in: 2032) == [withoutLeap, withLeap])
  #expect(try changes("XXX3YYY,J60/0,300/-1", in: 2031).first == "2031-03-01T03:00:00Z -7200")
}

@Test func aRuleWithoutSummerTimeNeverChanges() throws {
  #expect(try changes("<+0545>-5:45", in: 2031) == [])
  #expect(try #require(TimeZoneRule("<+0545>-5:45")).standard == 20_700)
}

@Test(arguments: ["", "EST", "5EDT", "EST5EDT,M13.1.0,M11.1.0", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M11.1.0,"])
func aRuleThatIsNoneIsRefused(rule: String) { #expect(TimeZoneRule(rule) == nil) }

@Test func aDamagedTimeZoneFileIsRefusedWhereverItIsCut() throws {
  let whole = try #require(bytes(ofFile: "/usr/share/zoneinfo/Europe/Berlin"))
  let footer = try #require(whole.dropLast().lastIndex(of: 0x0A))
  for length in stride(from: 0, to: footer, by: 7) {
    #expect(reportingZone(named: "x", timeZoneFile: Array(whole[..<length])) == nil)
  }
  #expect(reportingZone(named: "x", timeZoneFile: whole) != nil)
}
