import Model

/// The shapes of `access:` and `transfer:` in a source.
enum AccessShape {
  static let access = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "basic",
        .mapping(
          noun: .key,
          [
            ShapeKey("user", .scalar(.text), "The user's name.", required: "user: NAME"),
            ShapeKey(
              "password", .scalar(.secret), "The password.", required: "password: \"${env:PASSWORD}\""),
          ]), "Name and password for a web server."),
      ShapeKey("bearer", .scalar(.secret), "A token, sent as `Authorization: Bearer TOKEN`."),
      ShapeKey(
        "headers", .named(.headerName, .scalar(.headerValue)),
        "Headers to send: `{X-Api-Key: \"${env:API_KEY}\"}`. Those that sound secret must refer to it."),
      ShapeKey(
        "parameters", .named(.parameterName, .scalar(.secret)),
        "Secrets that the server wants behind the URL's `?`: `{token: \"${env:TOKEN}\"}`."),
      ShapeKey(
        "authorities", .scalar(.text), "A file of certificates (PEM) to trust for TLS.",
        standard: "the system's"),
      ShapeKey(
        "proxy", .scalar(proxy), "The proxy to go through: `http://proxy:3128`.",
        standard: "`https_proxy`, `http_proxy` and `no_proxy` of the environment"),
      ShapeKey("proxy_user", .scalar(.secret), "The proxy's `user:password`."),
      ShapeKey("s3", s3, "The service and keys of `s3://` addresses."),
      ShapeKey("sftp", sftp, "The login and host key of `sftp://` addresses."),
    ])

  private static let s3 = Shape.mapping(
    noun: .key,
    [
      ShapeKey("region", .scalar(.text), "The bucket's region.", standard: "us-east-1"),
      ShapeKey("endpoint", .scalar(web), "Where another service than AWS is: `https://minio.example.com`."),
      ShapeKey(
        "path_style", .scalar(.flag), "Whether the bucket stands in the path rather than in the host's name.",
        standard: "true where there is an `endpoint`"),
      ShapeKey(
        "access_key", .scalar(.secret),
        "The access key's id. Without keys requests are not signed: public buckets."),
      ShapeKey("secret_key", .scalar(.secret), "The secret access key."),
      ShapeKey("session_token", .scalar(.secret), "The token of temporary keys."),
    ])

  private static let sftp = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "user", .scalar(.text), "The user's name.", standard: "the one in the URL, `sftp://user@host/`"),
      ShapeKey("password", .scalar(.secret), "The password."),
      ShapeKey("key", .scalar(.secretFile), "The file of the private key."),
      ShapeKey("key_password", .scalar(.secret), "What the private key is locked with."),
      ShapeKey(
        "known_hosts", .scalar(.text), "The file with the keys of known hosts, as `ssh-keyscan` writes it.",
        standard: "~/.ssh/known_hosts"),
      ShapeKey(
        "fingerprint", .scalar(.text),
        "The host key's SHA-256, `SHA256:...`, as `ssh-keygen -lf` prints it; then nothing else is looked up."
      ),
    ])

  static let transfer = Shape.mapping(
    noun: .key,
    [
      ShapeKey("rate", .scalar(.requestRate), "Requests at most, over all streams.", standard: "unlimited"),
      ShapeKey("streams", .scalar(.whole(1...64)), "Files fetched at once.", standard: "4"),
      ShapeKey(
        "timeouts",
        .mapping(
          noun: .key,
          [
            ShapeKey("connect", .scalar(.duration), "Until the connection stands.", standard: "30 s"),
            ShapeKey("stall", .scalar(.duration), "Without a byte; whole seconds.", standard: "60 s"),
            ShapeKey("total", .scalar(.duration), "For one try.", standard: "1 h"),
          ]), "When a try is given up."),
      ShapeKey(
        "retry",
        .mapping(
          noun: .key,
          [
            ShapeKey("attempts", .scalar(.whole(1...100)), "Tries in all.", standard: "5"),
            ShapeKey(
              "wait", .scalar(.duration),
              "The longest wait behind the first try; it doubles with each, and a random part of it is waited.",
              standard: "1 s"),
            ShapeKey("longest_wait", .scalar(.duration), "What the wait doubles up to.", standard: "1 min"),
            ShapeKey("within", .scalar(.duration), "After this time no try begins.", standard: "15 min"),
          ]), "How often a try that may go better is repeated."),
      ShapeKey("redirects", .scalar(.whole(0...50)), "Redirects followed at most.", standard: "5"),
      ShapeKey(
        "unknown_length", .scalar(.oneOf(["refuse", "accept"])),
        "What becomes of a text whose end nothing shows, neither a length nor its own syntax: one that was cut off would look whole.",
        standard: "refuse"),
      ShapeKey("max_size", .scalar(.size), "Bytes one file may have as it is sent.", standard: "64 GB"),
    ])

  private static let web = ScalarKind(
    finding: .badValue, expected: "a URL such as `https://minio.example.com`", schema: .type("string")
  ) { ["http", "https"].contains(FilesEntry.scheme($0)) && !$0.contains("@") }

  private static let proxy = ScalarKind(
    finding: .badValue, expected: "a URL without a login, such as `http://proxy:3128`",
    schema: .type("string")
  ) {
    ["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(FilesEntry.scheme($0))
      && !$0.contains("@")
  }
}
