/// How one try of a transfer ended.
enum TransferEnd {
  /// All of it came, as far as the protocol can tell; 304 counts as that.
  case whole
  case redirect(to: String)
  /// Another status than a success, with the beginning of what the server says to it.
  case status(Int, says: String)
  /// The network or the other side failed.
  case fault(Fault)

  struct Fault {
    enum Kind {
      /// Another try may go better: a reset, a timeout, half a body.
      case passing
      /// What came is not what was asked for, and another try may go better.
      case notWhole
      case notAnExport
      case tooLarge
      case notTrusted
      case refused
      case wrongSettings
      case disk
    }
    var kind: Kind
    /// What happened, to complete "cannot be fetched: ...".
    var problem: String
    var remedy: String
    /// Whether a further try makes sense.
    var isWorthRetrying: Bool
  }
}

/// Why a transfer was given up.
public struct TransferFault: Error, Sendable {
  public var name: ExtractFinding
  public var shownAs: String
  /// The server's last status, where it gave one: 401 tells that a token has expired.
  public var status: Int?
  /// The last error, without secrets.
  public var problem: String
  public var attempts: Int
  /// Milliseconds from the first try to the last.
  public var elapsed: Int64
  public var remedy: String
}
