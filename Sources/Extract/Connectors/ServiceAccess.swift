import Model

/// A connector's way in, with its secrets resolved.
struct ServiceAccess {
  var connection: Connection
  /// For every request; of OAuth 2 without the token.
  var credentials: Credentials
  var client: Client?
  var findings: [Finding] = []

  /// Who asks for a token.
  struct Client {
    var oauth: Connector.OAuth2
    var id: String
    var secret: Secret?
    var refreshToken: Secret?
    /// Where it lies, if it is to be replaced there.
    var tokenFile: RefreshTokenFile?
  }

  /// - Parameter access: The source's own: authorities and proxy.
  init(
    _ connector: Connector, _ access: SourceAccess, in folder: String, home: String?, at place: Place,
    _ secret: (SecretReference) -> Secret?
  ) {
    var access = access
    access.headers.merge(connector.headers) { own, _ in own }
    switch connector.authentication {
    case .bearer(let token): access.bearer = token
    case .header(let name, let value): access.headers[name] = value
    case .none, .basic, .oauth2: break
    }
    let resolved = ResolvedAccess(access, in: folder, home: home, at: place, secret)
    connection = resolved.connection
    credentials = resolved.web
    findings = resolved.findings
    let others = connector.authentication.references.filter { !access.references.contains($0) }
    findings += ResolvedAccess.missing(others, at: place, secret)
    guard findings.isEmpty else { return }
    switch connector.authentication {
    case .basic(let user, let password):
      credentials.addBasic(
        user: user.resolved(secret)?.text ?? "", password: password?.resolved(secret) ?? Secret(""))
    case .oauth2(let oauth):
      client = Client(
        oauth: oauth, id: oauth.clientID.resolved(secret)?.text ?? "",
        secret: oauth.clientSecret?.resolved(secret), refreshToken: oauth.refreshToken?.resolved(secret),
        tokenFile: oauth.rotatedFile.map {
          RefreshTokenFile(path: $0.hasPrefix("/") ? $0 : folder + "/" + $0)
        })
    case .none, .bearer, .header: break
    }
    for reference in others { credentials.hide(secret(reference)?.text ?? "") }
  }
}
