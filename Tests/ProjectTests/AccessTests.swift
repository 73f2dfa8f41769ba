import Foundation
import Model
import Project
import Testing

/// What a source says of files that lie elsewhere.
@Suite struct AccessTests {
  private func source(_ lines: String) throws -> (source: SourceConfiguration?, findings: [Finding]) {
    let mapping =
      TemporaryProject.small["Config/sources/billing.yml"]?.split(separator: "\n").dropFirst() ?? []
    let loaded = try TemporaryProject.load([
      "Config/sources/billing.yml": lines + "\n" + mapping.joined(separator: "\n") + "\n"
    ])
    return (loaded.project?.source(named: "billing"), loaded.findings)
  }

  @Test func everyKeyIsRead() throws {
    let (read, findings) = try source(
      """
      files: [https://host/a.csv?b=c, "s3://bucket/p_YYYY-MM-DD.csv.zst", sftp://me@host:2222/out/*.csv]
      access:
        basic: {user: me, password: "${env:P}"}
        bearer: ${env:T}
        headers: {X-Tenant: acme, X-Api-Key: "Key ${file:/k}"}
        parameters: {token: "${env:Q}"}
        authorities: Config/ca.pem
        proxy: http://proxy:3128
        proxy_user: ${env:U}
        s3: {region: eu-west-1, endpoint: "https://minio", access_key: "${env:A}", secret_key: "${env:S}"}
        sftp: {key: "${file:/id}", fingerprint: "SHA256:abc"}
      transfer:
        rate: 100/min
        streams: 8
        timeouts: {connect: 500 ms, stall: 2 min, total: 3h}
        retry: {attempts: 9, wait: 2 s, longest_wait: 1 min, within: 1 h}
        redirects: 0
        max_size: 5 GB
      format: {max_inflation: 10, max_inflated: 1 MB}
      """)
    #expect(findings == [])
    let access = try #require(read?.access)
    #expect(
      read?.files == [
        "https://host/a.csv?b=c", "s3://bucket/p_[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].csv.zst",
        "sftp://me@host:2222/out/*.csv",
      ])
    #expect(read?.dataThrough == .fileName("p_YYYY-MM-DD.csv.zst"))
    #expect(access.references.count == 8)
    #expect(access.headers["X-Api-Key"]?.description == "Key ${file:/k}")
    #expect(access.s3.hasPathStyle)
    var policy = TransferPolicy()
    (policy.rate, policy.ratePeriod, policy.streams) = (100, 60_000, 8)
    (policy.connect, policy.stall, policy.total) = (500, 120_000, 10_800_000)
    (policy.attempts, policy.firstWait, policy.longestWait, policy.within) = (9, 2000, 60_000, 3_600_000)
    (policy.redirects, policy.maximumSize) = (0, 5_000_000_000)
    #expect(access.policy == policy)
    #expect(read?.format.maximumInflated == 1_000_000)
  }

  @Test(arguments: [
    ("access: {bearer: hunter2}", "bearer: \"${env:BILLING_BEARER}\""),
    ("access: {basic: {user: me, password: hunter2}}", "password: \"${env:BILLING_PASSWORD}\""),
    ("access: {headers: {X-Api-Key: hunter2}}", "X-Api-Key: \"${env:BILLING_X_API_KEY}\""),
    ("access: {headers: {Authorization: Token hunter2}}", "Authorization: \"${env:BILLING_AUTHORIZATION}\""),
    ("access: {parameters: {token: hunter2}}", "token: \"${env:BILLING_TOKEN}\""),
    (
      "access: {s3: {access_key: \"${env:A}\", secret_key: hunter2}}",
      "secret_key: \"${env:BILLING_SECRET_KEY}\""
    ),
    ("access: {sftp: {password: hunter2}}", "password: \"${env:BILLING_PASSWORD}\""),
    ("access: {sftp: {key: \"${env:hunter2}\"}}", "key: \"${env:BILLING_KEY}\""),
    ("access: {proxy_user: \"me:hunter2\"}", "proxy_user: \"${env:BILLING_PROXY_USER}\""),
    ("files: https://me:hunter2@host/a.csv", "access: {basic: {user: NAME, password: \"${env:NAME}\"}}"),
    ("files: sftp://me:hunter2@host/a.csv", "access: {sftp: {user: NAME, password: \"${env:NAME}\"}}"),
    (
      "files: https://me:hunter2@host/a.csv?token=hunter2",
      "access: {basic: {user: NAME, password: \"${env:NAME}\"}}"
    ),
    (
      "files: https://host/a.csv?day=1&token=hunter2&secret=hunter2",
      "access: {parameters: {token: \"${env:NAME}\"}}"
    ),
    ("files: https://host/a.csv?api_key=hunter2", "access: {parameters: {api_key: \"${env:NAME}\"}}"),
  ])
  func aLiteralSecretIsRefusedAndNotRepeated(line: String, remedy: String) throws {
    let (_, findings) = try source(line.hasPrefix("files") ? line : "files: https://host/a.csv\n" + line)
    #expect(findings.map(\.name) == ["literal-secret"])
    let text = findings.map { $0.text() }.joined()
    #expect(!text.contains("hunter2"), "\(text)")
    #expect(text.contains(remedy), "\(text)")
    #expect(text.contains("Config/sources/billing.yml:"), "\(text)")
  }

  @Test(arguments: [
    ("http://host/a.csv", ["unencrypted-secret"]), ("https://host/a.csv", []),
    ("http://127.0.0.1:80/a.csv", []),
    ("http://localhost/a.csv", []),
  ])
  func aSecretSentOpenlyIsWarnedOf(url: String, names: [String]) throws {
    let (read, findings) = try source("files: \(url)\naccess: {bearer: \"${env:T}\"}")
    #expect(findings.map(\.name) == names)
    #expect(read != nil)
  }

  @Test(arguments: [
    ("files: file:///etc/passwd", "bad-path"), ("files: ftp://host/a.csv", "bad-path"),
    ("files: https:///a.csv", "bad-path"),
    ("files: s3://bucket", "bad-path"), ("files: https://host/*.csv", "bad-path"),
    ("files: https://host/a_YYYY-MM-DD.csv", "bad-path"), ("files: sftp://host/**/*.csv", "bad-path"),
    ("files: https://host/${env:X}", "misplaced-secret"),
    ("files: a.csv\ntransfer: {rate: fast}", "bad-value"),
    ("files: a.csv\ntransfer: {timeouts: {total: 5}}", "bad-value"),
    ("files: a.csv\ntransfer: {max_size: lots}", "bad-value"),
    ("files: a.csv\naccess: {s3: {access_key: \"${env:A}\"}}", "missing-key"),
    ("files: a.csv\naccess: {headers: {\"Bad Header\": x}}", "bad-name"),
    ("files: a.csv\naccess: {proxy: \"http://me:pw@proxy\"}", "bad-value"),
  ])
  func whatCannotBeFetchedIsRefused(line: String, name: String) throws {
    let (_, findings) = try source(line)
    #expect(findings.map(\.name) == [name])
    #expect(findings.allSatisfy { $0.remedy != nil || $0.problem.contains(" takes ") }, "\(findings)")
  }
}
