import Foundation

/// The paging API of a ``FaultServer``: see `paging_api.py`.
extension FaultServer {
  public var api: String { "http://127.0.0.1:\(port)" }

  /// Takes a new script; what it counted before is forgotten.
  public func play(_ script: [String: Any]) throws {
    let data = try JSONSerialization.data(withJSONObject: script, options: [.sortedKeys])
    try data.write(
      to: folder.appendingPathComponent("files").appendingPathComponent("api.json"), options: .atomic)
  }

  public struct APIRequest {
    public var method: String
    public var path: String
    /// Decoded.
    public var query: String
    public var body: String
    public var host: String
    public var time: Double
    /// Names in small letters.
    public var headers: [String: String]
  }

  /// Every request to the API so far.
  public func apiRequests() throws -> [APIRequest] {
    let path = folder.appendingPathComponent("files").appendingPathComponent("api.log")
    guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
    return try text.split(separator: "\n").map { line in
      let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      func text(_ name: String) -> String { fields[name] as? String ?? "" }
      return APIRequest(
        method: text("method"), path: text("path"), query: text("query").removingPercentEncoding ?? "",
        body: text("body"), host: text("host"), time: fields["time"] as? Double ?? 0,
        headers: fields["headers"] as? [String: String] ?? [:])
    }
  }

  public func forgetAPIRequests() {
    try? FileManager.default.removeItem(
      at: folder.appendingPathComponent("files").appendingPathComponent("api.log"))
  }
}
