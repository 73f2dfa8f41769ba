import Foundation
import Testing

/// Everything that drives the built program, one after the other: each script keeps two processors busy.
@Suite(.serialized) struct ProgramTests {}

/// The program, and the Python scripts that judge it.
enum BuiltProgram {
  /// PERENNIAL_PROGRAM, which `make test` sets to the release, as it ships; else what was built beside these tests.
  static let path: String = {
    if let named = ProcessInfo.processInfo.environment["PERENNIAL_PROGRAM"] { return named }
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    let folders = [own, CommandLine.arguments[0]].map { ($0 as NSString).deletingLastPathComponent }
    let candidates = folders.map { $0 + "/perennial" }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? candidates[0]
  }()

  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let oracle = tests + "/Oracle"

  /// Names of `Tests/Cases/*.case`.
  static let cases: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: tests + "/Cases")) ?? []
    return names.filter { $0.hasSuffix(".case") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// Whether the public books are there: `../shared` beside the checkout, or PERENNIAL_SHARED.
  static let hasPublicBooks: Bool = {
    let named = ProcessInfo.processInfo.environment["PERENNIAL_SHARED"]
    return [named, tests + "/../../shared"].compactMap { $0 }.contains {
      FileManager.default.fileExists(atPath: $0 + "/data/playbook")
    }
  }()

  struct Outcome {
    var status: Int32
    /// What the script printed, errors included.
    var text: String
  }

  /// Runs `python3 Tests/Oracle/SCRIPT` to its end.
  static func judge(_ script: String, _ arguments: [String] = []) throws -> Outcome {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B", oracle + "/" + script] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, text: String(decoding: output, as: UTF8.self))
  }
}
