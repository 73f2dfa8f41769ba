import Foundation

/// A web server that goes wrong as it is told to: see `fault_server.py`.
public final class FaultServer: ServerProcess {
  public private(set) var port = 0

  /// Serves one file, `export.csv`.
  public init(serving text: String) throws {
    try super.init()
    try write(text)
    let line = try launch(
      ["python3", "-B", Self.sources + "/fault_server.py", folder.appendingPathComponent("files").path],
      firstLine: true)
    guard let port = Int(line) else { throw NotStarted(log: line) }
    self.port = port
  }

  public func write(_ text: String, to name: String = "export.csv") throws {
    let files = folder.appendingPathComponent("files")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    try text.write(to: files.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  /// Its URL under a name of this machine: two names are two hosts.
  public func url(_ query: String = "", host: String = "127.0.0.1") -> String {
    "http://\(host):\(port)/export.csv" + (query.isEmpty ? "" : "?" + query)
  }

  public struct Request {
    public var query: String
    public var time: Double
    /// Names in small letters.
    public var headers: [String: String]
  }

  /// Every request so far.
  public func requests() throws -> [Request] {
    guard let url = URL(string: "http://127.0.0.1:\(port)/log") else { return [] }
    let list = try JSONSerialization.jsonObject(with: try Self.get(url)) as? [[String: Any]]
    return (list ?? []).map {
      Request(
        query: $0["query"] as? String ?? "", time: $0["time"] as? Double ?? 0,
        headers: $0["headers"] as? [String: String] ?? [:])
    }
  }

  private static func get(_ url: URL) throws -> Data {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import sys, urllib.request as u; sys.stdout.buffer.write(u.build_opener(u.ProxyHandler({})).open(sys.argv[1]).read())",
      url.absoluteString,
    ]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data
  }
}
