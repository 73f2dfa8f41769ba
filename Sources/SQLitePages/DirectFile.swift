import Glibc

/// The same file opened once more, for blocks that go to the disk without a copy in the system's cache.
///
/// A file that is written once and then waited for until it is on the disk gains nothing from that copy, which costs more processor time than making
/// its pages, and its size in memory. Not every file system takes such writes; then, and for blocks that are not aligned, the caller writes the ordinary way.
struct DirectFile {
  /// What addresses, offsets and lengths are multiples of: enough for every disk in use.
  static let alignment = 4096

  private let descriptor: Int32

  /// nil where the file system has none.
  init?(path: String) {
    // O_DIRECT, which Glibc's module leaves out.
    #if arch(arm64)
      let direct: Int32 = 0x10000
    #else
      let direct: Int32 = 0x4000
    #endif
    descriptor = open(path, O_WRONLY | O_CLOEXEC | direct)
    if descriptor < 0 { return nil }
  }

  func close() { _ = Glibc.close(descriptor) }

  /// Writes the whole block; false when some of it may be missing, for whatever reason: writing it again the ordinary way tells.
  func write(_ bytes: UnsafePointer<UInt8>, count: Int, at offset: Int) -> Bool {
    guard (Int(bitPattern: bytes) | count | offset) & (Self.alignment - 1) == 0 else { return false }
    return pwrite(descriptor, bytes, count, offset) == count
  }
}
