import Foundation

/// A program of others that judges what this one made, run to its end.
public struct Checker: Sendable {
  public let status: Int32
  /// What it printed, errors included.
  public let text: String

  /// Runs `Tests/Checkers/SCRIPT` with the Python packages of the tests.
  public static func script(_ name: String, _ arguments: [String], seconds: Int = 600) throws -> Checker {
    let folder = URL(fileURLWithPath: ServerProcess.sources + "/../Checkers").standardized.path
    return try Checker([ServerProcess.python, "-B", folder + "/" + name] + arguments, seconds: seconds)
  }

  /// Runs a command, with `PATH` looked through; it is ended when it takes longer.
  public init(_ command: [String], seconds: Int = 600) throws {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["--kill-after=2", "\(seconds)"] + command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    status = process.terminationStatus
    text = String(decoding: output, as: UTF8.self)
  }
}
