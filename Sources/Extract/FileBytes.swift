import Glibc

/// Where the bytes of a file come from: the disk, or the disk through a decompressor.
protocol ByteStream: AnyObject {
  /// Fills at most the whole buffer; 0 only at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int
  /// Starts again at the first byte.
  func rewind() throws(ReadFault)
}

/// The bytes of a regular file as they lie on disk.
///
/// Read in blocks, not mapped: a mapped file that an export job truncates meanwhile ends the process with SIGBUS.
final class FileBytes: ByteStream {
  private let descriptor: Int32
  private let before: stat
  /// Sees every byte that is read, while set.
  var digest: FileDigest?

  /// Size when it was opened.
  var size: Int { Int(before.st_size) }

  init(path: String) throws(ReadFault) {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer for ever.
    descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.cannotOpen(errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw ReadFault(
        name: .notAFile, problem: "this is not a regular file",
        remedy: "name files in `files:`, for all files of a folder write `folder/*.csv`")
    }
    before = status
  }

  deinit {
    Glibc.close(descriptor)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int {
    guard buffer.count > 0 else { return 0 }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 {
        digest?.add(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
      }
      if errno != EINTR {
        throw ReadFault(
          name: .fileNotReadable, problem: "reading failed: \(String(cString: strerror(errno)))",
          remedy: "check the disk, then run again")
      }
    }
  }

  func rewind() throws(ReadFault) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw ReadFault(
        name: .fileNotReadable, problem: "reading failed: \(String(cString: strerror(errno)))",
        remedy: "check the disk, then run again")
    }
  }

  /// Whether somebody wrote to the file since it was opened.
  var hasChanged: Bool {
    var now = stat()
    return fstat(descriptor, &now) != 0 || now.st_size != before.st_size
      || now.st_mtim.tv_sec != before.st_mtim.tv_sec || now.st_mtim.tv_nsec != before.st_mtim.tv_nsec
  }

  private static func cannotOpen(_ code: Int32) -> ReadFault {
    switch code {
    case ENOENT, ENOTDIR:
      ReadFault(
        name: .fileNotFound, problem: "there is no such file",
        remedy: "check the path in `files:` of the source")
    case EACCES, EPERM:
      ReadFault(
        name: .fileNotReadable, problem: "there is no permission to read this file",
        remedy: "give the account that runs this read permission: `chmod +r`")
    default:
      ReadFault(
        name: .fileNotReadable, problem: "the file cannot be opened: \(String(cString: strerror(code)))",
        remedy: "check the file, then run again")
    }
  }
}
