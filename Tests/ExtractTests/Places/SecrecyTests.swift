import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// Who gets to see the credentials.
@Suite(.serialized) struct SecrecyTests {
  let server: FaultServer
  init() throws { server = try FaultServer(serving: export) }

  private func fetcher() throws -> Fetcher {
    let fetcher = Fetcher()
    fetcher.secrets = ["TOKEN": "hunter2-token", "KEY": "hunter2-key", "PARAMETER": "hunter2 & parameter"]
    fetcher.access.bearer = SecretText("${env:TOKEN}")
    fetcher.access.headers["X-Api-Key"] = SecretText("Key ${env:KEY}")
    fetcher.access.parameters["token"] = SecretText("${env:PARAMETER}")
    return fetcher
  }

  @Test func theServerItselfGetsThem() throws {
    let found = try fetcher().fetch(server.url("a=b"))
    #expect(found.findings == [])
    let request = try #require(try server.requests().first)
    #expect(request.headers["authorization"] == "Bearer hunter2-token")
    #expect(request.headers["x-api-key"] == "Key hunter2-key")
    #expect(request.query == "a=b&token=hunter2%20%26%20parameter")
    #expect(found.files.map(\.shownAs) == [server.url("a=b")])
  }

  @Test func basicAuthenticationIsAHeader() throws {
    let fetcher = Fetcher()
    fetcher.secrets = ["PASSWORD": "open sesame"]
    fetcher.access.basic = .init(user: "Aladdin", password: try #require(SecretText("${env:PASSWORD}")))
    _ = fetcher.fetch(server.url())
    #expect(try server.requests().first?.headers["authorization"] == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
  }

  @Test func aSignatureCoversEveryHeaderOfTheService() throws {
    let fetcher = Fetcher()
    fetcher.secrets = ["ACCESS": "key-id", "SECRET": "hunter2", "SESSION": "session-token"]
    fetcher.access.s3.endpoint = "http://127.0.0.1:\(server.port)"
    fetcher.access.s3.hasPathStyle = true
    fetcher.access.s3.accessKey = SecretText("${env:ACCESS}")
    fetcher.access.s3.secretKey = SecretText("${env:SECRET}")
    fetcher.access.s3.sessionToken = SecretText("${env:SESSION}")
    // The server knows no buckets; what it was sent is looked at.
    #expect(fetcher.fetch("s3://bucket/export.csv").names == ["source-refused"])
    let headers = try #require(try server.requests().first?.headers)
    let signed = headers.keys.filter { $0.hasPrefix("x-amz-") || $0 == "host" }.sorted().joined(
      separator: ";")
    #expect(signed == "host;x-amz-checksum-mode;x-amz-content-sha256;x-amz-date;x-amz-security-token")
    #expect(headers["authorization"]?.contains("SignedHeaders=\(signed), ") == true)
  }

  @Test func anotherHostGetsNone() throws {
    let fetcher = try fetcher()
    let target = server.url("target=1", host: "localhost")
    let found = fetcher.fetch(server.url("fault=redirect&to=\(target.replacing("&", with: "%26"))"))
    #expect(found.findings == [])
    #expect(fetcher.texts(found).values.first == export)
    let requests = try server.requests()
    #expect(requests.map { $0.headers["authorization"] != nil } == [true, false])
    #expect(requests.map { $0.headers["x-api-key"] != nil } == [true, false])
    #expect(requests.last?.query == "target=1")
  }

  @Test func theSameHostGetsThemBehindARedirect() throws {
    let found = try fetcher().fetch(server.url("fault=redirect&to=/export.csv"))
    #expect(found.findings == [])
    #expect(try server.requests().map { $0.headers["authorization"] != nil } == [true, true])
  }

  @Test func redirectsEndAtTheirBound() throws {
    let found = try fetcher().fetch(server.url("fault=circle"))
    #expect(found.names == ["source-refused"])
    #expect(found.problem.contains("more than 5 redirects"), "\(found.problem)")
    #expect(try server.requests().count == 6)
  }

  @Test func aServerThatRepeatsThemIsNotQuoted() throws {
    let found = try fetcher().fetch(server.url("fault=echo"))
    #expect(found.names == ["source-refused"])
    #expect(found.problem.contains("bad token"), "\(found.problem)")
    #expect(found.problem.contains("•••"), "\(found.problem)")
    #expect(!"\(found)".contains("hunter2"))
  }

  @Test func aProxyIsGoneThroughWithItsOwnLogin() throws {
    let fetcher = try fetcher()
    fetcher.access.proxy = "http://127.0.0.1:\(server.port)"
    fetcher.access.proxyUser = SecretText("me:${env:KEY}")
    // Nobody but the proxy knows this host.
    let found = fetcher.fetch("http://exports.invalid/export.csv")
    #expect(found.findings == [])
    #expect(fetcher.texts(found).values.first == export)
    #expect(try server.requests().first?.headers["proxy-authorization"] == "Basic bWU6aHVudGVyMi1rZXk=")
  }

  @Test func aProxyThatLetsNothingThroughIsNamed() throws {
    let fetcher = try fetcher()
    fetcher.access.proxy = "http://127.0.0.1:\(server.port)"
    let found = fetcher.fetch("https://exports.invalid/export.csv")
    #expect(found.problem.contains("the proxy lets nothing through"), "\(found.problem)")
  }

  @Test func aSecretOfSeveralLinesIsNotPutIntoAHeader() throws {
    let fetcher = try fetcher()
    fetcher.secrets["KEY"] = "one\r\nX-Injected: two"
    #expect(fetcher.fetch(server.url()).names == ["source-not-fetchable"])
    #expect(try server.requests().isEmpty)
  }

  @Test func aSecretThatIsNotThereStopsBeforeAnythingIsSent() throws {
    let fetcher = try fetcher()
    fetcher.secrets["KEY"] = nil
    let found = fetcher.fetch(server.url())
    #expect(found.names == ["secret-missing"])
    #expect(found.problem == "the secret `${env:KEY}` is not there")
    #expect(found.findings.first?.place?.file == "Config/sources/billing.yml")
    #expect(try server.requests().isEmpty)
  }
}
