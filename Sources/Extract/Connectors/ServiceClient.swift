import Glibc
import Model

/// Asks an API: within its rate, with its credentials and for nobody else, with a new token where the old one has run out.
final class ServiceClient {
  private let connector: Connector
  private var access: ServiceAccess
  private let landing: Landing
  private let queue: TransferQueue
  private let surroundings: Surroundings
  private var token: AccessToken?
  /// Bytes a page may have, unpacked.
  private let limit: Int

  private(set) var baseURL: String
  /// Whether a delimited text is taken whose end nothing shows.
  let acceptsUnknownLength: Bool
  /// The server's clock when the first reply came since ``beginReading()``, in seconds since 1970.
  private(set) var date: Int64?
  private var checkDate: (Int64) throws(StreamFault) -> Void = { (_) throws(StreamFault) in }
  private(set) var bytes: Int64 = 0
  /// Warnings.
  private(set) var findings: [Finding] = []

  /// Bytes of a page that is read as a whole.
  static let longestPage: Int64 = 256 << 20

  init(
    _ reference: SourceConfiguration.StreamReference, _ access: ServiceAccess, _ policy: TransferPolicy,
    _ landing: Landing, _ surroundings: Surroundings
  ) {
    connector = reference.connector
    self.access = access
    self.landing = landing
    self.surroundings = surroundings
    baseURL = connector.baseURL
    acceptsUnknownLength = policy.acceptsUnknownLength
    var policy = policy
    limit = Int(min(policy.maximumSize, Self.longestPage))
    if reference.stream.all.format == .json { policy.maximumSize = Int64(limit) }
    queue = TransferQueue(access.connection, policy, surroundings)
  }

  var repeats: Int { queue.repeats }
  var now: Int64 { surroundings.now() }

  /// - Parameter check: Is asked what the server's clock says as soon as it is known.
  func beginReading(_ check: @escaping (Int64) throws(StreamFault) -> Void) {
    date = nil
    checkDate = check
  }
  func wait(_ milliseconds: Int64) { surroundings.wait(milliseconds) }
  func masked(_ text: String) -> String { access.credentials.masked(text) }

  /// Gets a token, where one is needed; does nothing when there is one.
  func authenticate() throws(StreamFault) {
    if access.client != nil, token == nil { try renew() }
    guard !baseURL.isEmpty else {
      throw StreamFault(
        .sourceNotFetchable, connector.name, "nothing says where the API of `\(connector.name)` is",
        remedy: "write `base_url` in the source")
    }
    let isSecret =
      connector.authentication != .none || connector.headers.values.contains { !$0.references.isEmpty }
    guard !isSecret || WebTarget.isSafe(baseURL) else {
      throw StreamFault(
        .sourceNotFetchable, baseURL, "the secret would be sent to \(baseURL) without encryption",
        remedy: "write `https://` in `base_url`")
    }
  }

  private func renew() throws(StreamFault) {
    guard var client = access.client else { return }
    var new: AccessToken
    if let file = client.tokenFile {
      let (hidden, queue) = (access.credentials, queue)
      new = try file.exchange { (token) throws(StreamFault) in
        client.refreshToken = token
        return try AccessToken.asked(by: client, hidden: hidden, queue)
      }
      access.credentials.hide(client.refreshToken?.text ?? "")
    } else {
      new = try AccessToken.asked(by: client, hidden: access.credentials, queue)
    }
    if let refreshToken = new.refreshToken, client.oauth.grant == .refreshToken {
      client.refreshToken = refreshToken
      access.client = client
      access.credentials.hide(refreshToken.text)
      if client.tokenFile == nil,
        !findings.contains(where: { $0.name == ExtractFinding.refreshTokenReplaced.rawValue })
      {
        findings.append(
          Finding(
            .warning, .refreshTokenReplaced, at: Place(file: client.oauth.tokenURL),
            "the service gave another refresh token, which is kept nowhere",
            consequence: "if it takes the old one no more, the next run cannot read it"))
      }
    }
    access.credentials.headers.removeAll { $0.name == "Authorization" }
    access.credentials.addBearer(new.token)
    baseURL = new.baseURL ?? baseURL
    token = new
  }

  func send(_ request: ServiceRequest) throws(StreamFault) -> ServiceReply { try send([request])[0] }

