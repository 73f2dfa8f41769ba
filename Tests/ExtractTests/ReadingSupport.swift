import Extract
import Foundation
import Model
import Testing

/// A file in a folder of its own, gone with the value.
final class ScratchFolder {
  let path: String

  init() {
    var template = Array("/tmp/perennial-extract-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template)!)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) -> String {
    let full = path + "/" + name
    let file = fopen(full, "w")!
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    return full
  }
}

/// Everything a reader says about a file, in plain values.
struct Reading: Equatable {
  struct Spoilt: Equatable {
    var line: Int
    var column: Int
    var name: String
    var raw: String
  }

  var file = SourceFile(path: "")
  var rows: [[String]] = []
  var quoted: [[Bool]] = []
  var lines: [Int] = []
  var raws: [String] = []
  var malformed: [Spoilt] = []
  var reasons: [String] = []
  var findings: [Finding] = []
  /// Line and column of each field.
  var places: [[String]] = []

  var names: [String] { findings.map(\.name) }
}

func read(
  path: String, _ format: FileFormat = FileFormat(), blockSize: Int = 1 << 20, rowSize: Int = 1 << 24
) -> Reading {
  var limits = ReaderLimits()
  limits.blockSize = blockSize
  limits.rowSize = rowSize
  var reading = Reading()
  switch DelimitedReader.open(path: path, shownAs: "in.csv", format: format, limits: limits) {
  case .failure(let unreadable):
    reading.findings = [unreadable.finding]
  case .success(let reader):
    while let batch = reader.next() { reading.add(batch) }
    reading.file = reader.file
    reading.findings = reader.findings
  }
  return reading
}

func read(
  _ bytes: [UInt8], _ format: FileFormat = FileFormat(), blockSize: Int = 1 << 20, rowSize: Int = 1 << 24
) -> Reading {
  let folder = ScratchFolder()
  return read(path: folder.write("in.csv", bytes), format, blockSize: blockSize, rowSize: rowSize)
}

func read(_ text: String, _ format: FileFormat = FileFormat(), blockSize: Int = 1 << 20) -> Reading {
  read(Array(text.utf8), format, blockSize: blockSize)
}

extension Reading {
  mutating func add(_ batch: RecordBatch) {
    for record in 0..<batch.count {
      let fields = batch.fields[record * batch.width..<(record + 1) * batch.width]
      rows.append(
        fields.map {
          String(decoding: batch.bytes[Int($0.offset)..<Int($0.offset) + Int($0.length)], as: UTF8.self)
        })
      quoted.append(fields.map(\.quoted))
      lines.append(Int(batch.lines[record]))
      raws.append(batch.rawText(ofRecord: record))
      places.append(
        (0..<batch.width).map { batch.place(ofField: $0, inRecord: record, file: "in.csv").description })
    }
    malformed += batch.malformed.map { Spoilt(line: $0.line, column: $0.column, name: $0.name, raw: $0.raw) }
    reasons += batch.malformed.map(\.reason)
  }
}
