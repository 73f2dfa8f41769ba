import Glibc

/// SQLite's exclusive lock on a database file.
///
/// It is one of the open file, not of the process, so a connection of this process keeps it away too while it reads or writes.
enum SQLiteLock {
  /// Takes the lock until the file is closed; false if a connection is in the way.
  static func take(_ descriptor: Int32) -> Bool {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    // The pending byte, the reserved byte and the 510 shared ones.
    lock.l_start = 0x4000_0000
    lock.l_len = 512
    // F_OFD_SETLK, which Glibc's module leaves out.
    let command: Int32 = 37
    // A file system without such locks has no connection's lock either.
    return fcntl(descriptor, command, &lock) == 0 || (errno != EAGAIN && errno != EACCES)
  }
}
