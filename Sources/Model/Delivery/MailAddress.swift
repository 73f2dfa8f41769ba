/// Somebody's mailbox as mail headers name it: `Ada Larch <ada@example.com>`, or the address alone.
public struct MailAddress: Hashable, Sendable, CustomStringConvertible {
  /// What stands before the address; empty without.
  public var name: String
  /// `local@domain`, in ASCII.
  public var address: String

  /// nil for what is no single address: an SMTP server gets it word for word, so nothing is taken that could end a command or a header.
  public init?(_ text: String) {
    guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return nil }
    var name = ""
    var address = text[...]
    if text.last == ">" {
      guard let open = text.lastIndex(of: "<") else { return nil }
      name = Self.trimmed(text[..<open])
      address = text[text.index(after: open)...].dropLast()
      if name.count >= 2, name.first == "\"", name.last == "\"" { name = String(name.dropFirst().dropLast()) }
      guard !name.contains(where: { "<>\"\\".contains($0) }) else { return nil }
    }
    guard Self.isAddress(address) else { return nil }
    self.name = name
    self.address = String(address)
  }

  public var description: String { name.isEmpty ? address : "\(name) <\(address)>" }

  /// The address with the domain in small letters; the local part is the server's to read.
  public var mailbox: String { "\(address.prefix { $0 != "@" })@\(domain)" }

  /// Whether a mailbox is this one, however its letters are written: no server is known where `Ada` and `ada` are two people.
  public func isMailbox(_ other: String) -> Bool { mailbox.lowercased() == other.lowercased() }

  /// What stands behind the `@`, in small letters.
  public var domain: String {
    address.lastIndex(of: "@").map { address[address.index(after: $0)...].lowercased() } ?? ""
  }

  /// The dot-atom form of RFC 5321; quoted local parts and address literals are not taken.
  private static func isAddress(_ text: Substring) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].utf8.count), (1...253).contains(parts[1].utf8.count)
    else { return false }
    func isMade(_ part: Substring, of isGood: (UInt8) -> Bool) -> Bool {
      part.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && $0.utf8.allSatisfy(isGood)
      }
    }
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    return isMade(parts[0]) { isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
      && isMade(parts[1]) { isAlphanumeric($0) || $0 == 0x2D }
      && !parts[1].hasPrefix("-") && !parts[1].hasSuffix("-")
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
