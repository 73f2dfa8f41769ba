/// A digest that a reply says its file has, and the digest it turns out to have.
struct DigestClaim {
  let header: String
  private let expected: [String]
  private let digest: FileDigest?
  private var crc: Checksum?

  private init(_ header: String, _ expected: [String], _ algorithm: FileDigest.Algorithm) {
    self.header = header
    self.expected = expected
    digest = FileDigest(algorithm)
  }

  private init(_ header: String, _ expected: String, _ checksum: Checksum) {
    self.header = header
    self.expected = [expected]
    digest = nil
    crc = checksum
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    digest?.add(bytes)
    crc?.add(bytes)
  }

  var isTrue: Bool {
    let found = crc?.bytes ?? digest?.bytes() ?? []
    return expected.contains(base64(found)) || expected.contains(lowercaseHex(found))
  }

  /// Every digest of the whole file as it was sent that the reply gives and that is known.
  static func all(in reply: Reply) -> [DigestClaim] {
    var claims: [DigestClaim] = []
    // `Repr-Digest: sha-256=:BASE64:, ...`, and `Digest: SHA-256=BASE64` before it.
    for name in ["content-digest", "repr-digest", "digest"] {
      for item in (reply.header(name) ?? "").split(separator: ",") {
        let pair = item.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
        guard pair.count == 2 else { continue }
        let value = String(pair[1].filter { $0 != ":" && $0 != " " })
        switch pair[0].lowercased() {
        case "sha-256": claims.append(.init(name, [value], .sha256))
        case "sha-512": claims.append(.init(name, [value], .sha512))
        default: break
        }
      }
    }
    if let value = reply.header("content-md5") { claims.append(.init("content-md5", [value], .md5)) }
    return claims + amazon(reply)
  }

  /// Of objects uploaded in parts these speak of the parts, and end in `-N`.
  private static func amazon(_ reply: Reply) -> [DigestClaim] {
    func value(_ kind: String) -> String? {
      reply.header("x-amz-checksum-" + kind).flatMap { $0.contains("-") ? nil : $0 }
    }
    var claims: [DigestClaim] = []
    if let text = value("sha256") { claims.append(.init("x-amz-checksum-sha256", [text], .sha256)) }
    if let text = value("sha1") { claims.append(.init("x-amz-checksum-sha1", [text], .sha1)) }
    for kind in Checksum.Kind.allCases {
      if let text = value(kind.rawValue) {
        claims.append(.init("x-amz-checksum-\(kind.rawValue)", text, Checksum(kind)))
      }
    }
    let isAmazon = reply.headers.contains { $0.name.hasPrefix("x-amz-") }
    let encryption = reply.header("x-amz-server-side-encryption") ?? "AES256"
    let etag = (reply.header("etag") ?? "").filter { $0 != "\"" }.lowercased()
    if isAmazon, encryption == "AES256",
      reply.header("x-amz-server-side-encryption-customer-algorithm") == nil,
      etag.utf8.count == 32, etag.allSatisfy(\.isHexDigit)
    {
      claims.append(.init("etag", [etag], .md5))
    }
    return claims
  }
}

/// A cyclic redundancy check, the least significant bit first.
struct Checksum {
  enum Kind: String, CaseIterable { case crc32, crc32c, crc64nvme }

  private let width: Int
  private let table: [UInt64]
  private var value: UInt64

  init(_ kind: Kind) {
    let polynomial: UInt64
    switch kind {
    case .crc32: (width, polynomial) = (4, 0xEDB8_8320)
    case .crc32c: (width, polynomial) = (4, 0x82F6_3B78)
    case .crc64nvme: (width, polynomial) = (8, 0x9A6C_9329_AC4B_C9B5)
    }
    table = (0..<256).map { byte in
      (0..<8).reduce(UInt64(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ polynomial : rest >> 1 }
    }
    value = width == 8 ? .max : 0xFFFF_FFFF
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var value = value
    table.withUnsafeBufferPointer { table in
      for byte in bytes { value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8 }
    }
    self.value = value
  }

  /// The most significant byte first.
  var bytes: [UInt8] {
    let final = value ^ (width == 8 ? .max : 0xFFFF_FFFF)
    return (0..<width).reversed().map { UInt8(truncatingIfNeeded: final >> UInt64(8 * $0)) }
  }
}
