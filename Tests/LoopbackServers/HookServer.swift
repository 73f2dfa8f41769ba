import Foundation

/// A web server that keeps what it is told: see `hook_server.py`.
public final class HookServer: ServerProcess {
  public private(set) var port = 0
  public var url: String { "http://127.0.0.1:\(port)" }
  private var files: URL { folder.appendingPathComponent("files") }

  /// - Parameter script: What the first requests get: a status, `drop` or `hang`.
  public init(_ script: [Any] = []) throws {
    try super.init()
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    try JSONSerialization.data(withJSONObject: script).write(to: files.appendingPathComponent("script.json"))
    let line = try launch(["python3", "-B", Self.sources + "/hook_server.py", files.path], firstLine: true)
    guard let port = Int(line) else { throw NotStarted(log: line) }
    self.port = port
  }

  public struct Request {
    public var method: String
    public var path: String
    /// Names in small letters.
    public var headers: [String: String]
    public var body: String
  }

  public func requests() throws -> [Request] {
    let log = (try? String(contentsOf: files.appendingPathComponent("log"), encoding: .utf8)) ?? ""
    return try log.split(separator: "\n").map { line in
      let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      return Request(
        method: fields["method"] as? String ?? "", path: fields["path"] as? String ?? "",
        headers: fields["headers"] as? [String: String] ?? [:], body: fields["body"] as? String ?? "")
    }
  }
}
