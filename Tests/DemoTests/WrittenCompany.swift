import Foundation
import Testing

@testable import Demo

/// A folder of its own for one test, removed with this object.
final class TemporaryFolder: Sendable {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID())").path
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A demo company as it was written to a folder, in memory.
struct WrittenCompany: Sendable {
  let company: DemoCompany
  /// Paths below the folder, in the order they were written.
  let paths: [String]
  private let contents: [String: [UInt8]]

  init(customers: Int, months: Int = 40, seed: UInt64 = 1) throws {
    let temporary = TemporaryFolder()
    // Not there yet, and neither is the one it lies in.
    let folder = temporary.path + "/within/demo"
    company = DemoCompany(customers: customers, months: months, seed: seed)
    let files = try company.write(to: folder)
    paths = files.map { String($0.path.dropFirst(folder.count + 1)) }
    contents = Dictionary(
      uniqueKeysWithValues: try zip(paths, files).map {
        ($0, Array(try Data(contentsOf: URL(fileURLWithPath: $1.path))))
      })
  }

  func bytes(_ path: String) throws -> [UInt8] { try #require(contents[path], "\(path)") }

  /// All files' contents one after the other.
  func allBytes() throws -> [UInt8] { try paths.flatMap { Array($0.utf8) + (try bytes($0)) } }

  /// The rows of a file by column name; those with another number of fields than the header are left out.
  func table(_ path: String) throws -> [[String: String]] {
    let rows = parsed(try bytes(path))
    let header = rows[0]
    return rows.dropFirst().filter { $0.count == header.count }
      .map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  /// RFC 4180, every row of it.
  func parsed(_ bytes: [UInt8]) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var position = 0
    func isQuote(_ at: Int) -> Bool { at < bytes.count && bytes[at] == 0x22 }
    while position < bytes.count {
      let byte = bytes[position]
      if isQuoted {
        if byte != 0x22 {
          field.append(byte)
        } else if isQuote(position + 1) {
          field.append(byte)
          position += 1
        } else {
          isQuoted = false
        }
      } else if byte == 0x22 {
        isQuoted = true
      } else if byte == 0x2C || byte == 0x0A {
        row.append(String(decoding: field, as: UTF8.self))
        field = []
        if byte == 0x0A {
          rows.append(row)
          row = []
        }
      } else if byte != 0x0D {
        field.append(byte)
      }
      position += 1
    }
    return rows
  }
}
