import Foundation
import Glibc

/// Postfix: one port with STARTTLS, one with TLS from the first byte; it takes mail for example.com from who logs in.
///
/// It runs only as root, whose programs it is made of; `isThere` says so.
public final class Postfix: ServerProcess {
  public let port: Int
  public let tlsPort: Int
  public let user = "reports@localhost"
  public let password = "open sesame"
  /// What signed its certificate, for localhost.
  public var authority: String { folder.path + "/server.pem" }

  public static var isThere: Bool { geteuid() == 0 && Part.postfix.isThere && Part.openssl.isThere }

  override public init() throws {
    port = Self.freePort()
    tlsPort = Self.freePort()
    try super.init()
    for name in ["config/sasl", "queue", "data", "mail"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    func write(_ text: String, _ name: String) throws {
      try text.write(toFile: folder.path + "/config/" + name, atomically: true, encoding: .utf8)
    }
    try write(main, "main.cf")
    try write(master, "master.cf")
    try write(
      """
      pwcheck_method: auxprop
      auxprop_plugin: sasldb
      mech_list: PLAIN LOGIN
      sasldb_path: \(folder.path)/config/sasldb

      """, "sasl/smtpd.conf")
    try Self.run(
      [
        Part.openssl.path ?? "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "2", "-keyout", "server.key", "-out", "server.pem", "-subj", "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
      ], in: folder)
    try Self.run(
      [
        "sh", "-ec",
        """
        printf '%s' "$0" | saslpasswd2 -c -p -f config/sasldb -u localhost reports
        chmod 755 . && chown postfix data && chown nobody mail && chgrp postfix config/sasldb && chmod 640 config/sasldb
        """, password,
      ], in: folder)
    // Its master leaves the process group it was started in, so the bound on its time is the shell's that waits for it.
    try launch([
      "sh", "-c",
      "postfix -c \"$0\" start-fg & wait_for=$!; trap 'postfix -c \"$0\" stop' TERM; wait $wait_for",
      folder.path + "/config",
    ])
    try waitForPort(port, seconds: 40)
  }

  /// Gives the server time to end by itself, which takes its processes with it.
  override public func stop() {
    _ = try? Self.run(["postfix", "-c", folder.path + "/config", "stop"], in: folder)
    super.stop()
  }

  /// The messages for everybody at example.com, as delivered; waits until there are as many as said, at most twenty seconds.
  public func messages(_ count: Int) throws -> [String] {
    let box = folder.path + "/mail/inbox"
    for _ in 0..<400 {
      let text = (try? String(contentsOfFile: box, encoding: .utf8)) ?? ""
      // An mbox: each message behind a line `From sender date`.
      let parts = ("\n" + text).components(separatedBy: "\nFrom ").dropFirst()
      if parts.count >= count {
        return parts.map { part in part.drop { $0 != "\n" }.dropFirst().description }
      }
      usleep(50_000)
    }
    return []
  }

  public var log: String { (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? "" }

  private var main: String {
    """
    compatibility_level = 3.6
    queue_directory = \(folder.path)/queue
    data_directory = \(folder.path)/data
    command_directory = /usr/sbin
    daemon_directory = /usr/lib/postfix/sbin
    mail_owner = postfix
    setgid_group = postdrop
    maillog_file = \(folder.path)/log
    maillog_file_prefixes = \(folder.path)
    inet_interfaces = loopback-only
    inet_protocols = ipv4
    myhostname = localhost
    mydestination =
    alias_maps =
    mynetworks =
    virtual_mailbox_domains = example.com
    virtual_mailbox_base = \(folder.path)/mail
    virtual_mailbox_maps = static:inbox
    virtual_minimum_uid = 1
    virtual_uid_maps = static:65534
    virtual_gid_maps = static:65534
    smtpd_tls_cert_file = \(folder.path)/server.pem
    smtpd_tls_key_file = \(folder.path)/server.key
    smtpd_tls_auth_only = yes
    smtpd_sasl_auth_enable = yes
    smtpd_sasl_local_domain = localhost
    smtpd_relay_restrictions = permit_sasl_authenticated, reject
    smtpd_recipient_restrictions = permit_sasl_authenticated, reject

    """
  }

  private var master: String {
    """
    127.0.0.1:\(port) inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
    127.0.0.1:\(tlsPort) inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
    pickup unix n - n 60 1 pickup
    cleanup unix n - n - 0 cleanup
    qmgr unix n - n 300 1 qmgr
    tlsmgr unix - - n 1000? 1 tlsmgr
    rewrite unix - - n - - trivial-rewrite
    bounce unix - - n - 0 bounce
    defer unix - - n - 0 bounce
    trace unix - - n - 0 bounce
    verify unix - - n - 1 verify
    flush unix n - n 1000? 0 flush
    proxymap unix - - n - - proxymap
    proxywrite unix - - n - 1 proxymap
    showq unix n - n - - showq
    error unix - - n - - error
    retry unix - - n - - error
    discard unix - - n - - discard
    virtual unix - n n - - virtual
    anvil unix - - n - 1 anvil
    postlog unix-dgram n - n - 1 postlogd

    """
  }
}
