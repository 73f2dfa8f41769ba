import Model

/// Why a whole JSON file cannot be used, and where.
struct FileFault {
  var name: ExtractFinding
  var problem: String
  var remedy: String
  var line: Int?
  var column: Int?
  var byte: Int?
  var excerpt: String?

  /// - Parameters:
  ///   - base: Offset of the text in the file.
  init(_ fault: SyntaxFault, in text: UnsafeBufferPointer<UInt8>, base: Int) {
    name = if case .cutOff = fault.kind { .jsonCutOff } else { fault.name }
    problem = "the document is no JSON: \(fault.reason)"
    if case .several = fault.kind { problem = fault.reason }
    if case .cutOff = fault.kind { problem = fault.reason }
    remedy = name.remedy
    byte = base + fault.at
    excerpt = Self.excerpt(text, fault.at)
  }

  init(_ name: ExtractFinding, _ problem: String, at: Int?, in text: UnsafeBufferPointer<UInt8>, base: Int) {
    self.name = name
    self.problem = problem
    remedy = name.remedy
    byte = at.map { base + $0 }
    excerpt = at.flatMap { Self.excerpt(text, $0) }
  }

  /// What stands from there on, to the end of the line at most.
  private static func excerpt(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> String? {
    guard start < text.count else { return nil }
    var end = start
    while end < text.count, end < start + 80, text[end] != 0x0A, text[end] != 0x0D { end += 1 }
    while end < text.count, end > start, text[end] & 0xC0 == 0x80 { end -= 1 }
    return String(decoding: text[start..<end], as: UTF8.self)
  }
}

/// What became of a text.
enum TakenText {
  /// So many bytes are used up.
  case taken(Int)
  case fault(FileFault)
}
