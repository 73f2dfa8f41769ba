import Foundation
import LoopbackServers
import Model
import Testing

@testable import Extract

/// What goes wrong between a server and this machine, each against a server that does it.
@Suite(.serialized) struct FaultTests {
  let server: FaultServer
  init() throws { server = try FaultServer(serving: export) }

  @Test(arguments: [
    "reset", "reset&notag=1", "short", "cutchunk", "cutgzip", "html", "notgzip", "unasked", "status&code=408",
    "status&code=425", "status&code=429", "status&code=500", "status&code=502", "status&code=503",
    "status&code=504",
    "digest&header=Content-MD5&value=AAAAAAAAAAAAAAAAAAAAAA==",
  ])
  func whatMayGoBetterIsTriedAgainUntilItDoes(fault: String) throws {
    let fetcher = Fetcher()
    let url = server.url("times=2&fault=\(fault)")
    let found = fetcher.fetch(url)
    #expect(found.findings == [])
    #expect(fetcher.texts(found) == [url: export])
    #expect(found.fetching?.repeats == 2)
    #expect(fetcher.waits.count >= 2)
  }

  @Test(arguments: [
    ("reset", "source-unreachable", "broke after", 4), ("short", "source-not-whole", "ended too early", 4),
    ("cutchunk", "source-not-whole", "ended too early", 4),
    ("status&code=500", "source-refused", "answers 500: {\"error\": \"no luck\"}", 4),
    ("status&code=503&says=%3Ctitle%3Edown%3C/title%3E", "source-refused", "answers 503: down", 4),
    ("status&code=429", "source-refused", "answers 429", 4),
    (
      "html", "source-not-an-export",
      "an HTML page came with status 200 where an export was expected: Please sign in", 4
    ),
    ("html&type=text/csv", "source-not-an-export", "an HTML page", 4),
    (
      "type&type=image/png", "source-not-an-export", "`image/png` came where a delimited text was expected", 1
    ),
    ("type&type=application/json", "source-not-an-export", "`application/json` came", 1),
    ("status&code=400", "source-refused", "answers 400: {\"error\": \"no luck\"}", 1),
    ("status&code=401", "source-refused", "answers 401", 1),
    ("status&code=404", "source-refused", "answers 404", 1),
    ("status&code=403", "source-refused", "answers 403", 1),
    ("brotli", "source-not-an-export", "packs the file as `br`", 1),
    ("notgzip", "source-not-an-export", "says `gzip` and sends something else", 4),
    ("cutgzip", "source-not-whole", "ends in the middle", 4),
    ("firstpart", "source-not-whole", "another part of the file", 4),
    ("unasked", "source-not-whole", "was not asked", 4),
    ("digest&header=Content-MD5&value=AAAA", "source-not-whole", "is not the one in `content-md5`", 4),
    ("redirect&to=file:///etc/passwd", "source-refused", "redirects to something that is no web address", 1),
  ])
  func whatStaysWrongEndsInAFindingThatNamesItAndNoFile(
    fault: String, name: String, words: String, attempts: Int
  ) throws {
    let fetcher = Fetcher()
    let found = fetcher.fetch(server.url("fault=\(fault)"))
    #expect(found.names == [name])
    #expect(found.findings.first?.severity == .error)
    #expect(found.problem.hasPrefix(server.url()), "\(found.problem)")
    #expect(found.problem.contains(words), "\(found.problem)")
    #expect(found.problem.contains(attempts == 1 ? "(1 try)" : "(\(attempts) tries in"), "\(found.problem)")
    #expect(found.findings.first?.remedy?.isEmpty == false)
    #expect(found.files == [])
    #expect(fetcher.blobs() == [])
    #expect(fetcher.fetch(server.url("fault=\(fault)"), isOffline: true).names == ["nothing-landed"])
  }

  /// Every digest that is known, of a text, as a server gives it.
  private static func claims(_ text: String) -> [(header: String, value: String)] {
    func digest(_ algorithm: FileDigest.Algorithm) -> String {
      let digest = FileDigest(algorithm)
      Array(text.utf8).withUnsafeBytes { digest.add($0) }
      return base64(digest.bytes())
    }
    let checksums = Checksum.Kind.allCases.map { kind in
      var checksum = Checksum(kind)
      Array(text.utf8).withUnsafeBytes { checksum.add($0) }
      return (header: "x-amz-checksum-" + kind.rawValue, value: base64(checksum.bytes))
    }
    return checksums + [
      ("Content-Digest", "sha-256=:\(digest(.sha256)):"), ("Repr-Digest", "sha-512=:\(digest(.sha512)):"),
      ("Digest", "SHA-256=\(digest(.sha256))"), ("Content-MD5", digest(.md5)),
      ("x-amz-checksum-sha256", digest(.sha256)), ("x-amz-checksum-sha1", digest(.sha1)),
    ]
  }

  @Test func everyDigestAServerOffersIsChecked() throws {
    for (right, wrong) in zip(Self.claims(export), Self.claims("something else")) {
      func names(_ value: String) -> [String] {
        let url = server.url("fault=digest&header=\(right.header)&value=\(percentEncoded(value))")
        return Fetcher().fetch(url).names
      }
      #expect(names(right.value) == [], "\(right.header)")
      #expect(names(wrong.value) == ["source-not-whole"], "\(right.header)")
    }
  }

