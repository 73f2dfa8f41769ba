import Extract
import Foundation
import LoopbackServers
import Model
import Testing

/// nginx over TLS, with a certificate that only the source's `authorities` know.
@Suite(
  .serialized,
  .enabled(if: Part.nginx.isThere && Part.openssl.isThere, "nginx is not installed: `make test` does it"))
struct NginxTests {
  let nginx: Nginx
  let fetcher = Fetcher()

  init() throws {
    nginx = try Nginx()
    try nginx.write(export, to: "open/export.csv")
    try nginx.write(export, to: "private/export.csv")
    fetcher.access.authorities = nginx.authority
  }

  @Test func aFileIsFetchedPackedAndNotSentAgain() throws {
    let first = fetcher.fetch(nginx.url("open/export.csv"))
    #expect(first.findings == [])
    #expect((first.fetching?.bytes ?? 0) > 0 && (first.fetching?.bytes ?? 0) < Int64(export.utf8.count / 2))
    let file = try #require(first.files.first)
    guard
      case .success(let reader) = DelimitedReader.open(path: file.path, shownAs: "x", format: FileFormat())
    else {
      Issue.record("not readable")
      return
    }
    #expect(reader.file.compression == "gzip")
    // nginx changes no file within two seconds of its being sent, so the ETag alone tells.
    let again = fetcher.fetch(nginx.url("open/export.csv"))
    #expect(again.fetching?.unchanged == 1)
    #expect(again.files == first.files)
    #expect(nginx.log.contains("\" 304 "))
  }

  @Test func anUnknownAuthorityIsNotTrusted() throws {
    fetcher.access.authorities = nil
    let found = fetcher.fetch(nginx.url("open/export.csv"))
    #expect(found.names == ["source-not-trusted"])
    #expect(found.problem.contains("(1 try)"))
    #expect(found.findings.first?.remedy?.contains("`authorities`") == true)
  }

  @Test func aRedirectThatGivesUpEncryptionIsNotFollowed() throws {
    let found = fetcher.fetch(nginx.url("down/export.csv"))
    #expect(found.names == ["source-refused"])
    #expect(found.problem.contains("redirects from https to http"), "\(found.problem)")
  }

  @Test func aCertificateForAnotherNameIsNotTrusted() throws {
    let found = fetcher.fetch("https://127.0.0.1:\(nginx.port)/open/export.csv")
    #expect(found.names == ["source-not-trusted"])
  }

  @Test func thePasswordOpensAndAWrongOneIsRefusedAtOnce() throws {
    fetcher.secrets = ["RIGHT": "open sesame", "WRONG": "open barley"]
    for (name, findings) in [("RIGHT", []), ("WRONG", ["source-refused"])] {
      fetcher.access.basic = .init(user: "reports", password: try #require(SecretText("${env:\(name)}")))
      let found = fetcher.fetch(nginx.url("private/export.csv"))
      #expect(found.names == findings)
      #expect(findings.isEmpty || found.problem.contains("answers 401: 401 Authorization Required (1 try)"))
    }
  }

  @Test func theServersLimitIsMetByRateAndOutlivedByRetries() throws {
    let names = (0..<15).map { "slow/\($0).csv" }
    for name in names { try nginx.write(export, to: name) }
    let urls = names.map(nginx.url)
    // Real time: the server's bucket leaks by its own clock.
    fetcher.takesTime = true
    fetcher.access.policy.rate = 8
    let polite = fetcher.finder().files(of: fetcher.source(urls))
    #expect(polite.findings == [])
    #expect(polite.fetching?.repeats == 0)
    #expect(polite.fetching?.files == 15)
    let hasty = Fetcher()
    hasty.takesTime = true
    hasty.access = fetcher.access
    hasty.access.policy.rate = nil
    hasty.access.policy.streams = 8
    hasty.access.policy.attempts = 20
    hasty.access.policy.firstWait = 200
    hasty.access.policy.longestWait = 1000
    let limited = hasty.finder().files(of: hasty.source(urls))
    #expect(limited.findings == [])
    #expect((limited.fetching?.repeats ?? 0) > 0)
    #expect(limited.fetching?.files == 15)
  }
}

/// OpenSSH's server, whose host key the tests know.
@Suite(.serialized, .enabled(if: Part.sshd.isThere, "openssh-server is not installed: `make test` does it"))
struct SSHTests {
  let server: SSHServer
  let fetcher = Fetcher()

  init() throws {
    server = try SSHServer()
    for name in [
      "a.csv", "b.csv", "deep/c.csv", "deep/with space.csv", "other.txt", ".hidden.csv", "folder.csv/d.txt",
    ] {
      try server.write(name + "\n" + export, to: name)
    }
    fetcher.access.sftp.user = server.user
    fetcher.access.sftp.key = SecretText("${file:\(server.key)}")
    fetcher.access.sftp.knownHosts = server.knownHosts
  }

  @Test func oneFileIsFetched() throws {
    let found = fetcher.fetch(server.url("a.csv"))
    #expect(found.findings == [])
    #expect(fetcher.texts(found) == [server.url("a.csv"): "a.csv\n" + export])
  }

  @Test func aPatternFindsTheFilesAndNoFolder() throws {
    func names(_ pattern: String) -> [String] {
      let found = fetcher.fetch(server.url(pattern))
      #expect(found.findings == [])
      return found.files.map { String($0.shownAs.dropFirst(server.url("").count)) }
    }
    #expect(names("*.csv") == ["a.csv", "b.csv"])
    #expect(names("d*p/*.csv") == ["deep/c.csv", "deep/with space.csv"])
    #expect(names("deep/with space.csv") == ["deep/with space.csv"])
  }