  /// The replies in the order of the requests; several are asked at once.
  func send(_ requests: [ServiceRequest]) throws(StreamFault) -> [ServiceReply] {
    try authenticate()
    for request in requests { try refuseOtherHost(request) }
    var replies = [ServiceReply?](repeating: nil, count: requests.count)
    // Since something was answered.
    var isRenewed = false
    while true {
      let open = replies.indices.filter { replies[$0] == nil }
      let transfers = open.map { transfer(requests[$0]) }
      var refusals: [TransferFault] = []
      for (number, result) in queue.perform(transfers).enumerated() {
        let (index, transfer) = (open[number], transfers[number])
        switch result {
        case .failure(let fault):
          Self.remove(transfer.sink)
          refusals.append(fault)
        case .success(let reply):
          replies[index] = try taken(reply, transfer, requests[index])
          isRenewed = false
        }
      }
      guard let refusal = refusals.first(where: { $0.status != 401 }) ?? refusals.first else {
        return replies.compactMap { $0 }
      }
      guard refusal.status == 401, access.client != nil else { throw StreamFault(refusal) }
      if isRenewed {
        throw StreamFault(
          .tokenRefused, refusal.shownAs,
          "\(refusal.shownAs) cannot be fetched: the API takes a new access token no more than the last one: \(refusal.problem)",
          remedy: "check what the client may do in the service")
      }
      isRenewed = true
      try renew()
    }
  }

  private func refuseOtherHost(_ request: ServiceRequest) throws(StreamFault) {
    guard WebOrigin(request.url) != WebOrigin(baseURL) else { return }
    throw StreamFault(
      .nextElsewhere, masked(request.url),
      "the API at \(baseURL) says to go on at \(masked(request.url)), which is another host")
  }

  private func transfer(_ request: ServiceRequest) -> TransferRequest {
    let sink: TransferRequest.Sink =
      request.method == .head ? .memory(limit: 1 << 20) : .file(path: landing.newPart())
    var transfer = TransferRequest(
      request.url, shownAs: masked(request.url), credentials: access.credentials, sink: sink,
      expects: request.method == .head ? .anything : request.isDelimited ? .delimited : .json)
    if !access.credentials.headers.contains(where: { $0.name.lowercased() == "accept" }) {
      transfer.headers.append(("Accept", request.isDelimited ? "text/csv" : "application/json"))
    }
    if request.method == .post {
      transfer.body = request.body ?? []
      transfer.headers.append(("Content-Type", "application/json"))
    }
    transfer.hasHeadersOnly = request.method == .head
    transfer.answers = request.answers
    return transfer
  }

  private func taken(
    _ reply: Reply, _ transfer: TransferRequest, _ request: ServiceRequest
  ) throws(StreamFault) -> ServiceReply {
    if date == nil {
      let now = reply.header("date").flatMap(httpDate) ?? surroundings.now() / 1000
      date = now
      try checkDate(now)
    }
    bytes += reply.size
    var taken = ServiceReply(reply: reply, shownAs: transfer.shownAs)
    guard case .file(let path) = transfer.sink, !request.answers.contains(reply.status) else {
      taken.text = reply.body
      return taken
    }
    if request.isDelimited {
      taken.path = path
      return taken
    }
    defer { unlink(path) }
    do throws(ReadFault) {
      taken.text = try wholeText(at: path)
    } catch {
      let name: ExtractFinding =
        [.gzipTooLarge, .zstdTooLarge].contains(error.name) ? .sourceTooLarge : .sourceNotWhole
      throw StreamFault(name, transfer.shownAs, "\(transfer.shownAs): \(error.problem)")
    }
    return taken
  }

  private func wholeText(at path: String) throws(ReadFault) -> [UInt8] {
    var limits = ReaderLimits()
    limits.inflatedSize = min(limits.inflatedSize, limit)
    limits.inflatedMaximum = limit
    let (stream, _) = try decompressed(try FileBytes(path: path), limits)
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { block.deallocate() }
    var text: [UInt8] = []
    while true {
      let count = try stream.read(into: block)
      if count == 0 { return text }
      text.append(contentsOf: block[..<count])
    }
  }

  private static func remove(_ sink: TransferRequest.Sink) {
    if case .file(let path) = sink { unlink(path) }
  }
}
