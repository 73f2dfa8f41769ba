import Glibc
import Project

/// Writes the files of a project that begins; what is there stays as it is.
enum NewProject {
  /// Paths that were written, and those that were there, in order.
  static func write(_ files: [String: String], below folder: String) throws -> (
    written: [String], kept: [String]
  ) {
    var written: [String] = []
    var kept: [String] = []
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      let full = folder + "/" + path
      if access(full, F_OK) == 0 {
        kept.append(full)
        continue
      }
      guard TextFile.write(text, to: full) else {
        throw Stop(
          .unreachable, "not-written", "\(full): \(String(cString: strerror(errno)))",
          remedy: "choose a folder you may write to")
      }
      written.append(full)
    }
    return (written, kept)
  }

  /// The command to type next, by the name the program was called by, in a project's folder.
  static func next(_ command: String, in folder: String) -> String {
    let called = CommandLine.arguments.first ?? "perennial"
    // Found on the PATH, or where it was said to be.
    let program = called.contains("/") ? called : "perennial"
    let place = folder == "." ? [] : ["--project", quoted(folder)]
    return ([quoted(program), command] + place).joined(separator: " ")
  }

  private static func quoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy {
      (0x61...0x7A).contains($0 | 0x20) || (0x2B...0x3A).contains($0) || $0 == 0x5F || $0 == 0x7E
    }
    return plain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
