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

  /// `name=value` of a URL's query, as they are written there.
  static func query(of url: String) -> [Substring] {
    guard let start = url.firstIndex(of: "?") else { return [] }
    return url[url.index(after: start)...].prefix { $0 != "#" }.split(separator: "&")
  }

  /// The parts of a URL's path.
  static func folders(of url: String) -> [Substring] {
    let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
    return url[start...].prefix { $0 != "?" && $0 != "#" }.split(separator: "/").dropFirst().map { $0 }
  }

  /// `rel="next"` of a `Link` header (RFC 8288).
  static func next(inLink header: String) -> String? {
    for link in pieces(of: header[...], between: ",") {
      let parts = pieces(of: link, between: ";")
      let target = (parts.first ?? "").drop { $0 == " " }
      guard target.first == "<", let end = target.firstIndex(of: ">") else { continue }
      for parameter in parts.dropFirst() {
        let pair = parameter.split(separator: "=", maxSplits: 1)
        guard pair.count == 2, pair[0].filter({ $0 != " " }).lowercased() == "rel" else { continue }
        let relations = pair[1].lowercased().filter { $0 != "\"" }.split(separator: " ")
        if relations.contains("next") { return String(target[target.index(after: target.startIndex)..<end]) }
      }
    }
    return nil
  }

  /// A separator in a URL's brackets or in quotes is none.
  private static func pieces(of text: Substring, between separator: Character) -> [Substring] {
    var isQuoted = false
    var isURL = false
    return text.split(omittingEmptySubsequences: true) { character in
      switch character {
      case "\"" where !isURL: isQuoted.toggle()
      case "<" where !isQuoted: isURL = true
      case ">": isURL = false
      default: break
      }
      return character == separator && !isQuoted && !isURL
    }
  }
}
