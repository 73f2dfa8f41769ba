import CLibcurl
import Glibc

/// The words for what can go wrong with a transfer, each with what to do about it.
extension TransferEnd.Fault {
  static func of(_ code: CURLcode, detail: String, _ reply: Reply, _ size: Int64) -> Self {
    let detail = detail.split(separator: "\n").joined(separator: " ")
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      return passing(
        "the host's name cannot be resolved (\(detail))",
        "check the URL's host and this machine's name service")
    case CURLE_COULDNT_CONNECT:
      return passing(
        "no connection (\(detail))",
        "check that the host is up, and that a firewall or `proxy` lets this machine through")
    case CURLE_OPERATION_TIMEDOUT:
      return passing(
        size > 0 ? "the connection stalled after \(size) bytes (\(detail))" : "no answer in time (\(detail))",
        "check the server; if it is just slow, raise `timeouts` of the source")
    case CURLE_PARTIAL_FILE:
      return Self(
        kind: .notWhole, problem: "the body ended too early, after \(size) bytes (\(detail))",
        remedy: "check the server and what is between it and this machine", isWorthRetrying: true)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
      return Self(
        kind: .notTrusted, problem: "the host does not prove who it is (\(detail))",
        remedy:
          "check that this is the right host; then name its certificate authority in `authorities`, or its key in `known_hosts` or `fingerprint`",
        isWorthRetrying: false)
    case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM:
      return wrong(
        "the file in `authorities` cannot be used (\(detail))", "name a file with certificates in PEM form")
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT:
      return wrong("this is no URL that can be fetched (\(detail))", "correct the URL in `files`")
    case CURLE_LOGIN_DENIED:
      return Self(
        kind: .refused, problem: "the login was denied (\(detail))",
        remedy: "check user, password and key of the source", isWorthRetrying: false)
    case CURLE_REMOTE_FILE_NOT_FOUND, CURLE_REMOTE_ACCESS_DENIED:
      return Self(
        kind: .refused, problem: "there is no such file, or no permission to read it (\(detail))",
        remedy: "check the path in `files`, and what the account may read", isWorthRetrying: false)
    default:
      return passing(
        size > 0
          ? "the connection broke after \(size) bytes (\(detail))" : "the connection broke (\(detail))",
        "check the server and what is between it and this machine")
    }
  }

  static func passing(_ problem: String, _ remedy: String) -> Self {
    Self(kind: .passing, problem: problem, remedy: remedy, isWorthRetrying: true)
  }

  static func wrong(_ problem: String, _ remedy: String) -> Self {
    Self(kind: .wrongSettings, problem: problem, remedy: remedy, isWorthRetrying: false)
  }

  static func notWhole(_ problem: String) -> Self {
    Self(
      kind: .notWhole, problem: problem,
      remedy: "look at what the server sends; nothing of it is used", isWorthRetrying: true)
  }

  static func notAnExport(_ problem: String, isWorthRetrying: Bool) -> Self {
    Self(
      kind: .notAnExport, problem: problem,
      remedy: "open the URL with the same credentials: is it the export itself, and is the login still good?",
      isWorthRetrying: isWorthRetrying)
  }

  static func tooLarge(_ limit: Int64) -> Self {
    Self(
      kind: .tooLarge, problem: "more than \(limit) bytes were sent",
      remedy: "if the file is really that large, raise `max_size` of the source", isWorthRetrying: false)
  }

  static func disk(_ code: Int32) -> Self {
    Self(
      kind: .disk, problem: "the landing folder cannot be written: \(String(cString: strerror(code)))",
      remedy: "make room, or give the account that runs this permission to write there",
      isWorthRetrying: false)
  }

  /// What a status that is no success says, and what to do.
  static func status(_ status: Int, says: String) -> Self {
    let text = serverText(says)
    let problem = "the server answers \(status)" + (text.isEmpty ? "" : ": \(text)")
    let remedy =
      switch status {
      case 401: "check the credentials of the source: a token or password is wrong or has expired"
      case 403: "check what the credentials of the source may read, and that this machine's clock is right"
      case 404, 410: "check the URL in `files`"
      case 407: "check `proxy` and `proxy_user` of the source"
      case 429: "lower `rate` of the source to what the server allows"
      case 500...599: "the trouble is the server's: run again later"
      default: "check the URL and the credentials of the source"
      }
    return Self(
      kind: .refused, problem: problem, remedy: remedy, isWorthRetrying: RetryPolicy.isPassing(status: status)
    )
  }
}

/// The gist of an error's body, on one line: the message of an XML error, a page's title, or its first words.
func serverText(_ body: String) -> String {
  func inside(_ tag: String) -> String? {
    guard let start = body.firstRange(of: "<\(tag)>"),
      let end = body[start.upperBound...].firstRange(of: "</\(tag)>")
    else { return nil }
    return String(body[start.upperBound..<end.lowerBound])
  }
  let gist: String
  if let code = inside("Code"), let message = inside("Message") {
    gist = "\(code): \(message)" + (inside("Region").map { " (region \($0))" } ?? "")
  } else {
    gist = inside("title") ?? body
  }
  let words = gist.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 } }.joined(
    separator: " ")
  return words.count > 200 ? words.prefix(200) + "…" : words
}
