import CLibcrypto

/// SHA-256 of bytes, and with a key their HMAC, in lower-case hex.
enum Digest {
  static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
    return hex(digest)
  }

  /// Of texts one after the other, none of which can pass for a part of another.
  static func sha256(_ texts: [String]) -> String {
    sha256(texts.flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) })
  }

  static func hmac(_ bytes: [UInt8], key: String) -> String {
    let key = Array(key.utf8)
    var digest = [UInt8](repeating: 0, count: 32)
    HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &digest, nil)
    return hex(digest)
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
