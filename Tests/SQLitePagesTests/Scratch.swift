import Foundation
import SQLitePages

/// A folder for one test's files.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("pages-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}

extension RecordWriter {
  func append(_ value: Value) {
    switch value {
    case .null: appendNull()
    case .integer(let value): append(value)
    case .real(let value): append(value)
    case .text(let bytes): bytes.withUnsafeBufferPointer { append(text: $0) }
    case .blob(let bytes): bytes.withUnsafeBytes { append(blob: $0) }
    }
  }

  func append(row: [Value]) {
    begin()
    for value in row { append(value) }
  }
}
