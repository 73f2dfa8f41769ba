import Glibc
import Model

/// What delivering into a folder did, by document name, in the order of the documents.
public struct FolderDelivery: Sendable, Hashable {
  public var written: [String]
  /// Already there with the same bytes: not touched.
  public var unchanged: [String]
}

/// A file of the delivery folder that the system refused to write.
public struct DeliveryFailure: Error, Sendable, Hashable, CustomStringConvertible {
  public var path: String
  /// What was tried: `create the folder`.
  public var action: String
  /// The system's error number.
  public var code: Int32

  public var description: String { "\(path): cannot \(action): \(String(cString: strerror(code)))" }
}

/// Writes documents into a folder, creating it and its parents; each file appears whole or not at all.
///
/// A file with the same bytes is left untouched, so that its date says when its content last changed. Nobody ever sees half a
/// file, nor for longer than renaming takes those of two deliveries side by side: all bytes go to temporary files beside them
/// and are synced to the disk before the first takes its name, and then all do, one right after the other.
///
/// - Throws: ``DeliveryFailure`` at the first file that cannot be written; then every file is as it was. Only a system that
///   refuses one of the renames leaves those before it.
@discardableResult
public func writeDocuments(_ documents: [Document], to folder: String) throws -> FolderDelivery {
  var delivery = FolderDelivery(written: [], unchanged: [])
  guard !documents.isEmpty else { return delivery }
  try createFolder(folder)
  removeAbandoned(in: folder, of: Set(documents.map(\.name)))
  var files: [TemporaryFile] = []
  // What took its name is no longer there under the other.
  defer { for file in files { file.remove() } }
  for document in documents {
    let path = folder + "/" + document.name
    if contents(of: path, size: document.bytes.count) == document.bytes {
      delivery.unchanged.append(document.name)
    } else {
      files.append(try TemporaryFile(for: path, document.bytes))
      delivery.written.append(document.name)
    }
  }
  for file in files { try file.takeName() }
  if !files.isEmpty { try syncFolder(folder) }
  return delivery
}

func createFolder(_ path: String) throws {
  var partial = path.hasPrefix("/") ? "/" : ""
  for part in path.split(separator: "/") {
    partial += (partial.isEmpty || partial.hasSuffix("/") ? "" : "/") + part
    if mkdir(partial, 0o777) != 0 {
      let code = errno
      var status = stat()
      // Some systems refuse to create what exists for other reasons than its existing.
      let isFolder = stat(partial, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      if !isFolder { throw DeliveryFailure(path: partial, action: "create the folder", code: code) }
    }
  }
}

/// Writes one file whole or not at all, making its folder where there is none.
func writeFile(_ name: String, _ bytes: [UInt8], in folder: String) throws {
  try createFolder(folder)
  removeAbandoned(in: folder, of: [name])
  let file = try TemporaryFile(for: folder + "/" + name, bytes)
  defer { file.remove() }
  try file.takeName()
}

/// Takes away the temporary files that a delivery left which was killed.
private func removeAbandoned(in folder: String, of names: Set<String>) {
  guard let entries = opendir(folder) else { return }
  defer { closedir(entries) }
  while let entry = readdir(entries) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.last == "tmp", parts.count > 2, let process = pid_t(parts[parts.count - 2]),
      names.contains(parts.dropLast(2).joined(separator: "."))
    else { continue }
    if kill(process, 0) != 0, errno == ESRCH { unlink(folder + "/" + name) }
  }
}

/// nil when the file is missing, unreadable, or of another size.
func contents(of path: String, size: Int) -> [UInt8]? {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == size else {
    return nil
  }
  var complete = true
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let got = read(file, buffer.baseAddress.map { $0 + count }, size - count)
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        complete = false
        return
      }
      count += got
    }
  }
  return complete ? bytes : nil
}

/// The bytes of a file to be, on the disk beside it.
private struct TemporaryFile {
  let path: String
  private let temporary: String

  /// - Throws: ``DeliveryFailure``; then nothing is left of it.
  init(for path: String, _ bytes: [UInt8]) throws {
    self.path = path
    temporary = "\(path).\(getpid()).tmp"
    var status = stat()
    // Found before other files took their names, not after.
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw DeliveryFailure(path: path, action: "put the file in place", code: EISDIR)
    }
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw DeliveryFailure(path: path, action: "create the file", code: errno) }
    var failure: DeliveryFailure?
    if let code = write(bytes, to: file) {
      failure = DeliveryFailure(path: path, action: "write the file", code: code)
    } else if fsync(file) != 0 {
      failure = DeliveryFailure(path: path, action: "sync the file", code: errno)
    }
    if close(file) != 0, failure == nil {
      failure = DeliveryFailure(path: path, action: "close the file", code: errno)
    }
    if let failure {
      remove()
      throw failure
    }
  }

  func takeName() throws {
    guard rename(temporary, path) == 0 else {
      throw DeliveryFailure(path: path, action: "put the file in place", code: errno)
    }
  }

  /// Does nothing once it took its name.
  func remove() { unlink(temporary) }
}

/// The error number, or nil when every byte was written.
private func write(_ bytes: [UInt8], to file: Int32) -> Int32? {
  bytes.withUnsafeBytes { buffer -> Int32? in
    var done = 0
    while done < buffer.count {
      let count = Glibc.write(file, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      done += count
    }
    return nil
  }
}

/// Makes the renames last through a power cut.
private func syncFolder(_ path: String) throws {
  let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { throw DeliveryFailure(path: path, action: "open the folder", code: errno) }
  defer { close(folder) }
  if fsync(folder) != 0 { throw DeliveryFailure(path: path, action: "sync the folder", code: errno) }
}
