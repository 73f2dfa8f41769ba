import Glibc

/// Reads files and lists folders below one project's folder; nothing else of this module touches the disk but zones.
struct ProjectFolder {
  let root: String
  /// Texts by path that are read instead of what is there; nil: what is there.
  var texts: [String: String]?

  /// The file's bytes as text, without a byte-order mark; nil when it does not exist or cannot be read.
  func text(of path: String) -> String? {
    if let texts { return texts[path] }
    guard let bytes = bytes(ofFile: root + "/" + path) else { return nil }
    return String(decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...], as: UTF8.self)
  }

  /// Names in a folder, sorted by their bytes; hidden ones left out, an absent folder is empty.
  func names(in path: String) -> [String] {
    if let texts {
      let parts = texts.keys.filter { $0.hasPrefix(path + "/") }.map { $0.dropFirst(path.count + 1) }
      return parts.filter { !$0.contains("/") }.map(String.init).sorted()
    }
    guard let folder = opendir(root + "/" + path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

/// nil when there is no such file, or it cannot be read.
func bytes(ofFile path: String) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var all: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(descriptor, &block, block.count)
    if count == 0 { return all }
    if count < 0 {
      if errno == EINTR { continue }
      return nil
    }
    all.append(contentsOf: block[0..<count])
  }
}
