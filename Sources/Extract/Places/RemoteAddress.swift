/// Where an entry of `files` leads that is no local path.
public enum RemoteAddress: Sendable, Hashable {
  /// A URL, which names one file.
  case web(String)
  /// Keys that match a pattern.
  case s3(bucket: String, pattern: String)
  /// `user@host:port`, and paths that match a pattern.
  case sftp(authority: String, pattern: String)

  /// nil for a local path.
  public init?(_ text: String) {
    guard let mark = text.firstRange(of: "://") else { return nil }
    let rest = text[mark.upperBound...]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let path = rest[slash...]
    switch text[..<mark.lowerBound].lowercased() {
    case "http", "https": self = .web(text)
    case "s3": self = .s3(bucket: String(rest[..<slash]), pattern: String(path.dropFirst()))
    case "sftp": self = .sftp(authority: String(rest[..<slash]), pattern: String(path))
    default: return nil
    }
  }
}

/// One file elsewhere, as a listing has it.
struct RemoteFile {
  /// What is asked for.
  var url: String
  var shownAs: String
  /// Known from a listing: what has the same ETag and size is not asked for again.
  var etag: String?
  var size: Int64?
}
