import Glibc
import Model

/// The files that a source's patterns name: sorted by path, each once.
///
/// `*` and `?` stand for text within one name, `[a-z]` and `[!a-z]` for one character, `**` for any folders. None of
/// them matches a name's leading dot.
///
/// - Parameters:
///   - folder: What relative patterns are relative to.
///   - place: Where the patterns are written, for the findings.
/// - Returns: Paths as the patterns have them, relative or absolute; a finding of severity error for each pattern that
///   matches no file.
public func matchingFiles(
  _ patterns: [String], in folder: String, at place: Place? = nil
) -> (files: [String], findings: [Finding]) {
  var files: Set<String> = []
  var findings: [Finding] = []
  for pattern in patterns {
    let found = FileSearch(folder: folder).files(matching: pattern)
    files.formUnion(found)
    if found.isEmpty {
      findings.append(
        Finding(
          .error, .noMatchingFile, at: place, "no file matches `\(pattern)` in \(folder)",
          consequence: "what the file would say is unknown; nothing is published",
          remedy: "put the export there, or correct `files`"))
    }
  }
  return (files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, findings)
}

private struct FileSearch {
  let folder: String

  func files(matching pattern: String) -> Set<String> {
    let isAbsolute = pattern.hasPrefix("/")
    let parts = pattern.split(separator: "/").filter { $0 != "." }.map(String.init)
    guard !parts.isEmpty else { return [] }
    var found: Set<String> = []
    walk(isAbsolute ? "/" : "", parts[...], into: &found)
    return found
  }

  /// - Parameter path: What the parts before have matched: empty, or ending in a slash.
  private func walk(_ path: String, _ parts: ArraySlice<String>, into found: inout Set<String>) {
    guard let part = parts.first else { return }
    let rest = parts.dropFirst()
    if part == "**" {
      if rest.isEmpty {
        for name in names(in: path) where isFile(path + name) { found.insert(path + name) }
      } else {
        walk(path, rest, into: &found)
      }
      // A link to a folder above would be walked for ever.
      for name in names(in: path) where isFolder(path + name) && !isLink(path + name) {
        walk(path + name + "/", parts, into: &found)
      }
      return
    }
    let pattern = NamePattern(part)
    let candidates =
      pattern.isLiteral ? [part] : names(in: path, hidden: part.hasPrefix(".")).filter(pattern.matches)
    for name in candidates {
      if !rest.isEmpty {
        if isFolder(path + name) { walk(path + name + "/", rest, into: &found) }
      } else if isFile(path + name) {
        found.insert(path + name)
      }
    }
  }

  private func located(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return path.isEmpty ? folder : folder + "/" + path
  }

  private func names(in path: String, hidden: Bool = false) -> [String] {
    guard let directory = opendir(located(path)) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name.hasPrefix(".") && (!hidden || name == "." || name == "..") { continue }
      names.append(name)
    }
    return names
  }

  private func kind(_ path: String) -> mode_t? {
    var status = stat()
    return stat(located(path), &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }

  /// Anything else that exists: a pipe named as a file gets its finding from the reader.
  private func isFile(_ path: String) -> Bool { kind(path).map { $0 != S_IFDIR } ?? false }

  private func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(located(path), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
