import CLibcurl
import Model

/// Hands messages to the relays of a project, in turn until one takes each.
public struct MailTransport {
  private let settings: MailSettings
  private let secret: (SecretReference) -> Secret?
  /// Where relative paths of the configuration begin.
  private let folder: String

  public init(
    _ settings: MailSettings, folder: String, secret: @escaping (SecretReference) -> Secret?
  ) {
    self.settings = settings
    self.folder = folder
    self.secret = secret
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
  }

  /// Sends one message to one recipient.
  ///
  /// It takes no longer than the longest `total` of the relays, over all of them: each has its share of what is left.
  ///
  /// - Parameters:
  ///   - begin: Keeps that the message may have been delivered from now on; called at most once, before the first byte of it is
  ///     sent.
  /// - Throws: What `begin` threw; then nothing was sent.
  public func send(
    _ message: String, from sender: MailAddress, to recipient: MailAddress, begin: @escaping () throws -> Void
  ) throws -> DeliveryEnd {
    var reasons: [String] = []
    var isRefused = true
    var hasBegun = false
    func beginOnce() throws {
      if !hasBegun { try begin() }
      hasBegun = true
    }
    let deadline = MonotonicTime.now + (settings.relays.map(\.total).max() ?? 0)
    for (index, relay) in settings.relays.enumerated() {
      let name = "\(relay.host):\(relay.port)"
      let login: (user: Secret, password: Secret)?
      if let user = relay.user, let password = relay.password {
        guard let user = user.resolved(secret), let password = password.resolved(secret) else {
          reasons.append("\(name): its user or password is not there: set the variable or write the file")
          isRefused = false
          continue
        }
        login = (user, password)
      } else {
        login = nil
      }
      let share = (deadline - MonotonicTime.now) / Int64(settings.relays.count - index)
      guard share > 0 else {
        reasons.append("\(name): no time is left")
        isRefused = false
        continue
      }
      var relay = relay
      relay.total = min(relay.total, share)
      relay.connect = min(relay.connect, relay.total)
      guard let conversation = MailRelay(relay, message, begin: beginOnce) else {
        reasons.append("\(name): libcurl cannot be started")
        isRefused = false
        continue
      }
      let authorities = relay.authorities.map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 }
      switch try conversation.send(from: sender, to: recipient, login: login, authorities: authorities) {
      case .sent(let reply): return .sent(reply.isEmpty ? name : "\(name): \(reply)")
      case .refused(let reason): reasons.append("\(name): \(reason)")
      case .busy(let reason), .unusable(let reason):
        reasons.append("\(name): \(reason)")
        isRefused = false
      case .unknown(let reason): return .unknown("\(name): \(reason)")
      }
    }
    let reason = reasons.joined(separator: "; ")
    return isRefused && !reasons.isEmpty ? .refused(reason) : .later(reason)
  }
}
