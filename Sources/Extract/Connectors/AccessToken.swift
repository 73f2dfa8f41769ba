import Model

/// A token as its endpoint gave it (RFC 6749, section 5.1).
struct AccessToken {
  var token: Secret
  /// Where the API is, if the reply says it.
  var baseURL: String?
  /// What the next one is asked with, where it is another one.
  var refreshToken: Secret?

  /// Asks for one. How long it holds is not looked at: clocks differ, and the API's 401 says it for sure.
  static func asked(
    by client: ServiceAccess.Client, hidden: Credentials, _ queue: TransferQueue
  ) throws(StreamFault) -> AccessToken {
    let oauth = client.oauth
    var form = [("grant_type", oauth.grant.rawValue)]
    if let token = client.refreshToken, oauth.grant == .refreshToken {
      form.append(("refresh_token", token.text))
    }
    if let scope = oauth.scope { form.append(("scope", scope)) }
    var credentials = Credentials()
    for text in hidden.hidden { credentials.hide(text) }
    for secret in [client.secret, client.refreshToken].compactMap({ $0 }) {
      credentials.hide(secret.text)
      credentials.hide(percentEncoded(secret.text))
    }
    switch oauth.clientAuthentication {
    case .basic: credentials.addBasic(user: client.id, password: client.secret ?? Secret(""))
    case .form:
      form.append(("client_id", client.id))
      if let secret = client.secret { form.append(("client_secret", secret.text)) }
    }
    guard WebTarget.isSafe(oauth.tokenURL) else {
      throw StreamFault(
        .sourceNotFetchable, oauth.tokenURL, "the token would be asked for without encryption",
        remedy: "write `https://` in `token_url`")
    }
    var request = TransferRequest(
      oauth.tokenURL, shownAs: oauth.tokenURL, credentials: credentials, sink: .memory(limit: 1 << 20),
      expects: .json)
    request.headers = [
      ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"),
    ]
    request.body = Array(form.map { "\($0.0)=\(percentEncoded($0.1))" }.joined(separator: "&").utf8)
    switch queue.perform(request) {
    case .failure(let fault):
      guard let status = fault.status, fault.name == .sourceRefused else { throw StreamFault(fault) }
      throw StreamFault(
        .tokenRefused, oauth.tokenURL, "no access token is to be had: \(fault.problem)",
        remedy: (500...599).contains(status)
          ? fault.remedy : "check `client_id`, `client_secret` and `refresh_token` of the connector")
    case .success(let reply): return try read(reply, client, credentials)
    }
  }

  private static func read(
    _ reply: Reply, _ client: ServiceAccess.Client, _ credentials: Credentials
  ) throws(StreamFault) -> AccessToken {
    let url = client.oauth.tokenURL
    func wrong(_ problem: String) -> StreamFault {
      StreamFault(
        .tokenRefused, url, "the reply to the question for an access token \(problem)",
        remedy: "check `token_url`")
    }
    let json = JSONText()
    do throws(JSONTextFault) {
      try json.load(reply.body)
    } catch {
      throw wrong("is no JSON: \(error.reason)")
    }
    func field(_ path: FieldPath) -> String? {
      json.value(FieldSteps(path), in: JSONText.root).flatMap(json.scalar)
    }
    guard let token = field(FieldPath(names: ["access_token"])), !token.isEmpty else {
      throw wrong("has no `access_token`")
    }
    guard token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw wrong("has an `access_token` that fits in no header")
    }
    var result = AccessToken(token: Secret(token))
    if let path = client.oauth.baseURLField {
      guard let base = field(path) else {
        throw wrong("has no `\(path.dotted)`, which says where the API is")
      }
      guard WebTarget.isSafe(base) else {
        throw wrong("says that the API is at \(credentials.masked(base)), which is not encrypted")
      }
      result.baseURL = String(base.reversed().drop { $0 == "/" }.reversed())
    }
    if let next = field(FieldPath(names: ["refresh_token"])), next != client.refreshToken?.text {
      result.refreshToken = Secret(next)
    }
    return result
  }
}
