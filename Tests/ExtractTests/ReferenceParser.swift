import Model

/// A reader that is right because it is slow and plain: one byte after the other, the whole text at hand.
struct ReferenceParser {
  var text: [UInt8]
  var format: FileFormat
  var delimiter: [UInt8]

  private(set) var rows: [[String]] = []
  private(set) var quoted: [[Bool]] = []
  private(set) var lines: [Int] = []
  private(set) var raws: [String] = []
  private(set) var malformed: [Reading.Spoilt] = []
  private(set) var places: [[String]] = []

  private struct Fault: Error {
    var name: String
    var at: Int
    var opened: Int
  }

  private struct Row {
    var fields: [[UInt8]] = []
    var quoted: [Bool] = []
    var starts: [Int] = []
    var end = 0
  }

  init(_ text: [UInt8], _ format: FileFormat) {
    self.text = text
    self.format = format
    delimiter = Array(format.delimiter!.utf8)
    var width = format.columns?.count
    var position = 0
    while position < text.count {
      let start = position
      if let comment = format.comment, text[start...].starts(with: Array(comment.utf8)) {
        position = behindLine(from: start)
        continue
      }
      do {
        let row = try parse(start)
        position = row.end + lineEnd(row.end)
        if isSkipped(row) { continue }
        width = width ?? row.fields.count
        let raw = Array(text[start..<row.end])
        if let wrong = wrongByte(raw) {
          spoil(wrong.name, start + wrong.at, start, row.end)
        } else if row.fields.count < width! {
          spoil("short-row", row.end, start, row.end)
        } else if row.fields.count > width! {
          spoil("long-row", row.starts[width!], start, row.end)
        } else {
          rows.append(row.fields.map { String(decoding: $0, as: UTF8.self) })
          quoted.append(row.quoted)
          lines.append(place(start).line)
          raws.append(String(decoding: raw, as: UTF8.self))
          places.append(row.starts.map { "in.csv:\(place($0).line):\(place($0).column)" })
        }
      } catch let fault as Fault {
        position = behindLine(from: fault.opened)
        var end = position
        while end > fault.opened, text[end - 1] == 0x0A || text[end - 1] == 0x0D { end -= 1 }
        // A fault line may itself end in several line ends; only the first belongs to it.
        end = fault.opened
        while lineEnd(end) == 0, end < text.count { end += 1 }
        spoil(fault.name, fault.at, start, end)
      } catch {
        fatalError("\(error)")
      }
    }
  }

  private func isSkipped(_ row: Row) -> Bool {
    switch format.skippedRows {
    case .none: false
    case .empty: row.fields == [[]] && !row.quoted[0]
    case .blank:
      row.fields.allSatisfy { field in
        String(validating: field, as: UTF8.self)?.unicodeScalars.allSatisfy {
          " \t\n\u{B}\u{C}\r\u{A0}".unicodeScalars.contains($0)
        } == true
      }
    }
  }

  private func parse(_ start: Int) throws -> Row {
    var row = Row()
    var at = start
    while true {
      row.starts.append(at)
      var field: [UInt8] = []
      if format.quote != 0, at < text.count, text[at] == format.quote {
        at = try parseQuoted(at, &field)
        row.quoted.append(true)
      } else {
        while at < text.count, lineEnd(at) == 0, !isDelimiter(at) {
          field.append(text[at])
          at += 1
        }
        row.quoted.append(false)
      }
      row.fields.append(field)
      guard isDelimiter(at) else { break }
      at += delimiter.count
    }
    row.end = at
    return row
  }

  private func parseQuoted(_ open: Int, _ field: inout [UInt8]) throws -> Int {
    var at = open + 1
    while true {
      guard at < text.count else { throw Fault(name: "open-quote", at: open, opened: open) }
      let next = at + 1 < text.count ? text[at + 1] : nil
      if text[at] == format.quote, next == format.quote {
        field.append(format.quote)
        at += 2
      } else if let escape = format.escape, text[at] == escape, next == format.quote || next == escape {
        field.append(next!)
        at += 2
      } else if text[at] == format.quote {
        break
      } else {
        field.append(text[at])
        at += 1
      }
    }
    at += 1
    while at < text.count, lineEnd(at) == 0, !isDelimiter(at) {
      guard text[at] == 0x20 || text[at] == 0x09 else {
        if place(at).line == place(open).line { throw Fault(name: "text-after-quote", at: at, opened: open) }
        throw Fault(name: "open-quote", at: open, opened: open)
      }
      at += 1
    }
    return at
  }

  private func isDelimiter(_ at: Int) -> Bool { text[min(at, text.count)...].starts(with: delimiter) }

  private func lineEnd(_ at: Int) -> Int {
    guard at < text.count else { return 0 }
    if text[at] == 0x0A { return 1 }
    guard text[at] == 0x0D else { return 0 }
    return at + 1 < text.count && text[at + 1] == 0x0A ? 2 : 1
  }

  private func behindLine(from start: Int) -> Int {
    var at = start
    while at < text.count {
      if lineEnd(at) > 0 { return at + lineEnd(at) }
      at += 1
    }
    return at
  }

  private func place(_ target: Int) -> (line: Int, column: Int) {
    var line = 1
    var lineStart = 0
    var at = 0
    while at < target {
      let length = lineEnd(at)
      if length > 0, at + length <= target {
        line += 1
        lineStart = at + length
      }
      at += max(length, 1)
    }
    return (line, 1 + text[lineStart..<target].count { $0 & 0xC0 != 0x80 })
  }

  private func wrongByte(_ raw: [UInt8]) -> (name: String, at: Int)? {
    var at = 0
    while at < raw.count {
      let length = (1...4).first {
        at + $0 <= raw.count && String(validating: raw[at..<at + $0], as: UTF8.self) != nil
      }
      guard let length else { return ("not-text", at) }
      at += length
    }
    return raw.firstIndex(of: 0).map { ("nul-byte", $0) }
  }

  private mutating func spoil(_ name: String, _ at: Int, _ start: Int, _ end: Int) {
    let place = place(at)
    malformed.append(
      Reading.Spoilt(
        line: place.line, column: place.column, name: name,
        raw: String(decoding: text[start..<end], as: UTF8.self)))
  }
}
