import Dispatch
import Glibc
import Synchronization

/// A file without a name beside the warehouse, for what would take too much memory for a while; gone when it is let go of, and when the
/// program is killed.
///
/// It goes to the disk without a copy in the system's cache, where the file system can: that copy would be memory, too.
final class ScratchFile: Sendable {
  /// What addresses, offsets and lengths are multiples of.
  static let alignment = 4096

  private let descriptor: Int32
  private let path: String
  private let end = Mutex<Int>(0)
  private let queue = DispatchQueue(label: "scratch")
  /// For bytes that wait to be written.
  private let room = DispatchSemaphore(value: 2)

  /// Makes a file in a folder; throws when it cannot.
  init(inFolder folder: String) throws(WarehouseError) {
    path = folder
    var template = Array("\(folder)/.perennial-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw .system(path: folder, action: "make a file in", reason: systemReason())
    }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    // A file system that cannot refuses, and nothing is lost.
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | Self.direct)
  }

  /// O_DIRECT, which Glibc's module leaves out.
  private static var direct: Int32 {
    #if arch(arm64)
      0x10000
    #else
      0x4000
    #endif
  }

  /// Whether to try again: the call was interrupted, or the file system refuses now what it had not refused at first.
  private func shouldTryAgain(after reason: Int32) -> Bool {
    let flags = fcntl(descriptor, F_GETFL)
    guard reason == EINVAL, flags & Self.direct != 0 else { return reason == EINTR }
    return fcntl(descriptor, F_SETFL, flags & ~Self.direct) == 0
  }

  deinit { _ = close(descriptor) }

  /// Room for at least so many bytes that are to be written or read, whole blocks of them; to be deallocated.
  static func buffer(_ count: Int) -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: max(1, (count + alignment - 1) / alignment) * alignment, alignment: alignment)
  }

  /// Writes a whole ``buffer(_:)`` behind what there is; returns where it stands.
  func append(_ bytes: UnsafeRawBufferPointer) throws(WarehouseError) -> Int {
    let start = reserve(bytes.count)
    try write(bytes, at: start)
    return start
  }

  /// Takes a ``buffer(_:)`` over and writes it on another thread, one at a time: what comes behind the second that waits is waited for.
  func put(_ buffer: UnsafeMutableRawBufferPointer) -> PutBytes {
    let put = PutBytes(buffer, start: reserve(buffer.count), self)
    let room = room
    room.wait()
    queue.async {
      put.write()
      room.signal()
    }
    return put
  }

  private func reserve(_ count: Int) -> Int {
    end.withLock { end in
      defer { end += count }
      return end
    }
  }

  fileprivate func write(_ bytes: UnsafeRawBufferPointer, at start: Int) throws(WarehouseError) {
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        descriptor, bytes.baseAddress.unsafelyUnwrapped + done, bytes.count - done, start + done)
      if written > 0 {
        done += written
      } else if written == 0 || !shouldTryAgain(after: errno) {
        throw .system(path: path, action: "write a file in", reason: systemReason())
      }
    }
  }

  /// Fills a whole ``buffer(_:)`` with what stands at a place.
  func read(at start: Int, into bytes: UnsafeMutableRawBufferPointer) throws(WarehouseError) {
    var done = 0
    while done < bytes.count {
      let count = pread(
        descriptor, bytes.baseAddress.unsafelyUnwrapped + done, bytes.count - done, start + done)
      if count > 0 {
        done += count
      } else if count == 0 || !shouldTryAgain(after: errno) {
        throw .system(path: path, action: "read a file in", reason: systemReason())
      }
    }
  }
}

/// Bytes on their way to a ``ScratchFile``; where the disk is full they stay in memory.
///
/// What is in memory is looked at by the thread that writes it, and by others once it has.
final class PutBytes: @unchecked Sendable {
  private let count: Int
  private let start: Int
  private let file: ScratchFile
  private let attempt = DispatchGroup()
  /// nil once they are written.
  private var kept: UnsafeMutableRawBufferPointer?

  fileprivate init(_ buffer: UnsafeMutableRawBufferPointer, start: Int, _ file: ScratchFile) {
    count = buffer.count
    self.start = start
    self.file = file
    kept = buffer
    attempt.enter()
  }

  deinit { kept?.deallocate() }

  fileprivate func write() {
    defer { attempt.leave() }
    guard let buffer = kept, (try? file.write(UnsafeRawBufferPointer(buffer), at: start)) != nil else {
      return
    }
    buffer.deallocate()
    kept = nil
  }

  /// Lends them to `body`, read back where they are not in memory.
  func with<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    attempt.wait()
    if let kept { return try body(UnsafeRawBufferPointer(kept)) }
    let buffer = ScratchFile.buffer(count)
    defer { buffer.deallocate() }
    try file.read(at: start, into: buffer)
    return try body(UnsafeRawBufferPointer(buffer))
  }
}
