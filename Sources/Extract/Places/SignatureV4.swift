import CLibcrypto
import Model

/// Signs a GET without body as the AWS Signature Version 4 process for S3 says.
///
/// libcurl can sign too, but its versions differ in which characters of a key or query they encode and whether they sort, and
/// the time of the signature would be the system's.
struct SignatureV4 {
  private let keys: Credentials.Keys
  private let stamp: String
  private var day: Substring { stamp.prefix(8) }

  private static let ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  /// - Parameter seconds: The time of the request, since 1970.
  init(_ keys: Credentials.Keys, seconds: Int64) {
    self.keys = keys
    stamp = String(Moment(instant: seconds).description.filter { $0 != "-" && $0 != ":" })
  }

  /// The headers to send, `Authorization` among them, for a URL whose path and query are percent-encoded and sorted.
  func headers(for url: String, and more: [(name: String, value: String)] = []) -> [(
    name: String, value: String
  )] {
    let parts = Self.parts(of: url)
    var sent = more + [("x-amz-content-sha256", Self.ofNothing), ("x-amz-date", stamp)]
    if let token = keys.token { sent.append(("x-amz-security-token", token.text)) }
    let signed = (sent + [("host", parts.host)]).map { ($0.name.lowercased(), $0.value) }.sorted {
      $0.0 < $1.0
    }
    let names = signed.map(\.0).joined(separator: ";")
    let canonical = [
      "GET", parts.path, parts.query, signed.map { "\($0.0):\($0.1)\n" }.joined(), names, Self.ofNothing,
    ].joined(separator: "\n")
    let scope = "\(day)/\(keys.region)/s3/aws4_request"
    let toSign = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(Self.sha256(canonical))"
    var key = Array("AWS4\(keys.secret.text)".utf8)
    for piece in [String(day), keys.region, "s3", "aws4_request"] { key = Self.hmac(key, piece) }
    let signature = lowercaseHex(Self.hmac(key, toSign))
    let value =
      "AWS4-HMAC-SHA256 Credential=\(keys.access)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
    return sent + [("Authorization", value)]
  }

  private static func parts(of url: String) -> (host: String, path: String, query: String) {
    let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
    let usual = url.hasPrefix("https:") ? ":443" : ":80"
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let target = rest[slash...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = target.first.map(String.init) ?? ""
    // The port everybody takes is not in the header `Host`.
    let host = rest[..<slash].hasSuffix(usual) ? rest[..<slash].dropLast(usual.count) : rest[..<slash]
    return (
      String(host), path.isEmpty ? "/" : path, target.count > 1 ? String(target[1]) : ""
    )
  }

  private static func sha256(_ text: String) -> String {
    let digest = FileDigest()
    Array(text.utf8).withUnsafeBytes { digest.add($0) }
    return digest.finish()
  }

  private static func hmac(_ key: [UInt8], _ text: String) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    let bytes = Array(text.utf8)
    HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &code, &length)
    return Array(code.prefix(Int(length)))
  }
}
