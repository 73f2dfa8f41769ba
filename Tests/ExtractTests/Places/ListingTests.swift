import Model
import Testing

@testable import Extract

@Suite struct ListingTests {
  @Test func aPageOfABucketIsRead() throws {
    let page = try #require(
      S3Page(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><KeyCount>2</KeyCount>
        <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
        <Contents><Key>a+b%2Bc/%C3%A4.csv</Key><ETag>&quot;abc&quot;</ETag><Size>12</Size></Contents>
        <Contents><Key>x&amp;y</Key></Contents>
        <NextContinuationToken>1&amp;2=</NextContinuationToken></ListBucketResult>
        """))
    #expect(
      page.objects == [
        .init(key: "a b+c/ä.csv", etag: "\"abc\"", size: 12), .init(key: "x&y", etag: nil, size: nil),
      ])
    #expect(page.next == "1&2=")
  }

  @Test(arguments: [
    "", "<html>hello</html>", "<ListBucketResult><Contents><Key>a</Key></Contents>",
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
    "<ListBucketResult><KeyCount>2</KeyCount><Contents><Key>a</Key></Contents></ListBucketResult>",
    "<ListBucketResult><KeyCount>1</KeyCount><Contents><Size>1</Size></Contents></ListBucketResult>",
  ])
  func whatIsNoWholePageIsNone(xml: String) { #expect(S3Page(xml) == nil) }

  @Test(arguments: [
    ("exports/*.csv", "exports/a.csv", true), ("exports/*.csv", "exports/b/a.csv", false),
    ("exports/**/*.csv", "exports/a.csv", true), ("exports/**/*.csv", "exports/b/c/a.csv", true),
    ("exports/**", "exports/b/c", true), ("exports/**", "exports", false), ("**/*.csv", "a.csv", true),
    ("exp*/[ab].csv", "exports/b.csv", true), ("exp*/[ab].csv", "exports/c.csv", false),
    ("*.csv", ".hidden.csv", false), ("a?c", "abc", true), ("prefix*", "prefix_1", true),
    ("prefix*", "prefix/1", false),
  ])
  func aPatternMatchesAsLocalOnesDo(pattern: String, path: String, expected: Bool) {
    #expect(PathPattern(pattern).matches(path) == expected)
    #expect(!PathPattern(pattern).isLiteral)
  }

  @Test func theListedPrefixEndsAtTheFirstWildcard() {
    #expect(PathPattern("exports/2024-[01]*.csv").prefix == "exports/2024-")
    #expect(PathPattern("exports/a.csv").isLiteral)
  }

  @Test func aManifestReadsBackAsItWasWritten() throws {
    let manifest = LandingManifest(
      source: "billing", written: Moment(instant: 1_700_000_000),
      patterns: ["s3://b/*.csv", "https://h/x?a=b"],
      files: [
        .init(
          url: "s3://b/tab\there%and\nline", digest: "ab12", bytes: 7,
          fetched: Moment(instant: 1_600_000_000),
          etag: "\"x\"", lastModified: nil, contentType: "text/csv; charset=utf-8")
      ])
    #expect(LandingManifest(text: manifest.text) == manifest)
    #expect(LandingManifest(text: String(manifest.text.dropLast(4))) == nil)
  }

  @Test(arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun, 31 Feb 2024 08:49:37 GMT", nil), ("soon", nil),
  ])
  func aDateOfTheWebIsRead(text: String, expected: Int64?) { #expect(httpDate(text) == expected) }

  @Test(arguments: [
    "https://a/x", "HTTP://a", "s3://b/k*", "sftp://u@h:22/p", "exports/*.csv", "file:///etc/passwd",
  ])
  func anAddressIsToldFromAPath(text: String) {
    switch RemoteAddress(text) {
    case .web(let url): #expect(url == text)
    case .s3(let bucket, let pattern): #expect([bucket, pattern] == ["b", "k*"])
    case .sftp(let authority, let pattern): #expect([authority, pattern] == ["u@h:22", "/p"])
    case nil: #expect(!text.contains("://") || text.hasPrefix("file"))
    }
  }
}
