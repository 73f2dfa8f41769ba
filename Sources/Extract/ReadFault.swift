import Model

/// Why the bytes of a file cannot be had; becomes an error finding about the whole file.
struct ReadFault: Error {
  var name: ExtractFinding
  var problem: String
  var remedy: String

  func finding(file: String) -> Finding {
    Finding(
      .error, name, at: Place(file: file), problem,
      consequence: "no row of this file is read and nothing is published", remedy: remedy)
  }
}

/// A file that could not be opened as delimited text.
public struct UnreadableFile: Error, Sendable {
  /// Severity error: name, place, what is wrong, what to do.
  public var finding: Finding
}
