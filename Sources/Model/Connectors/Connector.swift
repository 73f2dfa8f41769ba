/// One file of `Config/connectors/`: how a service's API is read, as data.
public struct Connector: Sendable, Hashable {
  /// The file's name without extension.
  public var name: String
  public var title: String
  /// Where the vendor documents the API.
  public var documentation: String?
  /// `https://api.example.com`, without a slash behind. With OAuth 2 it may be replaced by what the token's reply says. Empty
  /// where each source, or the token's reply, has to say it.
  public var baseURL: String
  /// The system whose ids the records carry.
  public var system: String
  public var authentication: Authentication
  /// Sent with every request.
  public var headers: [String: SecretText]
  /// Rate, streams at once, timeouts, retries.
  public var transfer: TransferPolicy
  public var streams: [ConnectorStream]
  public var place: Place

  public init(
    name: String, title: String, documentation: String? = nil, baseURL: String, system: String,
    authentication: Authentication = .none, headers: [String: SecretText] = [:],
    transfer: TransferPolicy = TransferPolicy(), streams: [ConnectorStream], place: Place
  ) {
    self.name = name
    self.title = title
    self.documentation = documentation
    self.baseURL = baseURL
    self.system = system
    self.authentication = authentication
    self.headers = headers
    self.transfer = transfer
    self.streams = streams
    self.place = place
  }

  public func stream(named name: String) -> ConnectorStream? { streams.first { $0.name == name } }

  /// Every secret that is needed, whichever stream is read.
  public var references: [SecretReference] {
    authentication.references + headers.values.flatMap(\.references)
  }

  public enum Authentication: Sendable, Hashable {
    case none
    /// `Authorization: Bearer TOKEN`.
    case bearer(SecretText)
    case basic(user: SecretText, password: SecretText?)
    /// A header of any name: `X-Api-Key`.
    case header(name: String, value: SecretText)
    case oauth2(OAuth2)

    /// Every secret that is needed.
    public var references: [SecretReference] {
      switch self {
      case .none: []
      case .bearer(let token): token.references
      case .basic(let user, let password): user.references + (password?.references ?? [])
      case .header(_, let value): value.references
      case .oauth2(let oauth):
        [oauth.clientID, oauth.clientSecret, oauth.refreshToken].compactMap { $0 }.flatMap(\.references)
      }
    }
  }

  /// An access token got from a token endpoint (RFC 6749), renewed when the API answers 401.
  public struct OAuth2: Sendable, Hashable {
    public enum Grant: String, Sendable, CaseIterable {
      case clientCredentials = "client_credentials"
      case refreshToken = "refresh_token"
    }
    /// How the client says who it is: in the form, or by `Authorization: Basic`.
    public enum ClientAuthentication: String, Sendable, CaseIterable { case form, basic }

    public var grant: Grant
    /// The whole URL in a source's ``SourceConfiguration/StreamReference``, where a path (`/oauth/token`) has been put behind the
    /// base URL.
    public var tokenURL: String
    public var clientID: SecretText
    public var clientSecret: SecretText?
    public var refreshToken: SecretText?
    /// Whether the service gives another refresh token with each use, which is then written over the one in its file.
    public var rotates: Bool
    public var scope: String?
    public var clientAuthentication: ClientAuthentication
    /// Field of the token's reply that says where the API is: Salesforce's `instance_url`.
    public var baseURLField: FieldPath?

    public init(
      grant: Grant, tokenURL: String, clientID: SecretText, clientSecret: SecretText? = nil,
      refreshToken: SecretText? = nil, rotates: Bool = false, scope: String? = nil,
      clientAuthentication: ClientAuthentication = .form,
      baseURLField: FieldPath? = nil
    ) {
      self.grant = grant
      self.tokenURL = tokenURL
      self.clientID = clientID
      self.clientSecret = clientSecret
      self.refreshToken = refreshToken
      self.rotates = rotates
      self.scope = scope
      self.clientAuthentication = clientAuthentication
      self.baseURLField = baseURLField
    }

    /// The file that holds the refresh token alone, absolute or relative to the project's folder; nil where it is not to be replaced.
    public var rotatedFile: String? {
      guard rotates, let refreshToken, refreshToken.pieces.count == 1,
        case .file(let path) = refreshToken.references.first?.origin
      else { return nil }
      return path
    }
  }
}
