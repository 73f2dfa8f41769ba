import CLibcurl
import Model

/// One try of one request, from its options to what came of it.
final class Transfer {
  let handle: UnsafeMutableRawPointer
  private let request: TransferRequest
  private let limit: Int64
  private let resumed: Int64
  private var list: UnsafeMutablePointer<curl_slist>?
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  /// nil where the body goes into memory.
  private var file: PartFile?
  /// Why the body was not taken, where it was not.
  private var refusal: TransferEnd.Fault?
  /// The beginning of what came with a status that is no success.
  private var says: [UInt8] = []

  private(set) var reply = Reply(status: 0, headers: [])
  /// Bytes in the file, those of earlier tries included.
  private(set) var size: Int64

  /// - Parameters:
  ///   - url: Where to, with the parameters that are secret.
  ///   - isOwnHost: False behind a redirect to another host, which gets no credentials.
  ///   - resume: The bytes that are there already, and the strong ETag they belong to.
  init?(
    _ request: TransferRequest, url: String, isOwnHost: Bool, _ connection: Connection,
    _ policy: TransferPolicy,
    resume: (offset: Int64, etag: String)?, now: Int64
  ) {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.request = request
    limit = policy.maximumSize
    if case .file(let path) = request.sink { file = PartFile(path: path) }
    resumed = resume?.offset ?? 0
    size = resumed
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    connection.apply(to: handle)
    limitTimes(policy)
    curl_set_text(handle, CURLOPT_URL, url)
    curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https,sftp")
    curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_long(handle, CURLOPT_PATH_AS_IS, 1)
    curl_set_long(handle, CURLOPT_DIRLISTONLY, request.hasNamesOnly ? 1 : 0)
    curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    var headers = request.headers.filter { !isSigned($0.name) }.map { "\($0.name): \($0.value)" }
    if case .file = request.sink { headers.append("Accept-Encoding: gzip, zstd") }
    if let resume {
      headers += ["Range: bytes=\(resume.offset)-", "If-Range: \(resume.etag)"]
    } else if let etag = request.validators.etag {
      headers.append("If-None-Match: \(etag)")
    } else if let date = request.validators.lastModified {
      headers.append("If-Modified-Since: \(date)")
    }
    if isOwnHost { headers += authorize(url, now: now) }
    if request.hasHeadersOnly { curl_set_long(handle, CURLOPT_NOBODY, 1) }
    if let body = request.body {
      curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, String(decoding: body, as: UTF8.self))
    }
    curl_set_text(handle, CURLOPT_USERAGENT, "perennial")
    for header in headers { list = curl_slist_append(list, header) }
    curl_set_list(handle, CURLOPT_HTTPHEADER, list)
    takeData()
  }

  deinit {
    file?.close()
    curl_easy_cleanup(handle)
    curl_slist_free_all(list)
    errorText.deallocate()
  }

  private func limitTimes(_ policy: TransferPolicy) {
    curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(policy.connect))
    curl_set_long(handle, CURLOPT_TIMEOUT_MS, Int(policy.total))
    curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, Int(max(1, (policy.stall + 999) / 1000)))
  }

  private func authorize(_ url: String, now: Int64) -> [String] {
    let credentials = request.credentials
    if let login = credentials.login {
      if !login.user.isEmpty { curl_set_text(handle, CURLOPT_USERNAME, login.user) }
      var kinds = Int(0)
      if let password = login.password {
        curl_set_text(handle, CURLOPT_PASSWORD, password.text)
        kinds |= Int(CURLSSH_AUTH_PASSWORD) | Int(CURLSSH_AUTH_KEYBOARD)
      }
      if let file = login.keyFile {
        curl_set_text(handle, CURLOPT_SSH_PRIVATE_KEYFILE, file)
        if let password = login.keyPassword { curl_set_text(handle, CURLOPT_KEYPASSWD, password.text) }
        kinds |= Int(CURLSSH_AUTH_PUBLICKEY)
      }
      curl_set_long(handle, CURLOPT_SSH_AUTH_TYPES, kinds)
    }
    var headers = credentials.headers.map { "\($0.name): \($0.value.text)" }
    if let keys = credentials.keys {
      let signed = request.headers.filter { isSigned($0.name) }
      headers += SignatureV4(keys, seconds: now / 1000).headers(for: url, and: signed).map {
        "\($0.name): \($0.value)"
      }
    }
    return headers
  }

  /// The service refuses headers of its own that are not part of the signature.
  private func isSigned(_ header: String) -> Bool {
    request.credentials.keys != nil && header.lowercased().hasPrefix("x-amz-")
  }

  private func takeData() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    curl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { data, size, count, context in
      guard let data, let context else { return 0 }
      let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
      return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().take(bytes) ? bytes.count : 0
    }
    curl_set_data_function(handle, CURLOPT_HEADERFUNCTION) { data, size, count, context in
      guard let data, let context else { return 0 }
      let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
      Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().takeHeader(
        String(decoding: bytes, as: UTF8.self))
      return bytes.count
    }
  }

  private func takeHeader(_ line: String) {
    let line = line.filter { $0 != "\r\n" && $0 != "\n" && $0 != "\r" }
    if line.hasPrefix("HTTP/") {
      reply.status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      reply.headers = []
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...]
      reply.headers.append(
        (
          line[..<colon].lowercased(),
          String(value.drop { $0 == " " || $0 == "\t" })
        ))
    }
  }

  /// False ends the transfer.
  private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // SFTP has no status; every other one than a success brings words, not data.
    guard [0, 200, 206].contains(reply.status) else {
      if request.answers.contains(reply.status) {
        reply.body.append(contentsOf: bytes)
        return reply.body.count < 1 << 20
      }
      says.append(contentsOf: bytes.prefix(max(0, 4096 - says.count)))
      return says.count < 4096
    }
    if size == resumed, refusal == nil, file?.isOpen != true { begin(bytes) }
    guard refusal == nil else { return false }
    size += Int64(bytes.count)
    switch request.sink {
    case .memory(let limit):
      reply.body.append(contentsOf: bytes)
      if reply.body.count > limit { refusal = .tooLarge(Int64(limit)) }
    case .file:
      if size > limit {
        refusal = .tooLarge(limit)
      } else if let code = file?.write(bytes) {
        refusal = .disk(code)
      }
    }
    return refusal == nil
  }

  /// Looks at the headers and first bytes before any of them is kept.
  private func begin(_ bytes: UnsafeRawBufferPointer) {
    if resumed > 0, reply.status != 206 { size = 0 }
    if reply.status == 206 {
      // Only what was asked for, to the end of the file as it was.
      let range = contentRange(reply.header("content-range"))
      if resumed == 0 || range?.start != resumed {
        refusal = .notWhole("the server sent another part of the file than was asked for")
      }
    } else {
      refusal = unwanted(reply, beginning: bytes, request.expects, request.credentials.masked)
    }
    if refusal == nil { openFile() }
  }

  private func openFile() {
    if let code = file?.open(at: size) { refusal = .disk(code) }
  }

  /// What came of it, once libcurl is done with it.
  func end(_ code: CURLcode) -> TransferEnd {
    if code == CURLE_OK, size == resumed, refusal == nil, [0, 200].contains(reply.status) {
      // Not one byte came, which is a file too.
      size = 0
      openFile()
    }
    file?.close()
    reply.size = size
    if let refusal { return .fault(refusal) }
    let hasAnswered = reply.status > 0 && (code == CURLE_OK || code == CURLE_WRITE_ERROR || says.count > 0)
    if hasAnswered, ![200, 206, 304].contains(reply.status), !request.answers.contains(reply.status) {
      var location: UnsafeMutablePointer<CChar>?
      if [301, 302, 303, 307, 308].contains(reply.status),
        curl_get_text(handle, CURLINFO_REDIRECT_URL, &location) == CURLE_OK, let location
      {
        return .redirect(to: String(cString: location))
      }
      return .status(reply.status, says: String(decoding: says, as: UTF8.self))
    }
    var tunnel = 0
    curl_get_long(handle, CURLINFO_HTTP_CONNECTCODE, &tunnel)
    if code != CURLE_OK, tunnel >= 400 { return .status(tunnel, says: "the proxy lets nothing through") }
    guard code == CURLE_OK else {
      let detail = String(cString: errorText)
      return .fault(
        .of(code, detail: detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail, reply, size))
    }
    if reply.status == 206, contentRange(reply.header("content-range"))?.total.map({ $0 != size }) ?? false {
      return .fault(.notWhole("the parts of the file are not as long as the server says that it is"))
    }
    if reply.status == 304, request.validators.etag == nil, request.validators.lastModified == nil {
      return .fault(.notWhole("the server says that nothing has changed, and was not asked"))
    }
    reply.isProvenWhole = saysItsEnd
    return .whole
  }

  private var saysItsEnd: Bool {
    var version = 0
    curl_get_long(handle, CURLINFO_HTTP_VERSION, &version)
    let isFramed = reply.header("content-length") != nil || reply.header("transfer-encoding") != nil
    return reply.status == 0 || reply.status == 304 || isFramed || version >= Int(CURL_HTTP_VERSION_2_0)
      || request.url.hasPrefix("https:")
  }
}

/// The first byte of `bytes 100-199/200`.
func contentRange(_ text: String?) -> (start: Int64, total: Int64?)? {
  guard let text, text.hasPrefix("bytes ") else { return nil }
  let parts = text.dropFirst(6).split(separator: "/")
  guard parts.count == 2, let start = parts[0].split(separator: "-").first.flatMap({ Int64($0) }) else {
    return nil
  }
  return (start, Int64(parts[1]))
}
