import Model

/// Turns `authentication:` into one way to say who asks.
struct AuthenticationReader {
  let collector: FindingCollector

  func read(_ node: ConfigurationNode?) -> Connector.Authentication {
    guard let node, case .mapping = node.content else { return .none }
    guard node.entries.count == 1, let entry = node.entries.first else {
      if !node.hasUnknownKeys {
        let names = node.entries.map { "`\($0.key)`" }.joined(separator: " and ")
        collector.report(
          names.isEmpty ? .missingKey : .ambiguousChoice, at: node.place,
          names.isEmpty
            ? "`authentication` does not say how"
            : "`authentication` says \(names), and requests carry one of them",
          remedy: names.isEmpty
            ? "write `authentication: {bearer: \"${env:API_KEY}\"}`" : "keep the one the API asks for")
      }
      return .none
    }
    func secret(_ key: String) -> SecretText? { entry.value[key]?.text.flatMap { SecretText($0) } }
    switch entry.key {
    case "bearer": return entry.value.text.flatMap { SecretText($0) }.map { .bearer($0) } ?? .none
    case "basic":
      guard let user = secret("user") else { return .none }
      if user.references.isEmpty, entry.value.entry("password") == nil, let node = entry.value["user"] {
        reportLiteralSecret(node, user.description, "`user`", collector)
      }
      return .basic(user: user, password: secret("password"))
    case "header":
      guard let name = entry.value["name"]?.text, let value = secret("value") else { return .none }
      return .header(name: name, value: value)
    default: return oauth(entry.value).map { .oauth2($0) } ?? .none
    }
  }

  private func oauth(_ node: ConfigurationNode) -> Connector.OAuth2? {
    func secret(_ key: String) -> SecretText? { node[key]?.text.flatMap { SecretText($0) } }
    guard let grant = node["grant"]?.text.flatMap(Connector.OAuth2.Grant.init),
      let token = node["token_url"]?.text,
      let clientID = secret("client_id")
    else { return nil }
    let client =
      node["client_authentication"]?.text.flatMap(Connector.OAuth2.ClientAuthentication.init) ?? .form
    let needed: [(key: String, line: String)] =
      switch grant {
      case .clientCredentials: [("client_secret", "client_secret: \"${env:CLIENT_SECRET}\"")]
      case .refreshToken:
        [("refresh_token", "refresh_token: \"${env:REFRESH_TOKEN}\"")]
          + (client == .basic ? [("client_secret", "client_secret: \"${env:CLIENT_SECRET}\"")] : [])
      }
    for need in needed where node.entry(need.key) == nil && !node.hasUnknownKeys {
      collector.report(
        .missingKey, at: node.place, "`oauth2` with `grant: \(grant.rawValue)` needs a `\(need.key)`",
        remedy: "add the line `\(need.line)`")
    }
    if grant == .clientCredentials, let refresh = node.entry("refresh_token") {
      collector.report(
        .misplacedKey, at: refresh.keyPlace, "`refresh_token` means nothing for `grant: client_credentials`",
        remedy: "take it out, or write `grant: refresh_token`")
    }
    let oauth = Connector.OAuth2(
      grant: grant, tokenURL: WebAddress(token)?.text ?? token, clientID: clientID,
      clientSecret: secret("client_secret"), refreshToken: secret("refresh_token"),
      rotates: node["rotates"]?.text == "true", scope: node["scope"]?.text,
      clientAuthentication: client, baseURLField: node["base_url_field"]?.text.flatMap(FieldPath.init))
    if oauth.rotates, oauth.rotatedFile == nil, let rotates = node.entry("rotates") {
      collector.report(
        .misplacedKey, at: rotates.keyPlace,
        "`rotates: true` means nothing here: a new refresh token can be written to a file alone",
        remedy: "write `grant: refresh_token` and `refresh_token: \"${file:/path/to/the/token}\"`")
    }
    return oauth
  }
}
