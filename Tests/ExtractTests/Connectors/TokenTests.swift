import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Access tokens: where they come from, when they are renewed, and that nobody else hears of them.
@Suite(.serialized) struct TokenTests {
  let shop: StreamFetcher

  init() throws {
    shop = try StreamFetcher()
    shop.fetcher.secrets = ["ID": "client one", "SECRET": "hunter2 & secret", "REFRESH": "hunter2-refresh"]
    try use()
  }

  private func use(_ change: (inout Connector.OAuth2) -> Void = { _ in }) throws {
    var oauth = Connector.OAuth2(
      grant: .clientCredentials, tokenURL: shop.server.api + "/token",
      clientID: try #require(SecretText("${env:ID}")), clientSecret: SecretText("${env:SECRET}"),
      scope: "read all")
    change(&oauth)
    shop.connector.authentication = .oauth2(oauth)
  }

  private func play(_ token: [String: Any] = [:]) throws {
    try shop.server.play([
      "token": token, "lists": ["books": ["records": book(10), "style": "token"]],
    ])
    shop.server.forgetAPIRequests()
  }

  private let asked = stream(request(style("token"), hasMore: true))

  @Test func aTokenIsAskedForOnceAndSentWithEveryPage() throws {
    try play()
    #expect(try shop.ids(shop.read(asked)).count == 10)
    let requests = try shop.server.apiRequests()
    #expect(requests.map(\.path) == ["/token"] + [String](repeating: "/api/books", count: 4))
    #expect(
      requests[0].body
        == "grant_type=client_credentials&scope=read%20all&client_id=client%20one&client_secret=hunter2%20%26%20secret"
    )
    #expect(requests[0].headers["content-type"] == "application/x-www-form-urlencoded")
    #expect(requests[0].headers["authorization"] == nil)
    #expect(requests.dropFirst().allSatisfy { $0.headers["authorization"] == "Bearer token-1-of-the-test" })
  }

  @Test func theClientMaySayWhoItIsInAHeader() throws {
    try play()
    try use { $0.clientAuthentication = .basic }
    #expect(shop.read(asked).findings == [])
    let request = try #require(try shop.server.apiRequests().first)
    #expect(request.headers["authorization"] == "Basic Y2xpZW50IG9uZTpodW50ZXIyICYgc2VjcmV0")
    #expect(request.body == "grant_type=client_credentials&scope=read%20all")
  }

  @Test(arguments: [1, 2, 3])
  func aTokenThatRunsOutIsRenewedAndThePageAskedForAgain(uses: Int) throws {
    try play(["uses": uses])
    let found = shop.read(asked)
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found).count == 10)
    let tokens = try shop.server.apiRequests().filter { $0.path == "/token" }.count
    #expect(tokens == (4 + uses - 1) / uses)
  }

  @Test func recordsAskedForAtOnceOutliveTheirToken() throws {
    var events = request(style("last_id"), hasMore: true)
    events.path = "/api/events"
    let all = (10..<40).map { ["id": "r\($0)", "updated": 5] as [String: Any] }
    try shop.server.play([
      "token": ["uses": 7],
      "lists": [
        "books": ["records": all, "style": "token"],
        "events": [
          "records": (10..<40).map {
            ["id": "e\($0)", "updated": 5, "data": ["id": "r\($0)"]] as [String: Any]
          },
          "style": "last_id",
        ],
      ],
    ])
    var asked = asked
    asked.changes = StreamChanges(
      request: events, field: FieldPath(names: ["updated"]), format: .epochSeconds,
      notices: .init(
        key: FieldPath(names: ["id"]), record: FieldPath(names: ["data", "id"]),
        request: StreamRequest(path: "/api/books/{id}")))
    let first = shop.read(asked)
    #expect(first.findings == [], "\(first.problem)")
    let found = shop.read(asked, since: first.streamRead?.cursor)
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found).count == 30)
  }

  @Test func aNewTokenThatIsRefusedTooEndsTheRead() throws {
    try play(["uses": 0])
    let found = shop.read(asked)
    #expect(found.names == ["token-refused"])
    #expect(found.problem.contains("takes a new access token no more than the last one"), "\(found.problem)")
    #expect(!"\(found)".contains("of-the-test") && !"\(found)".contains("hunter2"), "\(found)")
    #expect(try shop.server.apiRequests().filter { $0.path == "/token" }.count == 2)
  }

  @Test func aTokenEndpointThatRefusesIsNamedWithoutItsSecrets() throws {
    try play(["status": 401, "reply": ["error": "invalid_client", "sent": "hunter2 & secret"]])
    let found = shop.read(asked)
    #expect(found.names == ["token-refused"])
    #expect(found.problem.contains("answers 401") && found.problem.contains("invalid_client"), "\(found)")
    #expect(!"\(found)".contains("hunter2"), "\(found)")
    #expect(try shop.server.apiRequests().allSatisfy { $0.path == "/token" })
    try play(["reply": ["access_token": ""]])
    #expect(shop.read(asked).problem.contains("has no `access_token`"))
    try play(["reply": ["access_token": "a\r\nX-Injected: b"]])
    #expect(shop.read(asked).names == ["token-refused"])
  }

  @Test func withAFixedTokenA401IsFinal() throws {
    shop.connector.authentication = .bearer(try #require(SecretText("${env:REFRESH}")))
    try play()
    #expect(shop.read(asked).names == ["source-refused"])
    #expect(try shop.server.apiRequests().count == 1)
  }

  @Test func theTokensReplySaysWhereTheAPIIs() throws {
    try use { $0.baseURLField = FieldPath(names: ["instance_url"]) }
    shop.connector.baseURL = ""
    try play(["reply": ["instance_url": shop.server.api + "/"]])
    #expect(try shop.ids(shop.read(asked)).count == 10)
    for url in ["http://api.invalid", "ftp://127.0.0.1", "file:///etc", "http://127.0.0.1.example.com"] {
      try play(["reply": ["instance_url": url]])
      let found = shop.read(asked)
      #expect(found.names == ["token-refused"], "\(url)")
      #expect(found.problem.contains("which is not encrypted"), "\(found.problem)")
      #expect(try shop.server.apiRequests().allSatisfy { $0.path == "/token" })
    }
    try play()
    #expect(shop.read(asked).problem.contains("has no `instance_url`"))
  }

  @Test func anotherRefreshTokenIsUsedAndWarnedOf() throws {
    try use {
      $0.grant = .refreshToken
      $0.refreshToken = SecretText("${env:REFRESH}")
    }
    try play(["uses": 2, "reply": ["refresh_token": "hunter3-next"]])
    let found = shop.read(asked)
    #expect(found.names == ["refresh-token-replaced"] && found.findings[0].severity == .warning)
    #expect(try shop.ids(found).count == 10)
    let bodies = try shop.server.apiRequests().filter { $0.path == "/token" }.map(\.body)
    #expect(bodies[0].hasPrefix("grant_type=refresh_token&refresh_token=hunter2-refresh&"))
    #expect(bodies[1].hasPrefix("grant_type=refresh_token&refresh_token=hunter3-next&"))
    try play(["uses": 2, "reply": ["refresh_token": "hunter2-refresh"]])
    #expect(shop.read(asked).findings == [])
  }

  // MARK: Refresh tokens that the service replaces

  private func keepToken(at path: String = "secrets/refresh") throws -> String {
    try use {
      $0.grant = .refreshToken
      $0.refreshToken = SecretText("${file:\(path)}")
      $0.rotates = true
    }
    let full = path.hasPrefix("/") ? path : shop.fetcher.scratch.path + "/" + path
    guard !path.hasPrefix("/proc") else { return full }
    let folder = (full as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "hunter2-refresh\n".write(toFile: full, atomically: true, encoding: .utf8)
    return full
  }

  private func asksForTokens() throws -> [String] {
    try shop.server.apiRequests().filter { $0.path == "/token" }.map(\.body)
  }

  @Test func aReplacedRefreshTokenIsInItsFileBeforeItIsUsed() throws {
    let path = try keepToken()
    try play(["uses": 2, "reply": ["refresh_token": "hunter3-next"]])
    let found = shop.read(asked)
    #expect(found.findings == [], "\(found.problem)")
    #expect(try shop.ids(found).count == 10)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "hunter3-next\n")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let beside = try FileManager.default.contentsOfDirectory(
      atPath: (path as NSString).deletingLastPathComponent)
    #expect(beside == ["refresh"])
    let asks = try asksForTokens()
    #expect(
      asks[0].contains("refresh_token=hunter2-refresh&") && asks[1].contains("refresh_token=hunter3-next&"))
    // The next source of the same run, and the next run.
    try play(["reply": ["refresh_token": "hunter4-then"]])
    #expect(shop.read(asked).findings == [])
    #expect(try asksForTokens()[0].contains("refresh_token=hunter3-next&"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "hunter4-then\n")
    #expect(!"\(found)".contains("hunter"))
  }

  @Test func aRefreshTokenThatStaysLeavesItsFileAlone() throws {
    let path = try keepToken()
    let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    for token in [["reply": ["refresh_token": "hunter2-refresh"]], [:], ["status": 400]] as [[String: Any]] {
      try play(token)
      _ = shop.read(asked)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "hunter2-refresh\n")
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == before)
    }
    let beside = try FileManager.default.contentsOfDirectory(
      atPath: (path as NSString).deletingLastPathComponent)
    #expect(beside == ["refresh"])
  }

  @Test func aLinkToARefreshTokenStaysOne() throws {
    let path = try keepToken(at: "vault/refresh")
    let link = shop.fetcher.scratch.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    try use {
      $0.grant = .refreshToken
      $0.refreshToken = SecretText("${file:link}")
      $0.rotates = true
    }
    try play(["reply": ["refresh_token": "hunter3-next"]])
    #expect(shop.read(asked).findings == [])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "hunter3-next\n")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
  }

  /// Found out before the token is given away: the service would take the old one no more.
  @Test func whereATokenCannotBeKeptNothingIsAskedFor() throws {
    _ = try keepToken(at: "/proc/self/comm")
    try play(["reply": ["refresh_token": "hunter3-next"]])
    let found = shop.read(asked)
    #expect(found.names == ["refresh-token-not-kept"])
    #expect(found.problem.contains("the refresh token cannot be kept in /proc/self/comm"), "\(found.problem)")
    #expect(try shop.server.apiRequests().isEmpty)
  }

  @Test func anEmptyFileOfARefreshTokenIsToldAsEmpty() throws {
    let path = try keepToken(at: "refresh")
    try "\n".write(toFile: path, atomically: true, encoding: .utf8)
    try play(["reply": ["refresh_token": "hunter3-next"]])
    let found = shop.read(asked)
    #expect(found.problem.contains("empty"), "\(found.problem)")
    #expect(try shop.server.apiRequests().isEmpty)
  }

  @Test func aSecretThatIsNotThereStopsBeforeAnythingIsSent() throws {
    try play()
    shop.fetcher.secrets["SECRET"] = nil
    let found = shop.read(asked)
    #expect(found.names == ["secret-missing"])
    #expect(try shop.server.apiRequests().isEmpty)
  }

  @Test func aTokenIsNotAskedForInTheOpen() throws {
    try use { $0.tokenURL = "http://login.invalid/token" }
    #expect(shop.read(asked).names == ["source-not-fetchable"])
  }
}
