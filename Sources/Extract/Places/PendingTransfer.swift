import Glibc
import Model

/// One request on its way through its tries and redirects.
final class PendingTransfer {
  private let request: TransferRequest
  /// Where the next try goes to; after a redirect elsewhere than the request says.
  private var url: String
  private var hops = 0
  private(set) var attempts = 0
  private(set) var began: Int64 = 0
  /// When the next try may begin.
  var due: Int64 = 0
  var status: Int?
  var result: Result<Reply, TransferFault>?
  /// What is there of the file, and the ETag it belongs to, where the next try may go on behind it.
  private(set) var offset: Int64 = 0
  private var part: Reply?
  private var isRedirected = false

  init(_ request: TransferRequest) {
    self.request = request
    url = request.url
    let parameters = request.credentials.parameters.map { "\($0.name)=\(percentEncoded($0.value.text))" }
    if !parameters.isEmpty { url += (url.contains("?") ? "&" : "?") + parameters.joined(separator: "&") }
    own = WebOrigin(url)
  }

  private let own: WebOrigin?

  /// A redirect is part of the try it belongs to.
  func begin(at now: Int64) {
    if attempts == 0 { began = now }
    if !isRedirected { attempts += 1 }
    isRedirected = false
  }

  func transfer(_ connection: Connection, _ policy: TransferPolicy, now: Int64) -> Transfer? {
    let etag = part?.header("etag")
    return Transfer(
      request, url: url, isOwnHost: WebOrigin(url) == own, connection, policy,
      resume: offset > 0 ? etag.map { (offset, $0) } : nil, now: now)
  }

  /// Takes the reply if nothing shows that it is not whole; else says what does.
  func accept(_ reply: Reply) -> TransferEnd.Fault? {
    var reply = reply
    if reply.status == 206, let part {
      // What describes the whole file came with its first part.
      reply.headers = part.headers
      reply.status = 200
    }
    reply.attempts = attempts
    if case .file(let path) = request.sink, reply.status != 304, !request.answers.contains(reply.status) {
      switch wholeness(of: path, reply) {
      case .success(let digest): reply.digest = digest
      case .failure(let fault):
        restart()
        return fault.fault
      }
    }
    result = .success(reply)
    return nil
  }

  /// Goes on to another URL, or says why not.
  func follow(to target: String, limit: Int) -> TransferEnd.Fault? {
    hops += 1
    let from = WebOrigin(url)
    guard let to = WebOrigin(target), ["http", "https"].contains(to.scheme), request.body == nil else {
      return unsafe("the server redirects to something that is no web address", "correct the URL in `files`")
    }
    if from?.scheme == "https", to.scheme == "http" {
      return unsafe(
        "the server redirects from https to http, where anybody could read and change the file",
        "ask the server's owner, or name the final URL in `files`")
    }
    if hops > limit {
      return unsafe("more than \(limit) redirects, the last to \(to.host)", "name the final URL in `files`")
    }
    url = target
    isRedirected = true
    return nil
  }

  private func unsafe(_ problem: String, _ remedy: String) -> TransferEnd.Fault {
    TransferEnd.Fault(kind: .refused, problem: problem, remedy: remedy, isWorthRetrying: false)
  }

  /// Remembers how far a broken body got, when its ETag proves that the rest will belong to it.
  func keepPart(_ reply: Reply) {
    if reply.status == 206, part != nil, reply.size >= offset {
      offset = reply.size
    } else if case .file = request.sink, reply.status == 200, reply.size > 0, let etag = reply.header("etag"),
      etag.hasPrefix("\""), reply.header("accept-ranges") != "none"
    {
      part = reply
      offset = reply.size
    } else {
      restart()
    }
  }

  func masked(_ text: String) -> String { request.credentials.masked(text) }

  func restart() {
    part = nil
    offset = 0
  }

  func retry(at time: Int64) {
    due = time
    // What a redirect led to may be good for once only.
    if offset == 0 {
      url = request.url
      let parameters = request.credentials.parameters.map { "\($0.name)=\(percentEncoded($0.value.text))" }
      if !parameters.isEmpty { url += (url.contains("?") ? "&" : "?") + parameters.joined(separator: "&") }
      hops = 0
    }
  }

  func fault(_ fault: TransferEnd.Fault, because reason: String?, _ now: Int64) -> TransferFault {
    let problem = masked(fault.problem + (reason.map { "; \($0)" } ?? ""))
    var elsewhere = ""
    if hops > 0, let there = WebOrigin(url), there != own {
      elsewhere = ", behind a redirect to \(there.host), which gets no credentials"
    }
    return TransferFault(
      name: fault.name, shownAs: request.shownAs, status: status, problem: problem + elsewhere,
      attempts: attempts,
      elapsed: max(0, now - began), remedy: masked(fault.remedy))
  }
}

extension TransferEnd.Fault {
  fileprivate var name: ExtractFinding {
    switch kind {
    case .passing: .sourceUnreachable
    case .notWhole: .sourceNotWhole
    case .notAnExport: .sourceNotAnExport
    case .tooLarge: .sourceTooLarge
    case .notTrusted: .sourceNotTrusted
    case .refused: .sourceRefused
    case .wrongSettings: .sourceNotFetchable
    case .disk: .landingNotWritable
    }
  }
}
