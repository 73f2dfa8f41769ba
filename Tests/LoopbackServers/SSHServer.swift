import Foundation

/// OpenSSH's server as the account that runs the tests, with a host key of its own, for SFTP alone.
public final class SSHServer: ServerProcess {
  public let port: Int
  public var user: String { NSUserName() }
  /// A private key it lets in, and one with a passphrase, `open sesame`.
  public var key: String { folder.path + "/user" }
  public var lockedKey: String { folder.path + "/locked" }
  public var knownHosts: String { folder.path + "/known_hosts" }
  /// `SHA256:...`.
  public private(set) var fingerprint = ""

  override public init() throws {
    port = Self.freePort()
    try super.init()
    func keygen(_ name: String, _ passphrase: String) throws {
      try Self.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", folder.path + "/" + name], in: folder)
    }
    try keygen("host", "")
    try keygen("user", "")
    try keygen("locked", "open sesame")
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    }
    try (text("user.pub") + text("locked.pub")).write(
      toFile: folder.path + "/authorized", atomically: true, encoding: .utf8)
    let host = try text("host.pub").split(separator: " ").prefix(2).joined(separator: " ")
    try "[127.0.0.1]:\(port) \(host)\n".write(toFile: knownHosts, atomically: true, encoding: .utf8)
    fingerprint = String(
      try Self.run(["ssh-keygen", "-lf", "host.pub"], in: folder).split(separator: " ").dropFirst().first
        ?? "")
    try """
    Port \(port)
    ListenAddress 127.0.0.1
    HostKey \(folder.path)/host
    AuthorizedKeysFile \(folder.path)/authorized
    PidFile \(folder.path)/pid
    PasswordAuthentication no
    KbdInteractiveAuthentication no
    StrictModes no
    UsePAM no
    Subsystem sftp internal-sftp
    """.write(toFile: folder.path + "/config", atomically: true, encoding: .utf8)
    // Where the system starts no server of its own, nobody has made the folder it wants.
    if geteuid() == 0 {
      try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
    }
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("files"), withIntermediateDirectories: true)
    try launch([Part.sshd.path ?? "sshd", "-D", "-e", "-f", folder.path + "/config"])
    try waitForPort(port)
  }

  public func write(_ text: String, to path: String) throws {
    let file = folder.appendingPathComponent("files/" + path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  /// The address of a path below its folder of files.
  public func url(_ path: String) -> String { "sftp://127.0.0.1:\(port)\(folder.path)/files/\(path)" }
}
