import Foundation

/// nginx over TLS: `/open/` as it is, `/private/` with a password, `/slow/` with at most ten requests a second.
public final class Nginx: ServerProcess {
  public let port: Int
  /// The certificate authority that signed its certificate, which no machine trusts by itself.
  public var authority: String { folder.path + "/ca.pem" }
  public var log: String { (try? String(contentsOfFile: folder.path + "/access.log", encoding: .utf8)) ?? "" }

  override public init() throws {
    port = Self.freePort()
    try super.init()
    try certificates()
    for name in ["open", "private", "slow"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("files/" + name), withIntermediateDirectories: true)
    }
    try "reports:{PLAIN}open sesame\n".write(
      toFile: folder.path + "/users", atomically: true, encoding: .utf8)
    try configuration.write(toFile: folder.path + "/nginx.conf", atomically: true, encoding: .utf8)
    try launch([
      Part.nginx.path ?? "nginx", "-e", "stderr", "-p", folder.path, "-c", folder.path + "/nginx.conf",
    ])
    try waitForPort(port)
  }

  public func write(_ text: String, to path: String) throws {
    try text.write(toFile: folder.path + "/files/" + path, atomically: true, encoding: .utf8)
  }

  public func url(_ path: String) -> String { "https://localhost:\(port)/\(path)" }

  private func certificates() throws {
    func openssl(_ arguments: String) throws {
      try Self.run(
        [Part.openssl.path ?? "openssl"] + arguments.split(separator: " ").map(String.init), in: folder)
    }
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    try openssl("req -x509 \(key) -keyout ca.key -out ca.pem -subj /CN=perennial-tests")
    try openssl(
      "req \(key.replacing(" -days 2", with: "")) -keyout server.key -out server.csr -subj /CN=localhost")
    try "subjectAltName=DNS:localhost\n".write(
      toFile: folder.path + "/names", atomically: true, encoding: .utf8)
    try openssl(
      "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names"
    )
  }

  private var configuration: String {
    """
    \(geteuid() == 0 ? "user root;" : "")
    daemon off;
    pid nginx.pid;
    error_log error.log;
    events {}
    http {
      access_log access.log;
      client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
      types { text/csv csv; application/json json; application/zstd zst; }
      gzip on; gzip_types text/csv; gzip_min_length 1;
      limit_req_zone $server_name zone=slow:1m rate=10r/s;
      server {
        listen 127.0.0.1:\(port) ssl http2;
        server_name localhost;
        ssl_certificate server.pem;
        ssl_certificate_key server.key;
        root files;
        location /private/ { auth_basic reports; auth_basic_user_file users; }
        location /down/ { return 302 http://localhost:1/export.csv; }
        location /slow/ { limit_req zone=slow; }
      }
    }
    """
  }
}

extension ServerProcess {
  /// Runs a program to its end; what it says is thrown when it fails.
  @discardableResult
  static func run(_ command: [String], in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw NotStarted(log: text) }
    return text
  }
}
