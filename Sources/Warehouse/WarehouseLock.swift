import Glibc

/// Keeps every other run out of one warehouse until it is released, or the process ends however it ends.
///
/// An advisory `flock` on `PATH.lock`; the empty file stays, since removing it would let two runs hold two locks.
public final class WarehouseLock {
  public let path: String
  private var descriptor: Int32

  /// Throws ``WarehouseError/lockedByAnotherRun(path:)`` within a moment when another process, or another lock of this one, holds it.
  public init(warehouse path: String) throws(WarehouseError) {
    self.path = path + ".lock"
    try makeFolder(of: path)
    descriptor = open(self.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .system(path: self.path, action: "open the lock", reason: systemReason())
    }
    var isTaken = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    // Who only looks whether a run is under way has it for a moment.
    for _ in 0..<10 where !isTaken && errno == EWOULDBLOCK {
      usleep(20_000)
      isTaken = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }
    guard isTaken else {
      let code = errno
      close(descriptor)
      descriptor = -1
      if code == EWOULDBLOCK { throw .lockedByAnotherRun(path: path) }
      throw .system(path: self.path, action: "lock", reason: String(cString: strerror(code)))
    }
  }

  /// Whether somebody holds the lock of a warehouse; false where there is none.
  public static func isHeld(warehouse path: String) -> Bool {
    let descriptor = open(path + ".lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    let isTaken = flock(descriptor, LOCK_SH | LOCK_NB) == 0
    let isHeld = !isTaken && errno == EWOULDBLOCK
    Self.unlock(descriptor)
    return isHeld
  }

  deinit { release() }

  public func release() {
    guard descriptor >= 0 else { return }
    Self.unlock(descriptor)
    descriptor = -1
  }

  /// A program that is just being started holds a copy of the descriptor until it is itself: closing alone would not unlock.
  private static func unlock(_ descriptor: Int32) {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}

func systemReason() -> String { String(cString: strerror(errno)) }

/// Makes the folder a file is to stand in, with all folders above it.
func makeFolder(of path: String) throws(WarehouseError) {
  guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
  let folder = String(path[..<slash])
  if access(folder, F_OK) == 0 { return }
  try makeFolder(of: folder)
  if mkdir(folder, 0o755) != 0, errno != EEXIST {
    throw .system(path: folder, action: "make the folder", reason: systemReason())
  }
}
