/// All files of a project as one text, as the log of runs keeps it: each behind a line with its path.
public enum KeptConfiguration {
  private static let mark = "--- "

  /// - Parameter files: Texts by path.
  public static func text(of files: [String: String]) -> String {
    files.keys.sorted().map { "\(mark)\($0)\n\(files[$0] ?? "")" }.joined(separator: "\n")
  }

  /// The files again.
  public static func files(in text: String) -> [String: String] {
    var files: [String: String] = [:]
    var path: String?
    var lines: [Substring] = []
    func end() {
      if let path { files[path] = lines.joined(separator: "\n") }
      lines = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      // Paths come in their order: any other line that looks like one is a file's own.
      if line.hasPrefix(mark), isPath(line.dropFirst(mark.count)),
        path.map({ $0 < line.dropFirst(mark.count) }) ?? true
      {
        end()
        path = String(line.dropFirst(mark.count))
      } else {
        lines.append(line)
      }
    }
    end()
    return files
  }

  private static func isPath(_ text: Substring) -> Bool {
    ["Config/", "Pipelines/", "Reports/"].contains { text.hasPrefix($0) }
  }
}