  @Test func whatMatchesNothingIsAnErrorAndNotNoRows() throws {
    let found = fetcher.fetch(server.url("*.parquet"))
    #expect(found.names == ["no-matching-file"])
    #expect(found.findings.first?.severity == .error)
    #expect(fetcher.fetch(server.url("none.csv")).names == ["source-refused"])
    #expect(fetcher.fetch(server.url("none/*.csv")).names == ["source-refused"])
  }

  @Test func aFingerprintIsEnoughAndAWrongOneIsNot() throws {
    fetcher.access.sftp.knownHosts = "/none"
    fetcher.access.sftp.fingerprint = server.fingerprint
    #expect(fetcher.fetch(server.url("a.csv")).findings == [])
    fetcher.access.sftp.fingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    let found = fetcher.fetch(server.url("a.csv"))
    #expect(found.names == ["source-not-trusted"])
    #expect(found.problem.contains("(1 try)"))
  }

  @Test func anUnknownHostIsNeverTaken() throws {
    fetcher.access.sftp.knownHosts = nil
    #expect(fetcher.fetch(server.url("a.csv")).names == ["source-not-trusted"])
    let other =
      "[127.0.0.1]:\(server.port) ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    try other.write(toFile: fetcher.scratch.path + "/hosts", atomically: true, encoding: .utf8)
    fetcher.access.sftp.knownHosts = "hosts"
    #expect(fetcher.fetch(server.url("a.csv")).names == ["source-not-trusted"])
  }

  @Test func aLockedKeyNeedsItsPassphrase() throws {
    fetcher.access.sftp.key = SecretText("${file:\(server.lockedKey)}")
    fetcher.access.sftp.keyPassword = SecretText("${env:PASSPHRASE}")
    fetcher.secrets = ["PASSPHRASE": "open sesame"]
    #expect(fetcher.fetch(server.url("a.csv")).findings == [])
    fetcher.secrets = ["PASSPHRASE": "open barley"]
    let found = fetcher.fetch(server.url("a.csv"))
    #expect(found.names == ["source-refused"])
    #expect(found.problem.contains("login was denied"), "\(found.problem)")
  }
}

/// moto's S3, which refuses whatever is not signed by the user it knows.
@Suite(.serialized, .enabled(if: Part.moto.isThere, "moto is not installed: `make test` does it"))
struct S3Tests {
  let moto: Moto
  let fetcher = Fetcher()
  private static let odd = "exports/odd = name+ä&'(1)*.csv"

  init() throws {
    var objects: [String: Data] = [
      Self.odd: Data("odd\n".utf8), "exports/deep/x.csv": Data("deep\n".utf8),
      "exports/note.txt": Data("note\n".utf8),
    ]
    for number in 0..<5 { objects["exports/periods_\(number).csv"] = Data(("n\(number)\n" + export).utf8) }
    moto = try Moto(objects)
    fetcher.access.s3.endpoint = moto.endpoint
    fetcher.access.s3.hasPathStyle = true
    fetcher.access.s3.region = "eu-central-1"
    fetcher.access.s3.accessKey = SecretText("${env:ACCESS}")
    fetcher.access.s3.secretKey = SecretText("${env:SECRET}")
    fetcher.secrets = ["ACCESS": moto.accessKey, "SECRET": moto.secretKey]
  }

  @Test func aPatternFindsTheObjectsAndWhatHasNotChangedIsNotAskedFor() throws {
    let found = fetcher.fetch("s3://exports/exports/*.csv")
    #expect(found.findings == [])
    #expect(
      found.files.map(\.shownAs)
        == ["s3://exports/" + Self.odd] + (0..<5).map { "s3://exports/exports/periods_\($0).csv" })
    #expect(fetcher.texts(found)["s3://exports/exports/periods_3.csv"] == "n3\n" + export)
    let again = fetcher.fetch("s3://exports/exports/*.csv")
    #expect(again.fetching?.unchanged == 6)
    #expect(again.fetching?.bytes == 0)
    #expect(again.files == found.files)
  }

  @Test func aKeyWithOddCharactersIsSignedRight() throws {
    #expect(fetcher.fetch("s3://exports/exports/deep/x.csv").findings == [])
    #expect(fetcher.fetch("s3://exports/exports/odd*").files.map(\.shownAs) == ["s3://exports/" + Self.odd])
  }

  @Test func aWrongKeyIsRefusedWithTheServersWords() throws {
    fetcher.secrets["SECRET"] = "anothersecret"
    for address in ["s3://exports/exports/*.csv", "s3://exports/exports/note.txt"] {
      let found = fetcher.fetch(address)
      #expect(found.names == ["source-refused"])
      #expect(
        found.problem.contains("answers 403: SignatureDoesNotMatch: The request signature"),
        "\(found.problem)")
      #expect(!"\(found)".contains("anothersecret"))
    }
  }

  @Test func whatMatchesNothingIsAnErrorAndNotNoRows() throws {
    #expect(fetcher.fetch("s3://exports/none*").names == ["no-matching-file"])
    #expect(fetcher.fetch("s3://exports/none.csv").problem.contains("answers 404: NoSuchKey"))
    #expect(fetcher.fetch("s3://nobucket/*").problem.contains("NoSuchBucket"))
  }

  @Test func aListingOfManyPagesIsReadToItsEnd() throws {
    var objects: [String: Data] = [:]
    for number in 0..<1203 { objects["many/\(number).csv"] = Data("\(number)\n".utf8) }
    let many = try Moto(objects)
    fetcher.access.s3.endpoint = many.endpoint
    fetcher.secrets = ["ACCESS": many.accessKey, "SECRET": many.secretKey]
    let found = fetcher.fetch("s3://exports/many/*.csv")
    #expect(found.findings == [])
    #expect(found.files.count == 1203)
    #expect(Set(fetcher.texts(found).values).count == 1203)
  }
}