  @Test func aDigestOfPartsSaysNothingOfTheWhole() throws {
    let url = server.url("fault=digest&header=x-amz-checksum-crc32&value=\(percentEncoded("AAAAAA==-2"))")
    #expect(Fetcher().fetch(url).findings == [])
  }

  @Test func aStalledBodyIsGivenUpAndTriedAgain() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.attempts = 1
    fetcher.access.policy.stall = 1000
    let never = fetcher.fetch(server.url("fault=stall&times=1"))
    #expect(never.names == ["source-unreachable"])
    #expect(never.problem.contains("stalled after"), "\(never.problem)")
    fetcher.access.policy.stall = 20_000
    #expect(fetcher.texts(fetcher.fetch(server.url("fault=stall&times=1"))).values.first == export)
  }

  @Test func aServerThatSaysNothingIsGivenUp() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.attempts = 2
    fetcher.access.policy.total = 2000
    let found = fetcher.fetch(server.url("fault=silent&seconds=60"))
    #expect(found.names == ["source-unreachable"])
    #expect(found.problem.contains("no answer in time"), "\(found.problem)")
    #expect(try server.requests().count == 2)
  }

  @Test func anEndlessBodyIsCutOffAtItsBound() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.maximumSize = 1_000_000
    let found = fetcher.fetch(server.url("fault=endless"))
    #expect(found.names == ["source-too-large"])
    #expect(found.problem.contains("more than 1000000 bytes"))
    #expect(found.findings.first?.remedy?.contains("`max_size`") == true)
    #expect(try server.requests().count == 1)
  }

  @Test func aBodyThatSaysItsEndNowhereIsRefused() throws {
    let fetcher = Fetcher()
    let found = fetcher.fetch(server.url("fault=nolength"))
    #expect(found.names == ["length-not-said"])
    #expect(found.findings.first?.severity == .error && found.files.isEmpty)
    #expect(found.problem.contains("nor where it ends"))
  }

  @Test func aBodyThatSaysItsEndNowhereIsReadWhereThatIsAccepted() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.acceptsUnknownLength = true
    let found = fetcher.fetch(server.url("fault=nolength"))
    #expect(found.names == ["length-not-said"])
    #expect(found.findings.first?.severity == .warning)
    #expect(fetcher.texts(found).values.first == export)
  }

  @Test func nobodyAtThePortIsTriedAgainAndNamed() throws {
    let port = ServerProcess.freePort()
    let fetcher = Fetcher()
    let found = fetcher.fetch("http://127.0.0.1:\(port)/export.csv")
    #expect(found.names == ["source-unreachable"])
    #expect(found.problem.contains("no connection"), "\(found.problem)")
    #expect(fetcher.waits == [1000, 2000, 4000])
  }

  @Test func anEmptyFileIsAFile() throws {
    try server.write("")
    let fetcher = Fetcher()
    let found = fetcher.fetch(server.url())
    #expect(found.findings == [])
    #expect(fetcher.texts(found).values.first == "")
  }

  @Test func aListingThatNeverEndsIsGivenUp() throws {
    let fetcher = Fetcher()
    fetcher.access.s3.endpoint = "http://127.0.0.1:\(server.port)"
    fetcher.access.s3.hasPathStyle = true
    let found = fetcher.fetch("s3://loop/*.csv")
    #expect(found.names == ["source-not-whole"])
    #expect(found.problem.contains("names one page twice"), "\(found.problem)")
  }

  @Test func aTokenThatExpiresBetweenTwoFilesLeavesNeither() throws {
    let fetcher = Fetcher()
    fetcher.access.policy.streams = 1
    let found = fetcher.fetch(server.url("file=1"), server.url("fault=status&code=401&says=expired"))
    #expect(found.names == ["source-refused"])
    #expect(found.problem.contains("answers 401: expired"))
    #expect(found.files == [])
  }

  // MARK: Resuming

  @Test func aBrokenBodyGoesOnWhereItBroke() throws {
    let fetcher = Fetcher()
    let found = fetcher.fetch(server.url("fault=reset&times=2"))
    #expect(fetcher.texts(found).values.first == export)
    let requests = try server.requests()
    #expect(requests.map { $0.headers["range"] != nil } == [false, true, true])
    #expect(requests[1].headers["if-range"]?.hasPrefix("\"") == true)
  }

  @Test func withoutAStrongETagABrokenBodyBeginsAnew() throws {
    let fetcher = Fetcher()
    let found = fetcher.fetch(server.url("fault=reset&times=2&notag=1"))
    #expect(fetcher.texts(found).values.first == export)
    #expect(try server.requests().allSatisfy { $0.headers["range"] == nil })
  }

  @Test func aFileThatChangedMeanwhileIsNotPutTogetherFromTwo() throws {
    let fetcher = Fetcher()
    let found = fetcher.fetch(server.url("fault=changed&times=1"))
    #expect(found.findings == [])
    #expect(fetcher.texts(found).values.first == export + "9,z,2024-01-01,,1\n")
  }

  @Test func anotherPartThanWasAskedForIsNotAppended() throws {
    let fetcher = Fetcher()
    let found = fetcher.fetch(server.url("fault=otherpart&times=2"))
    #expect(found.findings == [])
    #expect(fetcher.texts(found).values.first == export)
  }
}
