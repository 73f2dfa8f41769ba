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
    let start = end.withLock { end in
      defer { end += bytes.count }
      return end
    }
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
    return start
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
