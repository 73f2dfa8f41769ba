import Model

/// One thing to be fetched.
public struct TransferRequest: Sendable {
  public enum Sink: Sendable, Hashable {
    /// Into ``Reply/body``, at most so many bytes.
    case memory(limit: Int)
    /// Into a file, as it is sent: compressed bytes stay compressed.
    case file(path: String)
  }

  /// What must not arrive in place of the data.
  public enum Expectation: Sendable, Hashable {
    /// Records in a delimited text, compressed or not.
    case delimited
    case json
    /// Records in either form: the file's first bytes show which.
    case records
    /// Whatever the server says, a list or a token.
    case anything
  }

  /// What an earlier reply said of itself: what has not changed since is not sent again.
  public struct Validators: Sendable, Hashable {
    public var etag: String?
    public var lastModified: String?
    public init(etag: String? = nil, lastModified: String? = nil) {
      self.etag = etag
      self.lastModified = lastModified
    }
  }

  /// The whole URL, which may hold secrets.
  public var url: String
  /// The URL as findings show it, without secrets.
  public var shownAs: String
  public var credentials: Credentials
  /// Headers without secrets.
  public var headers: [(name: String, value: String)] = []
  /// Sent with POST where there is one.
  public var body: [UInt8]?
  /// Asks for the headers alone.
  public var hasHeadersOnly = false
  /// Statuses beside 200 that are an answer, with their body in memory: 201 of what was made, 404 of what is not there.
  public var answers: Set<Int> = []
  public var validators = Validators()
  /// Of an SFTP folder: its names alone, one a line.
  public var hasNamesOnly = false
  public var sink: Sink
  public var expects: Expectation

  public init(
    _ url: String, shownAs: String, credentials: Credentials = Credentials(), sink: Sink,
    expects: Expectation = .anything
  ) {
    self.url = url
    self.shownAs = shownAs
    self.credentials = credentials
    self.sink = sink
    self.expects = expects
  }
}

/// What a server sent in the end.
public struct Reply: Sendable {
  /// 200, 304 where nothing has changed, or one of ``TransferRequest/answers``; 0 where the protocol has no such thing.
  public var status: Int
  /// Names in lower case, in the order of sending.
  public var headers: [(name: String, value: String)]
  /// What was sent, where it went into memory.
  public var body: [UInt8] = []
  /// Bytes of the file, where it went into one.
  public var size: Int64 = 0
  /// SHA-256 of the file, lower-case hex.
  public var digest = ""
  /// How many tries it took.
  public var attempts = 1
  /// False where nothing said how long the body is or where it ends: a cut one would look the same.
  public var isProvenWhole = true

  /// The first header of that name, in lower case.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
