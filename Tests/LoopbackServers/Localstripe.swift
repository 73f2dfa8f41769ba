import Foundation

/// localstripe: a server that answers as Stripe's API does, with a company living on it whose books are kept apart.
public final class Localstripe: ServerProcess {
  public let port: Int
  public var baseURL: String { "http://127.0.0.1:\(port)" }
  private var books: String { folder.path + "/books.json" }

  override public init() throws {
    port = Self.freePort()
    try super.init()
    try launch([Self.python, Self.sources + "/localstripe_server.py", String(port)])
    try waitForPort(port)
  }

  /// Lets a month go by, from January 2024 on; the server's clock stands on its last evening then.
  public func live(month: Int) throws {
    _ = try Self.run(
      [Self.python, Self.sources + "/localstripe_company.py", baseURL, books, String(month)], in: folder)
  }

  /// From now on every so many requests fail with 429, 500 or 503; gives how many did since the last call.
  @discardableResult
  public func fail(every: Int) throws -> Int {
    let answer = try Self.run(
      [
        Self.python, "-c",
        "import urllib.request as r, sys; print(r.build_opener(r.ProxyHandler({})).open(r.Request(sys.argv[1], method='POST')).read().decode())",
        baseURL + "/_test/faults?every=\(every)",
      ], in: folder)
    return Int(answer.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  /// `YYYY-MM,` and the MRR at that month's end in micro-units, by the company's own books.
  public func expectedMRR() throws -> [String] {
    try Self.run([Self.python, Self.sources + "/localstripe_company.py", books], in: folder)
      .split(separator: "\n").map { $0.replacingOccurrences(of: "\t", with: ",") }
  }

  public func subscriptions() throws -> Int {
    let data = try Data(contentsOf: URL(fileURLWithPath: books))
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return (object?["subscriptions"] as? [String: Any])?.count ?? 0
  }
}
