/// Reads CSV strictly as RFC 4180 has it, after a byte order mark.
struct CSVRecords {
  struct Malformed: Error {
    var reason: String
  }

  private(set) var rows: [[String: String]] = []

  init(_ text: String) throws {
    var scalars = Array(text.unicodeScalars)[...]
    guard scalars.popFirst() == "\u{FEFF}" else { throw Malformed(reason: "no byte order mark") }
    var records: [[String]] = []
    var record: [String] = []
    while !scalars.isEmpty {
      record.append(try Self.field(&scalars))
      if scalars.first == "," {
        scalars.removeFirst()
        continue
      }
      guard scalars.popFirst() == "\r", scalars.popFirst() == "\n" else {
        throw Malformed(reason: "a record does not end with CRLF")
      }
      records.append(record)
      record = []
    }
    guard let header = records.first else { throw Malformed(reason: "no header") }
    for record in records.dropFirst() {
      guard record.count == header.count else {
        throw Malformed(reason: "\(record) is not of \(header.count) fields")
      }
      rows.append(Dictionary(uniqueKeysWithValues: zip(header, record)))
    }
  }

  private static func field(_ scalars: inout ArraySlice<Unicode.Scalar>) throws -> String {
    var field = String.UnicodeScalarView()
    guard scalars.first == "\"" else {
      while let next = scalars.first, next != ",", next != "\r" {
        if next == "\"" || next == "\n" { throw Malformed(reason: "an unquoted \(next)") }
        field.append(next)
        scalars.removeFirst()
      }
      return String(field)
    }
    scalars.removeFirst()
    while let next = scalars.popFirst() {
      if next != "\"" {
        field.append(next)
      } else if scalars.first == "\"" {
        field.append(next)
        scalars.removeFirst()
      } else {
        return String(field)
      }
    }
    throw Malformed(reason: "a quoted field without end")
  }
}

/// Micro-units of a decimal of a CSV.
func micros(_ text: String?) -> Int64? {
  guard let text, !text.isEmpty else { return nil }
  let isNegative = text.hasPrefix("-")
  let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
  guard parts.count <= 2, let whole = Int64(parts[0]) else { return nil }
  let fraction = parts.count == 2 ? String(parts[1]) : ""
  guard fraction.count <= 6, let rest = Int64(fraction.padding(to: 6)) else { return nil }
  return (whole * 1_000_000 + rest) * (isNegative ? -1 : 1)
}

extension String {
  fileprivate func padding(to count: Int) -> String {
    self + String(repeating: "0", count: count - self.count)
  }
}
