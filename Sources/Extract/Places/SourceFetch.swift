import Glibc
import Model

/// Fetches what one source's addresses name, and notes it for the manifest.
struct SourceFetch {
  let source: SourceConfiguration
  let access: ResolvedAccess
  let landing: Landing
  let queue: TransferQueue
  private(set) var manifest: LandingManifest
  private let known: [String: LandingManifest.File]
  private let now: Moment

  init(
    source: SourceConfiguration, access: ResolvedAccess, landing: Landing, queue: TransferQueue,
    surroundings: Surroundings
  ) {
    self.source = source
    self.access = access
    self.landing = landing
    self.queue = queue
    now = Moment(instant: surroundings.now() / 1000)
    manifest = LandingManifest(source: source.name, written: now, patterns: [], files: [])
    let earlier = landing.newestManifest(of: source.name)?.files ?? []
    known = Dictionary(earlier.map { ($0.url, $0) }) { first, _ in first }
  }

  mutating func fetch(_ patterns: [String]) -> FoundFiles {
    manifest.patterns = patterns
    var found = FoundFiles(fetching: .init())
    var asked: [(file: RemoteFile, request: TransferRequest, known: LandingManifest.File?)] = []
    for pattern in patterns {
      switch files(of: pattern) {
      case .failure(let fault): found.findings.append(finding(fault))
      case .success(let list):
        if list.isEmpty { found.findings.append(nothingMatches(pattern)) }
        for file in list where !asked.contains(where: { $0.file.shownAs == file.shownAs }) {
          let earlier = known[file.shownAs].flatMap { landing.holds($0) ? $0 : nil }
          if let earlier, let etag = file.etag, etag == earlier.etag, file.size == earlier.bytes {
            manifest.files.append(earlier)
            found.fetching?.unchanged += 1
          } else {
            asked.append((file, request(file, earlier), earlier))
          }
        }
      }
    }
    guard found.findings.isEmpty else { return found }
    let replies = queue.perform(asked.map(\.request))
    for (index, result) in replies.enumerated() {
      switch result {
      case .success(let reply):
        take(reply, asked[index].file, asked[index].request, asked[index].known, &found)
      case .failure(let fault):
        let told = finding(fault)
        if !found.findings.contains(told) { found.findings.append(told) }
      }
    }
    manifest.files.sort { $0.url.utf8.lexicographicallyPrecedes($1.url.utf8) }
    found.fetching?.files = manifest.files.count
    return found
  }

  private func files(of pattern: String) -> Result<[RemoteFile], TransferFault> {
    switch RemoteAddress(pattern) {
    case .web(let url): .success([RemoteFile(url: url, shownAs: url)])
    case .s3(let bucket, let pattern):
      S3Listing(bucket: bucket, access: source.access.s3, credentials: access.s3, queue: queue).files(pattern)
    case .sftp(let authority, let pattern):
      SFTPListing(authority: authority, credentials: access.sftp, queue: queue).files(pattern)
    case nil: .success([])
    }
  }

  private func request(_ file: RemoteFile, _ earlier: LandingManifest.File?) -> TransferRequest {
    let address = RemoteAddress(file.shownAs)
    let expects: TransferRequest.Expectation =
      switch DocumentKind(source.format, path: file.shownAs) {
      case .delimited: .delimited
      case .lines, .document, .json: .json
      case .unknown: .records
      }
    var request = TransferRequest(
      file.url, shownAs: file.shownAs, sink: .file(path: landing.newPart()), expects: expects)
    switch address {
    case .s3:
      request.credentials = access.s3
      request.headers = [("x-amz-checksum-mode", "ENABLED")]
    case .sftp: request.credentials = access.sftp
    case .web, nil: request.credentials = access.web
    }
    if let earlier {
      request.validators = .init(etag: earlier.etag, lastModified: earlier.lastModified)
    }
    return request
  }

  private mutating func take(
    _ reply: Reply, _ file: RemoteFile, _ request: TransferRequest, _ earlier: LandingManifest.File?,
    _ found: inout FoundFiles
  ) {
    if reply.status == 304, let earlier {
      manifest.files.append(earlier)
      found.fetching?.unchanged += 1
      return
    }
    guard case .file(let part) = request.sink else { return }
    if let code = landing.keep(part, as: reply.digest) {
      found.findings.append(
        Finding(
          .error, .landingNotWritable, at: Place(file: landing.folder),
          "the landing folder cannot be written: \(String(cString: strerror(code)))",
          consequence: "nothing is published",
          remedy: "make room, or give the account that runs this permission to write there"))
      return
    }
    found.fetching?.bytes += reply.size
    manifest.files.append(
      LandingManifest.File(
        url: file.shownAs, digest: reply.digest, bytes: reply.size, fetched: now, etag: reply.header("etag"),
        lastModified: reply.lastingModification, contentType: reply.header("content-type")))
    if !reply.isProvenWhole, !endsByItsSyntax(file.shownAs) {
      let isAccepted = source.access.policy.acceptsUnknownLength
      found.findings.append(
        Finding(
          isAccepted ? .warning : .error, .lengthNotSaid, at: Place(file: file.shownAs),
          "the server says neither how long the file is nor where it ends",
          consequence: isAccepted
            ? "it is read; were it cut off, nothing would show it"
            : "it may be cut off: nothing of source `\(source.name)` is read, and nothing is published",
          remedy: isAccepted
            ? "let the server send `Content-Length`, or the file compressed"
            : "let the server send `Content-Length`, or the file compressed; or take it on trust with\n`transfer: {unknown_length: accept}`"
        ))
    }
  }

  /// A packed file and a JSON document have an end of their own; lines have none.
  private func endsByItsSyntax(_ path: String) -> Bool {
    if [".gz", ".zst"].contains(where: path.hasSuffix) { return true }
    return DocumentKind(source.format, path: path) == .document
  }

  private func nothingMatches(_ pattern: String) -> Finding {
    Finding(
      .error, .noMatchingFile, at: source.place, "nothing matches `\(pattern)`",
      consequence: "what the file would say is unknown; nothing is published",
      remedy: "put the export there, or correct `files`")
  }

  private func finding(_ fault: TransferFault) -> Finding {
    let tries = fault.attempts == 1 ? "1 try" : "\(fault.attempts) tries in \(seconds(fault.elapsed))"
    return Finding(
      .error, fault.name, at: Place(file: fault.shownAs),
      "\(fault.shownAs) cannot be fetched: \(fault.problem) (\(tries))",
      consequence: "nothing of source `\(source.name)` is read, and nothing is published",
      remedy: fault.remedy)
  }
}

extension Reply {
  /// `Last-Modified`, where it tells the file from a later one: a second change within the second it was sent in would not
  /// show.
  fileprivate var lastingModification: String? {
    guard let text = header("last-modified"), let modified = httpDate(text),
      let sent = header("date").flatMap(httpDate), sent - modified >= 2
    else { return nil }
    return text
  }
}
