import CLibcurl

/// Where an API's own words lead: a URL, or a path, taken from what it sends.
enum WebTarget {
  /// The whole URL of a reference (RFC 3986) found in the reply to another one; nil for what is none.
  static func resolved(_ reference: String, from base: String) -> String? {
    guard let handle = curl_url() else { return nil }
    defer { curl_url_cleanup(handle) }
    guard curl_url_set(handle, CURLUPART_URL, base, 0) == CURLUE_OK,
      curl_url_set(handle, CURLUPART_URL, reference, UInt32(CURLU_URLENCODE)) == CURLUE_OK
    else { return nil }
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, CURLUPART_URL, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  /// Whether what is sent there is encrypted, or does not leave this machine.
  static func isSafe(_ url: String) -> Bool {
    guard let origin = WebOrigin(url) else { return false }
    if origin.scheme == "https" { return true }
    let parts = origin.host.split(separator: ".", omittingEmptySubsequences: false)
    let isLoopback = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    return origin.scheme == "http" && (isLoopback || ["localhost", "[::1]"].contains(origin.host))
  }

  /// `rel="next"` of a `Link` header (RFC 8288).
  static func next(inLink header: String) -> String? {
    var rest = header[...]
    while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
      let target = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      // The parameters reach to the next link; a comma may stand in quotes.
      var isQuoted = false
      let stop =
        rest.firstIndex { character in
          if character == "\"" { isQuoted.toggle() }
          return character == "," && !isQuoted
        } ?? rest.endIndex
      for parameter in rest[..<stop].split(separator: ";") {
        let pair = parameter.split(separator: "=", maxSplits: 1).map {
          $0.filter { !" \t\"".contains($0) || false }
        }
        guard pair.count == 2, pair[0].lowercased() == "rel" else { continue }
        let relations = parameter.split(separator: "=", maxSplits: 1)[1].lowercased()
          .filter { $0 != "\"" }.split(separator: " ")
        if relations.contains("next") { return String(target) }
      }
      rest = rest[stop...]
    }
    return nil
  }
}
