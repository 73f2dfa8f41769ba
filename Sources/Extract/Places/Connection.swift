import CLibcurl
import Model

/// Whom a source trusts and through what it goes; the same for all its transfers.
public struct Connection: Sendable {
  /// A file of certificates instead of the system's.
  public var authorities: String?
  public var proxy: String?
  /// `user:password`.
  public var proxyUser: Secret?
  public var knownHosts: String?
  public var fingerprint: String?

  public init() {}

  /// Verification is libcurl's default and said all the same: nothing may turn it off.
  func apply(to handle: UnsafeMutableRawPointer) {
    curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
    curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
    curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let authorities { curl_set_text(handle, CURLOPT_CAINFO, authorities) }
    if let proxy { curl_set_text(handle, CURLOPT_PROXY, proxy) }
    // What a proxy answers is not what the server answers.
    curl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if let proxyUser { curl_set_text(handle, CURLOPT_PROXYUSERPWD, proxyUser.text) }
    // Without either of the two libcurl takes any host for the right one.
    curl_set_text(handle, CURLOPT_SSH_KNOWNHOSTS, knownHosts ?? "/dev/null")
    if let fingerprint { curl_set_text(handle, CURLOPT_SSH_HOST_PUBLIC_KEY_SHA256, fingerprint) }
  }
}
