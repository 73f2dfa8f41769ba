import Foundation

/// An SMTP server that goes wrong as it is told to: see `smtp_server.py`.
public final class MailServer: ServerProcess {
  public private(set) var port = 0
  private var files: URL { folder.appendingPathComponent("files") }

  override public init() throws {
    try super.init()
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    let line = try launch(
      ["python3", "-B", Self.sources + "/smtp_server.py", files.path], firstLine: true)
    guard let port = Int(line) else { throw NotStarted(log: line) }
    self.port = port
  }

  /// What the connections from the first on do: a step and a deed each.
  public func play(_ script: [(at: String, do: String)]) throws {
    let data = try JSONSerialization.data(withJSONObject: script.map { ["at": $0.at, "do": $0.do] })
    try data.write(to: files.appendingPathComponent("script.json"), options: .atomic)
  }

  /// The messages it has read to their end, in order.
  public func messages() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: files.path).filter { $0.hasPrefix("message-") }
      .sorted { $0.count == $1.count ? $0 < $1 : $0.count < $1.count }
      .map { try String(contentsOf: files.appendingPathComponent($0), encoding: .utf8) }
  }

  /// Everything that was said.
  public var log: String {
    (try? String(contentsOf: files.appendingPathComponent("log"), encoding: .utf8)) ?? ""
  }
}
