import Model

/// What one read of a source fetched: its addresses, and under which digest each file lies in the landing folder.
public struct LandingManifest: Sendable, Hashable {
  public struct File: Sendable, Hashable {
    /// The file's URL as findings show it, without secrets.
    public var url: String
    /// SHA-256, lower-case hex: the name it lies under.
    public var digest: String
    public var bytes: Int64
    /// When it was fetched; a file that had not changed since keeps its time.
    public var fetched: Moment
    public var etag: String?
    public var lastModified: String?
    public var contentType: String?
  }

  public var source: String
  public var written: Moment
  /// The addresses of the source as its configuration had them.
  public var patterns: [String]
  public var files: [File]
  /// Of a stream of an API, what reading it was, and the keys of records that are deleted.
  public var read: StreamRead?
  public var deletedKeys: [String] = []

  private static let title = "perennial landing 1"

  /// One line a fact, fields separated by tabs, what would break a line as `%XX`.
  var text: String {
    func line(_ fields: [String]) -> String { fields.map(Self.escaped).joined(separator: "\t") + "\n" }
    return line([Self.title]) + line(["source", source]) + line(["written", written.description])
      + patterns.map { line(["pattern", $0]) }.joined()
      + line(["#", "url", "sha256", "bytes", "fetched", "etag", "last-modified", "content-type"])
      + files.map { file in
        line([
          "file", file.url, file.digest, String(file.bytes), file.fetched.description, file.etag ?? "",
          file.lastModified ?? "", file.contentType ?? "",
        ])
      }.joined() + (read.map { line(["read"] + $0.fields) } ?? "")
      + (read?.cursor.withoutTime ?? []).map { line(["without-time", $0]) }.joined()
      + deletedKeys.map { line(["deleted", $0]) }.joined() + line(["end"])
  }

  /// nil when the text is no whole manifest.
  init?(text: String) {
    let lines = text.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map { percentDecoded(String($0)) }
    }
    guard lines.first == [Self.title], lines.last == ["end"] else { return nil }
    func values(_ key: String) -> [[String]] { lines.filter { $0[0] == key }.map { Array($0.dropFirst()) } }
    guard let source = values("source").first?.first,
      let written = values("written").first?.first.flatMap({ Moment(iso: $0) })
    else { return nil }
    self.source = source
    self.written = written
    patterns = values("pattern").compactMap(\.first)
    deletedKeys = values("deleted").compactMap(\.first)
    if let fields = values("read").first {
      guard var read = StreamRead(fields: fields, source: source) else { return nil }
      read.cursor.withoutTime = values("without-time").compactMap(\.first)
      self.read = read
    }
    files = []
    for fields in values("file") {
      guard fields.count == 7, let bytes = Int64(fields[2]), let fetched = Moment(iso: fields[3]) else {
        return nil
      }
      func optional(_ text: String) -> String? { text.isEmpty ? nil : text }
      files.append(
        File(
          url: fields[0], digest: fields[1], bytes: bytes, fetched: fetched, etag: optional(fields[4]),
          lastModified: optional(fields[5]), contentType: optional(fields[6])))
    }
  }

  init(source: String, written: Moment, patterns: [String], files: [File]) {
    self.source = source
    self.written = written
    self.patterns = patterns
    self.files = files
  }

  private static func escaped(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      if byte < 0x20 || byte == 0x25 || byte == 0x7F {
        result += Array("%\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
