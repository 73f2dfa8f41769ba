import Foundation

/// A vendor's API over recorded records: see `replay_server.py`.
public final class ReplayServer: ServerProcess {
  public private(set) var port = 0

  /// The account of `Tests/Connectors/VENDOR`; with `after`, as it is when something has happened.
  public init(_ vendor: String, options: [String: Int] = [:], after: Bool = false) throws {
    try super.init()
    let line = try launch(
      [
        "python3", "-B", Self.sources + "/replay_server.py", vendor,
        Self.sources + "/../Connectors/" + vendor,
      ] + options.map { "\($0)=\($1)" }, firstLine: true)
    guard let port = Int(line) else { throw NotStarted(log: line) }
    self.port = port
    if after { try somethingHappens() }
  }

  public var url: String { "http://127.0.0.1:\(port)" }

  /// The account's records are those of `after` from now on.
  public func somethingHappens() throws { _ = try ask("/_after", method: "POST") }

  public struct Request {
    public var method: String
    public var path: String
    /// In order; a name may stand several times.
    public var query: [(name: String, value: String)]
    public var body: String
  }

  /// Every request so far.
  public func requests() throws -> [Request] {
    let list = try JSONSerialization.jsonObject(with: ask("/_log", method: "GET")) as? [[String: Any]]
    return (list ?? []).map { item in
      Request(
        method: item["method"] as? String ?? "", path: item["path"] as? String ?? "",
        query: (item["query"] as? [[String]] ?? []).map { ($0[0], $0[1]) },
        body: item["body"] as? String ?? "")
    }
  }

  private func ask(_ path: String, method: String) throws -> Data {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import sys, urllib.request as u
      asked = u.Request(sys.argv[1], method=sys.argv[2])
      sys.stdout.buffer.write(u.build_opener(u.ProxyHandler({})).open(asked).read())
      """, url + path, method,
    ]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw NotStarted(log: "\(method) \(path)") }
    return data
  }
}
