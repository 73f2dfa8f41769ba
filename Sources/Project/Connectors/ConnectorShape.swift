import Model

/// The shape of `Config/connectors/NAME.yml`.
enum ConnectorShape {
  static let file = Shape.mapping(
    noun: .key,
    [
      ShapeKey("title", .scalar(.text), "The service's name.", standard: "the file's name in words"),
      ShapeKey("documentation", .scalar(.text), "Where the vendor documents the API."),
      ShapeKey(
        "base_url", .scalar(.webAddress), "Where the API is; paths are put behind it.",
        standard: "each source says its own `base_url`"),
      ShapeKey(
        "system", .scalar(.text),
        "The system whose ids the records carry: equal ids of one system are one thing.",
        standard: "the file's name"),
      ShapeKey(
        "authentication", authentication, "Who asks: one of `bearer`, `basic`, `header` and `oauth2`.",
        standard: "nobody: the API is open"),
      ShapeKey(
        "headers", .named(.headerName, .scalar(.headerValue)),
        "Headers to send with every request: `{Api-Version: \"2024-06-20\"}`. Those that sound secret must refer to it."
      ),
      ShapeKey(
        "transfer", AccessShape.transfer,
        "How long and how often fetching is tried, and how fast; a source may say otherwise."
      ),
      ShapeKey(
        "streams", .named(.name, StreamShape.stream), "The lists of records the API offers, by name.",
        required: "streams: {subscriptions: {path: /v1/subscriptions, key: id}}"),
    ])

  static let authentication = Shape.mapping(
    noun: .key,
    [
      ShapeKey("bearer", .scalar(.secret), "A token, sent as `Authorization: Bearer TOKEN`."),
      ShapeKey(
        "basic",
        .mapping(
          noun: .key,
          [
            ShapeKey(
              "user", .scalar(.headerValue),
              "The user's name; without a password it is the secret itself, `\"${env:API_KEY}\"`.",
              required: "user: \"${env:API_KEY}\""),
            ShapeKey("password", .scalar(.secret), "The password.", standard: "empty"),
          ]), "Name and password, sent as `Authorization: Basic`."),
      ShapeKey(
        "header",
        .mapping(
          noun: .key,
          [
            ShapeKey("name", .scalar(.headerName), "The header's name.", required: "name: X-Api-Key"),
            ShapeKey(
              "value", .scalar(.secret), "Its value, with the secret in it: `\"Token ${env:API_KEY}\"`.",
              required: "value: \"${env:API_KEY}\""),
          ]), "A header of any name."),
      ShapeKey(
        "oauth2", oauth,
        "An access token from a token endpoint (OAuth 2, RFC 6749); it is asked for before the first request, and once more where the API answers 401."
      ),
    ])

  private static let oauth = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "grant", .scalar(.oneOf(Connector.OAuth2.Grant.allCases.map(\.rawValue))),
        "What the token is given for.", required: "grant: client_credentials"),
      ShapeKey(
        "token_url", .scalar(.webAddressOrPath),
        "Where the token is asked for: a URL, or a path below `base_url`.",
        required: "token_url: https://login.example.com/oauth/token"),
      ShapeKey(
        "client_id", .scalar(.headerValue), "The client's id.", required: "client_id: \"${env:CLIENT_ID}\""),
      ShapeKey(
        "client_secret", .scalar(.secret), "The client's secret. Required by `client_credentials`."),
      ShapeKey("refresh_token", .scalar(.secret), "The refresh token. Required by `refresh_token`."),
      ShapeKey(
        "rotates", .scalar(.flag),
        "Whether the service gives another refresh token with each use. `true` writes it over the last one, which has to lie in a file: `refresh_token: \"${file:...}\"`.",
        standard: "false"),
      ShapeKey("scope", .scalar(.text), "The scopes to ask for, with spaces between."),
      ShapeKey(
        "client_authentication",
        .scalar(.oneOf(Connector.OAuth2.ClientAuthentication.allCases.map(\.rawValue))),
        "Whether id and secret of the client stand in the request's form, or in `Authorization: Basic`.",
        standard: "form"),
      ShapeKey(
        "base_url_field", .scalar(.fieldPath),
        "The field of the token's reply that says where the API is, instead of `base_url`: `instance_url`."),
    ])
}
