import Model

/// What the program's exit code says; the contract with cron.
enum ExitStatus: Int32 {
  case done = 0
  /// Held or refused: findings of severity error, nothing published.
  case refused = 1
  case wrongUse = 2
  /// A source or delivery could not be reached, retried and given up; or the system refused to read or write.
  case unreachable = 3
  /// Another run holds the lock, or another program the warehouse.
  case locked = 4
  /// The warehouse file is damaged, or the program has a fault.
  case internalError = 5
}

/// Ends the program with a status, telling the findings that led there.
struct Stop: Error {
  var status: ExitStatus
  var findings: [Finding]

  init(_ status: ExitStatus, _ findings: [Finding] = []) {
    self.status = status
    self.findings = findings
  }

  /// One finding in the usual form.
  init(_ status: ExitStatus, _ name: String, _ problem: String, remedy: String? = nil) {
    self.init(status, [Finding(.error, name, problem, remedy: remedy)])
  }
}
