import Foundation

/// moto's S3, which checks who signed what.
public final class Moto: ServerProcess {
  public let port: Int
  public private(set) var accessKey = ""
  public private(set) var secretKey = ""
  public var endpoint: String { "http://127.0.0.1:\(port)" }

  /// Objects of the bucket `exports`, by key.
  public init(_ objects: [String: Data]) throws {
    port = Self.freePort()
    try super.init()
    for (key, bytes) in objects {
      let file = folder.appendingPathComponent("objects/" + key)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try bytes.write(to: file)
    }
    // The actions that fill it are not signed by anybody it knows.
    try launch(
      [Self.python, "-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)],
      environment: ["INITIAL_NO_AUTH_ACTION_COUNT": "1000000"])
    try waitForPort(port)
    let keys = try Self.run(
      [Self.python, Self.sources + "/moto_fill.py", endpoint, folder.path + "/objects"], in: folder)
    let words = keys.split(whereSeparator: \.isWhitespace).suffix(2).map(String.init)
    guard words.count == 2 else { throw NotStarted(log: keys) }
    (accessKey, secretKey) = (words[0], words[1])
  }
}
