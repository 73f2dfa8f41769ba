import CLibcurl
import Glibc
import Model

/// One conversation with one relay: a message for one recipient, over a connection of its own.
///
/// What libcurl reports is not enough to know whether a message may have been taken: it matters whether its last byte had been handed
/// over, and what the server said last.
final class MailRelay {
  private let handle: UnsafeMutableRawPointer
  private let relay: Relay
  private let message: [UInt8]
  /// Called once, when the server asks for the message; nothing is sent where it throws.
  private let begin: () throws -> Void
  private var recipients: UnsafeMutablePointer<curl_slist>?
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private var position = 0
  private var hasBegun = false
  /// The whole message has been handed to libcurl, which ends it with a dot of its own.
  private var isHandedOver = false
  private var failure: (any Error)?
  /// The server's last line.
  private var reply = ""

  /// - Parameters:
  ///   - secret: Where secrets are to be had.
  ///   - begin: Keeps that the message may be delivered from now on.
  init?(_ relay: Relay, _ message: String, begin: @escaping () throws -> Void) {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.relay = relay
    self.message = Array(message.utf8)
    self.begin = begin
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(recipients)
    errorText.deallocate()
  }

  /// - Throws: What `begin` threw.
  func send(
    from sender: MailAddress, to recipient: MailAddress, login: (user: Secret, password: Secret)?,
    authorities: String?
  ) throws -> MailEnd {
    let scheme = relay.encryption == .tls ? "smtps" : "smtp"
    let host = relay.host.contains(":") ? "[\(relay.host)]" : relay.host
    curl_set_text(handle, CURLOPT_URL, "\(scheme)://\(host):\(relay.port)/\(Self.ownName(sender))")
    curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    // A relay is spoken to directly, whatever the proxies of the environment are for.
    curl_set_text(handle, CURLOPT_PROXY, "")
    if relay.encryption == .starttls { curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
    if let authorities { curl_set_text(handle, CURLOPT_CAINFO, authorities) }
    if let login {
      curl_set_text(handle, CURLOPT_USERNAME, login.user.text)
      curl_set_text(handle, CURLOPT_PASSWORD, login.password.text)
    }
    curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(sender.address)>")
    recipients = curl_slist_append(nil, "<\(recipient.address)>")
    curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
    curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(relay.connect))
    curl_set_long(handle, CURLOPT_TIMEOUT_MS, Int(relay.total))
    curl_set_long(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, Int(max(1, relay.total / 1000)))
    curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    curl_set_long(handle, CURLOPT_UPLOAD, 1)
    curl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(message.count))
    let context = Unmanaged.passUnretained(self).toOpaque()
    curl_set_pointer(handle, CURLOPT_READDATA, context)
    curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    curl_set_data_function(handle, CURLOPT_READFUNCTION) { data, size, count, context in
      guard let data, let context else { return Int(CURL_READFUNC_ABORT) }
      let buffer = UnsafeMutableRawBufferPointer(start: data, count: size * count)
      return Unmanaged<MailRelay>.fromOpaque(context).takeUnretainedValue().give(buffer)
    }
    curl_set_data_function(handle, CURLOPT_HEADERFUNCTION) { data, size, count, context in
      guard let data, let context else { return 0 }
      let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
      Unmanaged<MailRelay>.fromOpaque(context).takeUnretainedValue().hear(bytes)
      return bytes.count
    }
    let code = withExtendedLifetime(self) { curl_easy_perform(handle) }
    hangUp(isDone: code == CURLE_OK)
    if let failure { throw failure }
    return end(code)
  }

  /// Says goodbye without waiting for the answer: libcurl does when it closes the connection, for as long as for any other answer.
  private func hangUp(isDone: Bool) {
    var socket: curl_socket_t = -1
    guard curl_get_socket(handle, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK, socket >= 0 else { return }
    shutdown(socket, Int32(isDone ? SHUT_RD : SHUT_RDWR))
  }

  private func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    if !hasBegun {
      do {
        try begin()
      } catch {
        failure = error
        return Int(CURL_READFUNC_ABORT)
      }
      hasBegun = true
    }
    let count = min(buffer.count, message.count - position)
    buffer.copyBytes(from: message[position..<position + count])
    position += count
    if position == message.count { isHandedOver = true }
    return count
  }

  private func hear(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self)
    // 221 is the goodbye, which says nothing of the message.
    guard line.utf8.count > 3, let status = Int(line.prefix(3)), status != 221 else { return }
    reply = String(HeaderText.harmless(line).prefix(300))
  }

  /// The status of the server's last reply; 0 before the first.
  private var status: Int { Int(reply.prefix(3)) ?? 0 }

  private func end(_ code: CURLcode) -> MailEnd {
    if code == CURLE_OK { return .sent(reply) }
    let detail = String(cString: errorText)
    let problem = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : HeaderText.harmless(detail)
    // 354 asks for the message: whatever is behind it is the answer to all of it.
    let isAnswered = status >= 400
    if isHandedOver, !isAnswered { return .unknown("no answer to the whole message: \(problem)") }
    // Before the message: what it says to the sender, the recipient or the wish to send one.
    if isAnswered, code == CURLE_SEND_ERROR || hasBegun {
      return status >= 500 ? .refused("it answers: \(reply)") : .busy("it answers: \(reply)")
    }
    switch code {
    case CURLE_LOGIN_DENIED: return .unusable("it denies the login: \(reply.isEmpty ? problem : reply)")
    case CURLE_USE_SSL_FAILED: return .unusable("it offers no STARTTLS")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
      return .unusable("it does not prove who it is (\(problem)); name its authority in `authorities`")
    case CURLE_SSL_CACERT_BADFILE: return .unusable("`authorities` cannot be used (\(problem))")
    case CURLE_OPERATION_TIMEDOUT: return .busy("no answer in time (\(problem))")
    default: return .busy(isAnswered ? "it answers: \(reply)" : problem)
    }
  }

  /// What this machine calls itself; servers see the address it comes from anyway.
  private static func ownName(_ sender: MailAddress) -> String { sender.domain }
}

/// What one relay made of one message.
enum MailEnd: Equatable {
  case sent(String)
  /// It surely has not taken it: another relay may, or this one later.
  case busy(String)
  /// It takes nothing as it is asked: something is to be set right here or there.
  case unusable(String)
  /// It does not take this message, and says that trying again is no use; another relay may.
  case refused(String)
  /// It may have taken it.
  case unknown(String)
}
