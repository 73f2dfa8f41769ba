import Glibc
import Model

/// The file a refresh token lies in that the service replaces with each use.
///
/// The new token is on the disk before anything is asked with what came beside it: a program that is killed afterwards leaves the token the
/// service takes. Whether the file can be written is found out before the old one is given away.
struct RefreshTokenFile {
  /// Where the token lies; a link is followed.
  let path: String

  /// Room that is taken before the token is known, in bytes.
  private static let room: off_t = 4096

  /// - Parameter ask: Asks with the token that lies in the file now; no other program of this account asks meanwhile.
  func exchange(_ ask: (Secret) throws(StreamFault) -> AccessToken) throws(StreamFault) -> AccessToken {
    let path = Self.target(path)
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let directory = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw fault("cannot be kept in") }
    defer { close(directory) }
    while flock(directory, LOCK_EX) != 0 { guard errno == EINTR else { throw fault("cannot be kept in") } }
    guard let token = Self.text(of: path) else { throw fault("cannot be read from") }
    guard !token.isEmpty else {
      var fault = StreamFault(.refreshTokenNotKept, path, "the file of the refresh token is empty: \(path)")
      fault.remedy = "get a new refresh token of the service, and write it into the file"
      throw fault
    }
    let part = path + ".new-\(getpid())"
    unlink(part)
    let file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw fault("cannot be kept in") }
    defer {
      close(file)
      unlink(part)
    }
    let code = posix_fallocate(file, 0, Self.room)
    guard code == 0 || code == EOPNOTSUPP || code == EINVAL else { throw fault("cannot be kept in", code) }
    let answer = try ask(Secret(token))
    guard let next = answer.refreshToken else { return answer }
    let bytes = Array((next.text + "\n").utf8)
    guard fchmod(file, 0o600) == 0, Self.write(bytes, to: file), ftruncate(file, off_t(bytes.count)) == 0,
      fsync(file) == 0, rename(part, path) == 0, fsync(directory) == 0
    else {
      var fault = fault("that the service gave in place of the last one cannot be kept in")
      fault.remedy =
        "make room or mend the folder, and get a new refresh token: the service may take the last one no more"
      throw fault
    }
    return answer
  }

  private func fault(_ problem: String, _ code: Int32 = errno) -> StreamFault {
    StreamFault(
      .refreshTokenNotKept, path, "the refresh token \(problem) \(path): \(String(cString: strerror(code)))")
  }

  private static func target(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Without the line break that files end with; nil where it cannot be read.
  private static func text(of path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(file, &bytes, bytes.count)
    guard count >= 0 else { return nil }
    bytes.removeLast(bytes.count - count)
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
