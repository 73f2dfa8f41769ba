import Glibc

/// A file that is being fetched, written from some byte on; every call gives the errno of what failed.
struct PartFile {
  let path: String
  private var descriptor: Int32 = -1

  init(path: String) { self.path = path }

  var isOpen: Bool { descriptor >= 0 }

  /// Keeps so many bytes of what is there and goes on behind them.
  mutating func open(at offset: Int64) -> Int32? {
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, off_t(offset)) == 0,
      lseek(descriptor, off_t(offset), SEEK_SET) >= 0
    else { return errno }
    return nil
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno != EINTR { return errno }
      rest = rest.dropFirst(max(0, count))
    }
    return nil
  }

  mutating func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }
}
