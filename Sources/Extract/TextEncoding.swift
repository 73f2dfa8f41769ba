import Model

/// The decision on how a file's bytes are characters.
struct TextEncoding: Equatable {
  enum Form: String {
    case utf8 = "utf-8"
    case utf16le = "utf-16le"
    case utf16be = "utf-16be"
    case latin1 = "latin-1"
  }
  enum Decision: String { case declared, bom, detected }

  var form: Form
  var decision: Decision
  /// Bytes of the byte order mark, which is no text.
  var markLength = 0

  init(form: Form, decision: Decision, markLength: Int = 0) {
    self.form = form
    self.decision = decision
    self.markLength = markLength
  }

  /// A mark wins over a declaration: it is the file's own word, and no text begins like one by accident.
  init(declared: FileFormat.Encoding?, inspection: FileInspection) {
    let head = inspection.head
    if head.starts(with: [0xEF, 0xBB, 0xBF]) {
      // A marked file that is not UTF-8 is a UTF-8 file with damage: its bad rows are set aside.
      (form, decision, markLength) = (.utf8, .bom, 3)
    } else if head.starts(with: [0xFF, 0xFE]), declared != .latin1 {
      (form, decision, markLength) = (.utf16le, .bom, 2)
    } else if head.starts(with: [0xFE, 0xFF]), declared != .latin1 {
      (form, decision, markLength) = (.utf16be, .bom, 2)
    } else if let declared {
      decision = .declared
      form =
        switch declared {
        case .utf8: .utf8
        case .utf16le: .utf16le
        case .utf16be: .utf16be
        case .latin1: .latin1
        case .utf16: Self.wideForm(head) ?? .utf16le
        }
    } else {
      decision = .detected
      form = Self.wideForm(head) ?? (inspection.isUTF8 ? .utf8 : .latin1)
    }
  }

  /// UTF-16 shows in the zero halves of its commas, digits and line ends, all of them on the same side.
  private static func wideForm(_ head: [UInt8]) -> Form? {
    let pairs = min(head.count, 4096) / 2
    guard pairs > 0 else { return nil }
    var even = 0
    var odd = 0
    for pair in 0..<pairs {
      if head[2 * pair] == 0 { even += 1 }
      if head[2 * pair + 1] == 0 { odd += 1 }
    }
    if odd * 3 >= pairs, even * 20 <= odd { return .utf16le }
    if even * 3 >= pairs, odd * 20 <= even { return .utf16be }
    return nil
  }
}
