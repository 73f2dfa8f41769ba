import Glibc
import Model

/// The folder that fetched files land in, each under its SHA-256, and beside them one manifest for each read of a source.
///
/// ```
/// landing/blobs/ab/ab12...         a file as it was sent
/// landing/manifests/SOURCE/00000007.tsv
/// landing/parts/                   what is being fetched
/// ```
/// A file is renamed into `blobs` when it is whole and on the disk, a manifest when all its files are: whatever kills a run,
/// the newest manifest tells of whole files.
public final class Landing {
  public let folder: String
  private var lock: Int32 = -1
  private var parts = 0

  public init(folder: String) { self.folder = folder }

  deinit {
    guard lock >= 0 else { return }
    // A program that is just being started holds a copy of the descriptor until it is itself: closing alone would not unlock.
    flock(lock, LOCK_UN)
    close(lock)
  }

  /// Makes the folders, and keeps others from clearing them up; the errno of what failed.
  func prepare() -> Int32? {
    guard lock < 0 else { return nil }
    for path in [folder, folder + "/blobs", folder + "/manifests", folder + "/parts"] {
      if let code = Self.make(path) { return code }
    }
    let descriptor = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return errno }
    guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      return code
    }
    lock = descriptor
    return nil
  }

  /// Whether files could be landed here; nil, or what is in the way.
  public func obstacle() -> String? {
    guard let code = prepare() ?? (access(folder, W_OK) == 0 ? nil : errno) else { return nil }
    return String(cString: strerror(code))
  }

  /// A path for a file that is being fetched.
  func newPart() -> String {
    parts += 1
    return folder + "/parts/\(getpid())-\(parts)"
  }

  func path(ofBlob digest: String) -> String { folder + "/blobs/\(digest.prefix(2))/\(digest)" }

  /// Moves a whole file to where it stays; the errno of what failed.
  func keep(_ part: String, as digest: String) -> Int32? {
    let target = path(ofBlob: digest)
    if let code = Self.make(folder + "/blobs/" + digest.prefix(2)) { return code }
    let descriptor = open(part, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0, rename(part, target) == 0 else { return errno }
    return nil
  }

  /// Whether a file that was landed is still there, to the byte.
  func holds(_ file: LandingManifest.File) -> Bool {
    do throws(ReadFault) {
      let blob = try FileBytes(path: path(ofBlob: file.digest))
      guard Int64(blob.size) == file.bytes else { return false }
      let digest = FileDigest()
      let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
      defer { block.deallocate() }
      while true {
        let count = try blob.read(into: block)
        if count == 0 { break }
        digest.add(UnsafeRawBufferPointer(rebasing: block[..<count]))
      }
      return digest.finish() == file.digest
    } catch {
      return false
    }
  }

  // MARK: Manifests

  /// The last read of a source that was landed whole.
  public func newestManifest(of source: String) -> LandingManifest? {
    for name in manifests(of: source).reversed() {
      if let text = Self.text(of: folder + "/manifests/\(source)/\(name)"),
        let manifest = LandingManifest(text: text)
      {
        return manifest
      }
    }
    return nil
  }

  /// Writes a manifest behind the source's others; the errno of what failed.
  func write(_ manifest: LandingManifest) -> Int32? {
    let own = folder + "/manifests/" + manifest.source
    if let code = Self.make(own) { return code }
    let last = manifests(of: manifest.source).last.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
    let number = String(last + 1)
    let name = String(repeating: "0", count: max(0, 8 - number.count)) + number + ".tsv"
    let part = newPart()
    let descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    let bytes = Array(manifest.text.utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0,
      rename(part, own + "/" + name) == 0
    else { return errno }
    return nil
  }

  private func manifests(of source: String) -> [String] {
    Self.names(in: folder + "/manifests/" + source).filter { $0.hasSuffix(".tsv") }
  }

  // MARK: Clearing up

  /// Removes manifests beyond the newest ones of each source, those of sources that are no more, and every file that no
  /// manifest names. Does nothing while another run uses the folder.
  public func clearUp(keeping runs: Int, of sources: [String]) {
    guard lock >= 0 || access(folder, F_OK) == 0, prepare() == nil, flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      return
    }
    defer { flock(lock, LOCK_SH) }
    var kept: Set<String> = []
    for source in Self.names(in: folder + "/manifests") {
      let own = folder + "/manifests/" + source
      let names = manifests(of: source)
      let old = sources.contains(source) ? names.dropLast(max(1, runs)) : names[...]
      for name in old { unlink(own + "/" + name) }
      if old.count == names.count { rmdir(own) }
      for name in names.dropFirst(old.count) {
        guard let text = Self.text(of: own + "/" + name), let manifest = LandingManifest(text: text) else {
          // What cannot be read may name anything.
          return
        }
        kept.formUnion(manifest.files.map(\.digest))
      }
    }
    for shelf in Self.names(in: folder + "/blobs") {
      for name in Self.names(in: folder + "/blobs/" + shelf) where !kept.contains(name) {
        unlink(folder + "/blobs/\(shelf)/\(name)")
      }
    }
    for name in Self.names(in: folder + "/parts") { unlink(folder + "/parts/" + name) }
  }

  // MARK: The disk

  /// Makes a folder and those above it; what it holds may be customers' data, so it is its owner's alone.
  private static func make(_ path: String) -> Int32? {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return nil }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return errno }
    if let code = make(String(path[..<slash])) { return code }
    return mkdir(path, 0o700) == 0 || errno == EEXIST ? nil : errno
  }

  /// Sorted, without hidden ones.
  private static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  private static func text(of path: String) -> String? {
    var bytes: [UInt8] = []
    do throws(ReadFault) {
      let file = try FileBytes(path: path)
      let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
      defer { block.deallocate() }
      while true {
        let count = try file.read(into: block)
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(contentsOf: block[..<count])
      }
    } catch {
      return nil
    }
  }
}
