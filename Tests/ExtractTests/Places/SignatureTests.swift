import Model
import Testing

@testable import Extract

/// The worked examples of Amazon's documentation of Signature Version 4 for S3.
@Suite struct SignatureTests {
  private let keys = Credentials.Keys(
    access: "AKIAIOSFODNN7EXAMPLE", secret: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    region: "us-east-1")

  private func signature(_ url: String, _ more: [(name: String, value: String)] = []) -> String {
    // 2013-05-24T00:00:00Z
    let headers = SignatureV4(keys, seconds: 1_369_353_600).headers(for: url, and: more)
    return headers.first { $0.name == "Authorization" }?.value ?? ""
  }

  @Test func anObjectIsAskedForAsDocumented() {
    #expect(
      signature("https://examplebucket.s3.amazonaws.com/test.txt", [("range", "bytes=0-9")])
        == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
  }

  @Test func theUsualPortIsNotSigned() {
    let url = "https://examplebucket.s3.amazonaws.com"
    #expect(signature(url + ":443/?max-keys=2&prefix=J") == signature(url + "/?max-keys=2&prefix=J"))
    #expect(signature(url + ":80/?max-keys=2&prefix=J") != signature(url + "/?max-keys=2&prefix=J"))
  }

  @Test func aBucketIsListedAsDocumented() {
    #expect(
      signature("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J").hasSuffix(
        "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
  }
}

/// The check values that are published with each algorithm, of the text `123456789`.
@Test(arguments: [
  (Checksum.Kind.crc32, "cbf43926"), (.crc32c, "e3069283"), (.crc64nvme, "ae8b14860a799888"),
])
func aChecksumIsThatOfItsDefinition(kind: Checksum.Kind, expected: String) {
  var checksum = Checksum(kind)
  Array("1234".utf8).withUnsafeBytes { checksum.add($0) }
  Array("56789".utf8).withUnsafeBytes { checksum.add($0) }
  #expect(lowercaseHex(checksum.bytes) == expected)
}

@Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
func base64IsThatOfItsStandard(text: String, expected: String) {
  #expect(base64(Array(text.utf8)) == expected)
}

@Test func aTextIsMaskedAlsoWhereItWasCutInsideASecret() {
  var credentials = Credentials()
  credentials.addBasic(user: "me", password: Secret("open sesame"))
  #expect(credentials.masked("say open sesame or bWU6b3BlbiBzZXNhbWU=") == "say ••• or •••")
  #expect(credentials.masked("say open ses") == "say •••")
  #expect(credentials.masked("say open") == "say •••")
}
