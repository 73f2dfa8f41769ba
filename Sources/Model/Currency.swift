/// An ISO 4217 currency code, packed in 32 bits.
@frozen public struct Currency: Hashable, Comparable, Sendable {
  public let packed: UInt32

  /// Exactly three ASCII letters, stored in upper case; nil otherwise. Stripe writes `usd`, Salesforce `USD`.
  @inlinable public init?(ascii bytes: some Collection<UInt8>) {
    guard bytes.count == 3 else { return nil }
    var packed: UInt32 = 0
    for byte in bytes {
      let upper = byte & 0xDF
      guard upper >= 0x41, upper <= 0x5A else { return nil }
      packed = packed << 8 | UInt32(upper)
    }
    self.packed = packed
  }

  /// Of a value that ``packed`` gave.
  @inlinable public init(packed: UInt32) { self.packed = packed }

  @inlinable public init?(_ code: some StringProtocol) { self.init(ascii: Array(code.utf8)) }

  @inlinable public static func < (left: Currency, right: Currency) -> Bool { left.packed < right.packed }

  /// Digits after the decimal point of the minor unit (ISO 4217): JPY 0, USD 2, KWD 3.
  public var exponent: Int { Self.exponents[packed] ?? 2 }

  /// Of those that do not have two digits. Asked for every amount that is written.
  private static let exponents: [UInt32: Int] = {
    let codes = [
      0: [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
        "XAF", "XOF", "XPF",
      ],
      3: ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"],
      4: ["CLF", "UYW"],
    ]
    var exponents: [UInt32: Int] = [:]
    for (exponent, codes) in codes {
      for currency in codes.compactMap({ Currency($0) }) { exponents[currency.packed] = exponent }
    }
    return exponents
  }()
}

extension Currency: CustomStringConvertible {
  public var code: String {
    String(
      decoding: [UInt8(packed >> 16 & 0xFF), UInt8(packed >> 8 & 0xFF), UInt8(packed & 0xFF)], as: UTF8.self)
  }
  public var description: String { code }
}
