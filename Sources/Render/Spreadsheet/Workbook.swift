import CXlsxWriter
import Glibc
import Model

/// A workbook while it is written, with the formats its cells use, each made once.
///
/// The library writes to a file alone; it is made in the system's folder for such files and taken away again.
final class Workbook {
  /// What stands in the way of writing it, from the system.
  struct Failure: Error { var message: String }

  struct Look: Hashable {
    var numberFormat: String?
    var isBold = false
    var isItalic = false
    var isQuiet = false
    var isWrapped = false
    var isRight = false
    var isLeft = false
    var hasLineAbove = false
    var hasLineBelow = false
    var size: Double?
    var fill: UInt32?
    var color: UInt32?
  }

  let book: UnsafeMutablePointer<lxw_workbook>
  private let path: String
  private var formats: [Look: UnsafeMutablePointer<lxw_format>] = [:]
  private var names = SheetNames()

  /// - Parameter created: The day its properties name; no clock takes part.
  init(title: String, company: String, created: Day) throws(Failure) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    var template = Array("\(folder.isEmpty ? "/tmp" : folder)/perennial-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw Failure(message: String(cString: strerror(errno))) }
    close(file)
    path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    guard let book = workbook_new(path) else {
      unlink(path)
      throw Failure(message: "no memory")
    }
    self.book = book
    var properties = lxw_doc_properties()
    properties.created = time_t(max(1, Int(created.number))) * 86_400
    _ = withStrings([title, company]) { texts in
      properties.title = texts[0]
      properties.company = texts[1]
      properties.author = texts[1]
      return workbook_set_properties(book, &properties)
    }
  }

  deinit { unlink(path) }

  func sheet(_ name: String) throws(Failure) -> UnsafeMutablePointer<lxw_worksheet> {
    guard let sheet = workbook_add_worksheet(book, names.name(name)) else {
      throw Failure(message: "a sheet named '\(name)' is refused")
    }
    worksheet_set_paper(sheet, 9)
    worksheet_fit_to_pages(sheet, 1, 0)
    return sheet
  }

  func format(_ look: Look) -> UnsafeMutablePointer<lxw_format>? {
    if let format = formats[look] { return format }
    guard let format = workbook_add_format(book) else { return nil }
    if let numberFormat = look.numberFormat { format_set_num_format(format, numberFormat) }
    if look.isBold { format_set_bold(format) }
    if look.isItalic { format_set_italic(format) }
    if look.isQuiet { format_set_font_color(format, 0x5A6675) }
    if let color = look.color { format_set_font_color(format, color) }
    if look.isWrapped { format_set_text_wrap(format) }
    if look.isRight { format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue)) }
    if look.isLeft { format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue)) }
    if look.hasLineAbove { format_set_top(format, UInt8(LXW_BORDER_THIN.rawValue)) }
    if look.hasLineBelow { format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue)) }
    if let size = look.size { format_set_font_size(format, size) }
    if let fill = look.fill { format_set_bg_color(format, fill) }
    format_set_align(
      format, UInt8((look.isWrapped ? LXW_ALIGN_VERTICAL_TOP : LXW_ALIGN_VERTICAL_BOTTOM).rawValue))
    formats[look] = format
    return format
  }

  /// Ends the workbook; nothing may be written to it after this.
  func bytes() throws(Failure) -> [UInt8] {
    let outcome = workbook_close(book)
    guard outcome == LXW_NO_ERROR else {
      throw Failure(message: lxw_strerror(outcome).map { String(cString: $0) } ?? "error \(outcome.rawValue)")
    }
    guard let file = fopen(path, "rb") else { throw Failure(message: String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { break }
      bytes += block[..<count]
    }
    return bytes
  }
}

/// Lends texts to C for the length of a call.
private func withStrings<Result>(
  _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = texts.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies)
}

/// Names of sheets as spreadsheets take them: at most 31 characters, none of `[]:*?/\`, each once whatever its letters' case.
struct SheetNames {
  private var used: Set<String> = []

  mutating func name(_ wanted: String) -> String {
    var base = plainText(String(wanted.map { "[]:*?/\\".contains($0) ? " " : $0 }))
    while base.first == "'" || base.first == " " { base.removeFirst() }
    if base.isEmpty || base.lowercased() == "history" { base = "Sheet" }
    var number = 1
    while true {
      let ending = number == 1 ? "" : " \(number)"
      var name = Self.prefix(base, units: 31 - ending.utf16.count)
      while name.last == "'" || name.last == " " { name.removeLast() }
      name += ending
      if used.insert(name.lowercased()).inserted { return name }
      number += 1
    }
  }

  /// As many whole words as fit, or characters of a word that is long by itself; their length is that of UTF-16.
  private static func prefix(_ text: String, units: Int) -> String {
    var result = ""
    for character in text {
      guard result.utf16.count + String(character).utf16.count <= units else {
        guard character != " ", let end = result.lastIndex(of: " ") else { break }
        let words = result[..<end]
        return words.utf16.count * 2 > units ? String(words) : result
      }
      result.append(character)
    }
    return result
  }
}
