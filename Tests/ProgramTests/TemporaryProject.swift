import Foundation

/// A project in a folder of its own, and the program run in it as its user does.
final class TemporaryProject {
  let folder: URL

  /// `perennial init` in an empty folder, and a source of subscription periods.
  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("perennial-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    _ = try run("init", ".", "--name", "Test Company")
    try write("Config/sources/billing.yml", Self.source)
    try write("exports/periods.csv", Self.header + Self.rows)
  }

  /// A project that is there already; its folder goes with it.
  init(at folder: URL) { self.folder = folder }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static let source = """
    files: exports/periods.csv
    entities:
      recurring_charge:
        id: id
        customer: customer
        start: start
        end: {column: end, bound: exclusive}
        amount: amount
        interval_unit: {constant: month}
        currency: {constant: USD}
    """
  static let header = "id,customer,start,end,amount\n"
  static let rows = """
    1,a,2024-01-01,,100
    2,b,2024-01-01,2024-03-01,50
    3,c,2024-02-01,,30
    4,d,2024-02-10,,20
    5,e,2024-03-01,,10

    """

  func write(_ path: String, _ text: String) throws {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  /// Writes to the warehouse behind the program's back.
  func alter(_ sql: String) throws {
    let altering = Process()
    altering.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    altering.arguments = [
      "python3", "-c",
      "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.executescript(sys.argv[2]); d.commit()",
      folder.appendingPathComponent("output/warehouse.sqlite").path, sql,
    ]
    try altering.run()
    altering.waitUntilExit()
    if altering.terminationStatus != 0 { throw CocoaError(.executableLoad) }
  }

  func data(_ path: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(path)) }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  struct Outcome {
    var status: Int32
    /// stdout.
    var data: String
    /// stderr.
    var told: String
  }

  @discardableResult func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  func run(_ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // Files rather than pipes: neither stream can fill up while the other is read.
    let out = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let told = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    for file in [out, told] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    defer { for file in [out, told] { try? FileManager.default.removeItem(at: file) } }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: told)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, data: try String(contentsOf: out, encoding: .utf8),
      told: try String(contentsOf: told, encoding: .utf8))
  }

  /// Runs it with stdout going to a file that is there; its data are what that holds, not given here.
  func run(_ arguments: [String], into path: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let told = Pipe()
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    process.standardError = told
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = told.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, data: "", told: String(decoding: text, as: UTF8.self))
  }

  /// Starts it and does not wait.
  func start(_ arguments: String...) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// A run of the nightly pipeline as of the end of March 2024.
  @discardableResult func night(_ arguments: String...) throws -> Outcome {
    try run(["run", "nightly", "--as-of", "2024-03-31"] + arguments)
  }

  func query(_ sql: String) throws -> [String] {
    let outcome = try run("query", sql)
    return outcome.data.split(separator: "\n").dropFirst().map(String.init)
  }
}
