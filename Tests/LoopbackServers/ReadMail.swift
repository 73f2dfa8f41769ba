import Foundation

/// A message as Python's `email` package reads it.
public struct ReadMail {
  public struct Part {
    public var type: String
    public var file: String
    /// Of texts.
    public var text: String
    public var sha256: String
  }

  /// Decoded, in order.
  public var headers: [(name: String, value: String)]
  /// Every part's type, multiparts included, outside in.
  public var shape: [String]
  public var parts: [Part]
  public var defects: [String]
  public var longestLine: Int
  /// CR or LF without the other.
  public var bareBreaks: Int
  public var isASCII: Bool

  public func header(_ name: String) -> [String] {
    headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }

  public init(_ text: String) throws {
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B", ServerProcess.sources + "/read_mail.py"]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(text.utf8))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw ServerProcess.NotStarted(log: String(decoding: data, as: UTF8.self))
    }
    headers = (object["headers"] as? [[String]] ?? []).map { ($0[0], $0[1]) }
    shape = object["shape"] as? [String] ?? []
    parts = (object["parts"] as? [[String: String]] ?? []).map {
      Part(type: $0["type"] ?? "", file: $0["file"] ?? "", text: $0["text"] ?? "", sha256: $0["sha256"] ?? "")
    }
    defects = object["defects"] as? [String] ?? []
    longestLine = object["longest"] as? Int ?? 0
    bareBreaks = object["bare"] as? Int ?? 0
    isASCII = object["ascii"] as? Bool ?? false
  }
}
