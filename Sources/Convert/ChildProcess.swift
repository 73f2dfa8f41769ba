import Glibc

/// A program that is run once, without a shell, bounded in time and output.
///
/// It sees no variable of this process but `PATH`, and no open file. What it started itself ends with it.
struct ChildProcess {
  enum Outcome {
    /// With what it wrote on stdout.
    case ended([UInt8])
    case failed(String)
  }

  /// The whole path.
  var program: String
  var arguments: [String]
  /// Where it may write; its `HOME`.
  var folder: String
  var seconds: Int
  /// Bytes of output.
  var limit: Int

  /// - Parameter input: A file that is open for reading, or nil for nothing.
  func run(input: Int32? = nil) -> Outcome {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return .failed(Self.message(errno)) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    for file in Self.openFiles where file > 2 { posix_spawn_file_actions_addclose(&actions, file) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own, so that all of it can be ended.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    // What this process does not hear, the other one is to.
    var heard = sigset_t()
    sigemptyset(&heard)
    sigaddset(&heard, SIGPIPE)
    sigaddset(&heard, SIGXFSZ)
    posix_spawnattr_setsigdefault(&attributes, &heard)
    posix_spawnattr_setpgroup(&attributes, 0)
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    var process: pid_t = 0
    let code = Self.withTexts([program] + arguments) { words in
      Self.withTexts(["PATH=\(path)", "HOME=\(folder)", "TMPDIR=\(folder)", "LANG=C.UTF-8"]) {
        posix_spawn(&process, program, &actions, &attributes, words, $0)
      }
    }
    close(ends[1])
    guard code == 0 else { return .failed(Self.message(code)) }
    return wait(for: process, reading: ends[0])
  }

  private func wait(for process: pid_t, reading end: Int32) -> Outcome {
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    let deadline = Self.now + Double(seconds)
    var status: Int32 = 0
    var reason: String?
    while reason == nil {
      let hasEnded = waitpid(process, &status, WNOHANG) == process
      while true {
        let count = read(end, &block, block.count)
        guard count > 0 else { break }
        output += block[..<count]
        if output.count > limit {
          reason = "it wrote more than \(limit) bytes"
          break
        }
      }
      if hasEnded {
        // What it left running is of no use.
        kill(-process, SIGKILL)
        if let reason { return .failed(reason) }
        // The low bits are the signal, the next eight the status.
        if status & 0x7F != 0 { return .failed("it was ended by signal \(status & 0x7F)") }
        let code = status >> 8 & 0xFF
        return code == 0 ? .ended(output) : .failed("it ended with \(code)")
      }
      if Self.now > deadline { reason = "it took more than \(seconds) s" }
      var ready = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
      poll(&ready, 1, 20)
      // An end that nobody writes to any more is always ready.
      if ready.revents & Int16(POLLHUP) != 0, ready.revents & Int16(POLLIN) == 0 { usleep(5000) }
    }
    kill(-process, SIGKILL)
    waitpid(process, &status, 0)
    return .failed(reason ?? "")
  }

  /// Those of this process; closing one that is gone by then does no harm.
  private static var openFiles: [Int32] {
    guard let entries = opendir("/proc/self/fd") else { return Array(3..<256) }
    defer { closedir(entries) }
    var files: [Int32] = []
    while let entry = readdir(entries) {
      if let file = Int32(ScratchFolder.name(of: entry)) { files.append(file) }
    }
    return files
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func message(_ code: Int32) -> String { String(cString: strerror(code)) }

  private static func withTexts<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = texts.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
  }
}
