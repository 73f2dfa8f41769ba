import Model

/// A currency as an amount is written with it: a sign (`$`, `€`, `£`, `¥`) or a code (`USD 1,200.00`).
struct CurrencyMark: Hashable, Sendable {
  /// 0 for none, 1 to 4 for the signs, else ``Currency/packed``.
  private var value: UInt32

  static let none = CurrencyMark(value: 0)
  private static let dollar = CurrencyMark(value: 1)
  private static let euro = CurrencyMark(value: 2)
  private static let pound = CurrencyMark(value: 3)
  private static let yen = CurrencyMark(value: 4)

  /// The mark at `index` and its length in bytes; nil when there is none.
  static func read(_ text: FieldBytes, at index: Int) -> (CurrencyMark, Int)? {
    let rest = UnsafeBufferPointer(rebasing: text[index...])
    guard let first = rest.first else { return nil }
    switch first {
    case 0x24: return (.dollar, 1)
    case 0xC2 where rest.count > 1 && rest[1] == 0xA3: return (.pound, 2)
    case 0xC2 where rest.count > 1 && rest[1] == 0xA5: return (.yen, 2)
    case 0xE2 where rest.count > 2 && rest[1] == 0x82 && rest[2] == 0xAC: return (.euro, 3)
    default: break
    }
    guard rest.count >= 3, let currency = Currency(ascii: rest[..<3]), currency.isListed else { return nil }
    let endsThere = rest.count == 3 || !isLetter(rest[3])
    return endsThere ? (CurrencyMark(value: currency.packed), 3) : nil
  }

  /// The currency the mark states beyond doubt: a code does, a sign does not.
  var currency: Currency? {
    value > 4 ? Currency(ascii: [UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]) : nil
  }

  /// Whether an amount in `currency` can be written with this mark.
  func fits(_ currency: Currency) -> Bool {
    switch self {
    case .none: true
    case .dollar: Self.dollars.contains(currency.code)
    case .euro: currency.code == "EUR"
    case .pound: Self.pounds.contains(currency.code)
    case .yen: currency.code == "JPY" || currency.code == "CNY"
    default: value == currency.packed
    }
  }

  private static let dollars: Set<String> = [
    "USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "DOP", "BRL", "BBD",
    "BSD",
    "BZD", "BMD", "BND", "KYD", "FJD", "GYD", "JMD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD", "CUP", "NIO",
  ]
  private static let pounds: Set<String> = ["GBP", "GIP", "FKP", "SHP", "EGP", "LBP", "SDG", "SSP", "SYP"]
}

@inline(__always) func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }
