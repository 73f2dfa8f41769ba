import CLibcurl
import Model

/// One request that tells somebody something, over a connection of its own.
public struct WebRequest {
  /// With its secrets put in.
  public var url: Secret
  public var headers: [(name: String, value: String)] = []
  /// Posted; nil asks with GET.
  public var body: String?
  /// Milliseconds for all of it.
  public var total: Int64

  public init(url: Secret, headers: [(name: String, value: String)] = [], body: String? = nil, total: Int64) {
    self.url = url
    self.headers = headers
    self.body = body
    self.total = total
  }

  /// Sends it; what is said of it names no URL, which may be a secret.
  public func perform() -> DeliveryEnd {
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    guard let handle = curl_easy_init() else { return .later("libcurl cannot be started") }
    var list: UnsafeMutablePointer<curl_slist>?
    defer {
      curl_easy_cleanup(handle)
      curl_slist_free_all(list)
    }
    curl_set_text(handle, CURLOPT_URL, url.text)
    curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_long(handle, CURLOPT_TIMEOUT_MS, Int(total))
    curl_set_text(handle, CURLOPT_USERAGENT, "perennial")
    if let body {
      curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.utf8.count))
      curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, body)
    }
    for header in headers { list = curl_slist_append(list, "\(header.name): \(header.value)") }
    curl_set_list(handle, CURLOPT_HTTPHEADER, list)
    let answer = Answer()
    curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(answer).toOpaque())
    curl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { data, size, count, context in
      guard let data, let context else { return 0 }
      let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
      let answer = Unmanaged<Answer>.fromOpaque(context).takeUnretainedValue()
      answer.bytes.append(contentsOf: bytes.prefix(max(0, 300 - answer.bytes.count)))
      return bytes.count
    }
    let code = withExtendedLifetime(answer) { curl_easy_perform(handle) }
    var status = 0
    curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return end(code, status, HeaderText.harmless(String(decoding: answer.bytes, as: UTF8.self)), handle)
  }

  private final class Answer {
    var bytes: [UInt8] = []
  }

  private func end(_ code: CURLcode, _ status: Int, _ says: String, _ handle: UnsafeMutableRawPointer)
    -> DeliveryEnd
  {
    let reply = "it answers \(status)" + (says.isEmpty ? "" : ": \(says)")
    if code == CURLE_OK {
      switch status {
      case 200..<300: return .sent(reply)
      case 408, 425, 429, 500...: return .later(reply)
      default: return .refused(reply)
      }
    }
    var sent: curl_off_t = 0
    curl_get_offset(handle, CURLINFO_SIZE_UPLOAD_T, &sent)
    var asked = 0
    curl_get_long(handle, CURLINFO_REQUEST_SIZE, &asked)
    let problem = String(cString: curl_easy_strerror(code))
    return asked > 0 || sent > 0 ? .unknown("no answer: \(problem)") : .later(problem)
  }
}
