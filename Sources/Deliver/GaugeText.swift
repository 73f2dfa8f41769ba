import Model

/// Figures for monitoring, as Prometheus' text format has them and node_exporter's textfile collector reads them.
public struct GaugeText: Sendable {
  private var lines: [String] = []
  public init() {}

  /// - Parameters:
  ///   - name: `perennial_last_success_timestamp_seconds`.
  ///   - values: Label names with their values, and the number as text.
  public mutating func add(
    _ name: String, _ help: String, _ values: [(labels: [(String, String)], value: String)]
  ) {
    guard !values.isEmpty else { return }
    lines += ["# HELP \(name) \(help)", "# TYPE \(name) gauge"]
    for (labels, value) in values {
      let text = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
      lines.append("\(name)\(text.isEmpty ? "" : "{\(text)}") \(value)")
    }
  }

  public var text: String { lines.map { $0 + "\n" }.joined() }

  private static func escaped(_ text: String) -> String {
    text.replacing(scalar: "\\", with: "\\\\").replacing(scalar: "\"", with: "\\\"")
      .replacing(scalar: "\n", with: "\\n")
  }

  /// Writes it whole or not at all: the collector may read at any instant.
  ///
  /// - Throws: ``DeliveryFailure``.
  public func write(to path: String) throws {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    try writeFile(name, Array(text.utf8), in: folder)
  }
}
