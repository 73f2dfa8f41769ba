/// How a source's files are reached when they lie elsewhere: who asks, whom it trusts, how long it tries.
public struct SourceAccess: Sendable, Hashable {
  public struct Basic: Sendable, Hashable {
    public var user: String
    public var password: SecretText
    public init(user: String, password: SecretText) {
      self.user = user
      self.password = password
    }
  }

  /// A bucket's service and the keys to it; without keys requests are not signed.
  public struct S3: Sendable, Hashable {
    public var region = "us-east-1"
    /// Where the service is, `https://minio.example.com`; nil for AWS.
    public var endpoint: String?
    /// Whether the bucket stands in the path rather than in the host's name.
    public var hasPathStyle = false
    public var accessKey: SecretText?
    public var secretKey: SecretText?
    public var sessionToken: SecretText?
    public init() {}
  }

  public struct SFTP: Sendable, Hashable {
    public var user: String?
    public var password: SecretText?
    /// The file that holds the private key.
    public var key: SecretText?
    public var keyPassword: SecretText?
    /// The file that says which hosts have which keys; `~/.ssh/known_hosts` when nothing is said.
    public var knownHosts: String?
    /// SHA-256 of the host's key in base64: what `ssh-keygen -lf` prints behind `SHA256:`.
    public var fingerprint: String?
    public init() {}
  }

  public var basic: Basic?
  public var bearer: SecretText?
  /// By name.
  public var headers: [String: SecretText] = [:]
  /// Put behind the URL's `?`; by name.
  public var parameters: [String: SecretText] = [:]
  /// A file of certificates to trust instead of the system's.
  public var authorities: String?
  /// `http://proxy:3128`; the environment's `https_proxy` and `no_proxy` hold when nothing is said.
  public var proxy: String?
  /// `user:password`.
  public var proxyUser: SecretText?
  public var s3 = S3()
  public var sftp = SFTP()
  public var policy = TransferPolicy()

  public init() {}

  /// Every secret that is needed.
  public var references: [SecretReference] {
    let single = [
      basic?.password, bearer, proxyUser, s3.accessKey, s3.secretKey, s3.sessionToken, sftp.password,
      sftp.key, sftp.keyPassword,
    ]
    return (single.compactMap { $0 } + headers.values + parameters.values).flatMap(\.references)
  }
}

/// How long and how often a transfer is tried. Times are in milliseconds.
public struct TransferPolicy: Sendable, Hashable {
  /// Until the connection stands.
  public var connect: Int64 = 30_000
  /// Without a byte.
  public var stall: Int64 = 60_000
  /// For one try.
  public var total: Int64 = 3_600_000
  /// Tries in all.
  public var attempts = 5
  /// The longest wait after the first try; it doubles after each.
  public var firstWait: Int64 = 1_000
  public var longestWait: Int64 = 60_000
  /// After this much time no new try begins.
  public var within: Int64 = 900_000
  public var redirects = 5
  /// Requests in each ``ratePeriod``; nil for as many as there are.
  public var rate: Int?
  public var ratePeriod: Int64 = 1_000
  /// Transfers at once.
  public var streams = 4
  /// Bytes one file may have as it is sent.
  public var maximumSize: Int64 = 64_000_000_000
  /// Whether a file is taken whose end nothing shows: a cut one would look whole.
  public var acceptsUnknownLength = false
  public init() {}
}
