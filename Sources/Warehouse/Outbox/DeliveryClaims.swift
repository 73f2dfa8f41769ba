import Glibc

/// Which process has which delivery in hand: a lock on one byte a delivery of the file `PATH.sending`.
///
/// The system takes such a lock back when its process ends, however it ends; what the warehouse says of a delivery can therefore be told from
/// what is still being done. The first byte is everybody's who delivers, and a first run's alone while it builds a new file
/// that takes the warehouse's place. The empty file stays.
final class DeliveryClaims {
  private let path: String
  private let descriptor: Int32
  private var held: Set<Int64> = []

  /// nil where the first byte is held otherwise.
  init?(warehouse path: String, alone: Bool = false) throws(WarehouseError) {
    self.path = path + ".sending"
    try makeFolder(of: path)
    descriptor = open(self.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .system(path: self.path, action: "open what is being sent", reason: systemReason())
    }
    guard try lock(0, alone ? F_WRLCK : F_RDLCK) else { return nil }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // A program that is just being started holds a copy of the descriptor until it is itself: closing alone would not unlock.
    for delivery in held { give(delivery) }
    _ = try? lock(0, F_UNLCK)
    close(descriptor)
  }

  /// False where another process, or another holder in this one, has it.
  func take(_ delivery: Int64) throws(WarehouseError) -> Bool {
    guard try lock(delivery, F_WRLCK) else { return false }
    held.insert(delivery)
    return true
  }

  func has(_ delivery: Int64) -> Bool { held.contains(delivery) }

  func give(_ delivery: Int64) {
    _ = try? lock(delivery, F_UNLCK)
    held.remove(delivery)
  }

  private func lock(_ byte: Int64, _ kind: Int32) throws(WarehouseError) -> Bool {
    var range = flock()
    range.l_type = Int16(kind)
    range.l_whence = Int16(SEEK_SET)
    range.l_start = Int(byte)
    range.l_len = 1
    if fcntl(descriptor, Self.setOpenFileLock, &range) == 0 { return true }
    if errno == EAGAIN || errno == EACCES { return false }
    throw .system(path: path, action: "lock", reason: systemReason())
  }

  /// `F_OFD_SETLK` of Linux, which its header keeps for GNU sources: the lock is the open file's, so that no other file of this
  /// process that is closed takes it away.
  private static let setOpenFileLock: Int32 = 37
}
