import Model

/// Who asks, with all secrets resolved. Goes to the host of the request and to no other.
public struct Credentials: Sendable {
  public struct Keys: Sendable {
    public var access: String
    public var secret: Secret
    public var token: Secret?
    public var region: String
  }

  public struct Login: Sendable {
    public var user: String
    public var password: Secret?
    public var keyFile: String?
    public var keyPassword: Secret?
  }

  public var headers: [(name: String, value: Secret)] = []
  /// Put behind the URL's `?`.
  public var parameters: [(name: String, value: Secret)] = []
  /// Signs each request.
  public var keys: Keys?
  public var login: Login?
  /// Every text that must not be shown.
  var hidden: [String] = []

  public init() {}

  /// Adds `Authorization: Bearer TOKEN`.
  public mutating func addBearer(_ token: Secret) {
    add("Authorization", Secret("Bearer " + token.text))
    hide(token.text)
  }

  public mutating func addBasic(user: String, password: Secret) {
    let pair = base64(Array("\(user):\(password.text)".utf8))
    add("Authorization", Secret("Basic " + pair))
    hide(password.text)
    hide(pair)
  }

  public mutating func add(_ header: String, _ value: Secret) {
    headers.append((header, value))
    hide(value.text)
  }

  public mutating func add(parameter name: String, _ value: Secret) {
    parameters.append((name, value))
    hide(value.text)
    hide(percentEncoded(value.text))
  }

  /// Too short a text would be found everywhere, and tell more by being masked.
  public mutating func hide(_ text: String) {
    if text.utf8.count >= 4, !hidden.contains(text) { hidden.append(text) }
  }

  /// The text without any secret in it, nor the beginning of one at its end: to be asked before a text is cut.
  func masked(_ text: String) -> String {
    let whole = hidden.sorted { $0.utf8.count > $1.utf8.count }.reduce(text) { $0.replacing($1, with: "•••") }
    for secret in hidden {
      for length in stride(from: secret.count - 1, to: 2, by: -1) where whole.hasSuffix(secret.prefix(length))
      {
        return whole.dropLast(length) + "•••"
      }
    }
    return whole
  }
}

/// Letters, digits and `-._~` as they are, every other byte as `%XX`.
func percentEncoded(_ text: String, keeping kept: String = "") -> String {
  let kept = Array(kept.utf8)
  var result: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(byte)
    case _ where kept.contains(byte): result.append(byte)
    default: result += [0x25, hexDigit(byte >> 4), hexDigit(byte & 15)]
    }
  }
  return String(decoding: result, as: UTF8.self)
}

private func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x41 + value - 10 }

/// `%XX` read back; what is no such thing stays.
func percentDecoded(_ text: String) -> String {
  let bytes = Array(text.utf8)
  var result: [UInt8] = []
  var index = 0
  while index < bytes.count {
    if bytes[index] == 0x25, index + 2 < bytes.count,
      let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
    {
      result.append(value)
      index += 3
    } else {
      result.append(bytes[index])
      index += 1
    }
  }
  return String(decoding: result, as: UTF8.self)
}

func base64(_ bytes: [UInt8]) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for digit in 0..<4 {
      text.append(digit <= group.count ? digits[word >> (18 - 6 * digit) & 63] : 0x3D)
    }
  }
  return String(decoding: text, as: UTF8.self)
}
