import Model
import Testing

@testable import Extract

/// Times as APIs write them.
struct InstantFormatTests {
  private static let formats: [FieldMapping.DateFormat] = [
    .iso, .epochSeconds, .epochMilliseconds, .pattern("YYYY-MM-DDThh:mm:ssZ"), .pattern("DD.MM.YY hh:mm"),
    .pattern("MMMM D, YYYY hh:mm:ss"), .pattern("M/D/YYYY"), .pattern("YYYYMMDDhhmmss"), .pattern("YYYY-MM"),
  ]

  @Test(arguments: formats)
  func whatIsWrittenIsReadBackAndNeverLater(format: FieldMapping.DateFormat) throws {
    let format = try #require(InstantFormat(format))
    let seed: UInt64 = 20_240_229
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let seconds = Int64.random(in: 0..<3_124_224_000, using: &random)
      let text = format.write(seconds)
      let read = try #require(format.read(text), "\(text), seed \(seed)")
      #expect(read.seconds <= seconds && read.seconds > seconds - format.unit, "\(text), seed \(seed)")
    }
  }

  @Test(arguments: [
    ("2024-02-29", 1_709_164_800, 0), ("2024-02-29T00:00:00Z", 1_709_164_800, 0),
    ("2024-02-29T01:30:00.5+01:30", 1_709_164_800, 500_000_000),
    ("2024-02-28 19:00:00.123456789-0500", 1_709_164_800, 123_456_789),
    ("2024-02-29T02:00+02", 1_709_164_800, 0), ("2024-02-29T00:00:00", 1_709_164_800, 0),
  ])
  func isoIsReadInAllItsForms(text: String, seconds: Int64, nanoseconds: Int32) {
    #expect(InstantFormat(.iso)?.read(text) == Instant(seconds: seconds, nanoseconds: nanoseconds))
  }

  @Test func fractionsOfEpochsOrderVersions() throws {
    let format = try #require(InstantFormat(.epochMilliseconds))
    #expect(format.read("1700000000123") == Instant(seconds: 1_700_000_000, nanoseconds: 123_000_000))
    #expect(format.read("-1") == Instant(seconds: -1, nanoseconds: 999_000_000))
    let seconds = try #require(InstantFormat(.epochSeconds))
    #expect(seconds.read("1700000000.25") == Instant(seconds: 1_700_000_000, nanoseconds: 250_000_000))
  }

  @Test(arguments: [
    "", "x", "2024-02-30", "2024-13-01", "2024-02-29T24:00:00Z", "2024-02-29T00:00:00ZZ", "2024-02-29T00",
    "2024-02-29T00:00:00+25:00", "2024-02-29T00:00:00.",
  ])
  func whatIsNoTimeIsNotRead(text: String) {
    #expect(InstantFormat(.iso)?.read(text) == nil)
  }

  @Test func aPatternNeedsYearAndMonth() {
    #expect(InstantFormat(.pattern("hh:mm")) == nil && InstantFormat(.pattern("YYYY")) == nil)
  }

  @Test func linksAreReadAsTheirStandardSays() {
    let header = #"<https://a/x?p=1,2>; rel="prev"; title="a, b; rel=next", </y?p=2>; rel="last next""#
    #expect(WebTarget.next(inLink: header) == "/y?p=2")
    #expect(WebTarget.next(inLink: "<https://a/x>; rel=next") == "https://a/x")
    #expect(WebTarget.next(inLink: "<https://a/x>; rel=\"nextish\"") == nil)
    #expect(WebTarget.resolved("?p=2", from: "https://a/b/c?x=1") == "https://a/b/c?p=2")
    #expect(WebTarget.resolved("/y", from: "https://a/b/c?x=1") == "https://a/y")
  }
}
