import Glibc
import Model

/// Takes away what earlier runs left of reports: files in a folder that are named after one that was just made and are none of its
/// documents, such as the table of a section it no longer has. Figures of another run beside these would be taken for theirs.
///
/// - Parameters:
///   - reports: Names of the reports just made.
///   - known: Those of all reports: `board.pack.csv` is of `board.pack` where there is such a one, not a table of `board`.
/// - Returns: the names of the files, in their order.
@discardableResult
public func removeOutdated(
  of reports: Set<String>, among known: Set<String>, besides documents: [Document], in folder: String
) -> [String] {
  let extensions = Set(ReportDefinition.Format.allCases.map(\.fileExtension))
  let current = Set(documents.map(\.name))
  guard let entries = opendir(folder) else { return [] }
  defer { closedir(entries) }
  var outdated: [String] = []
  while let entry = readdir(entries) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard !current.contains(name), let last = parts.last, extensions.contains(String(last)) else { continue }
    let owner = (1..<parts.count).reversed().map { parts[..<$0].joined(separator: ".") }.first(
      where: known.contains)
    if let owner, reports.contains(owner) { outdated.append(name) }
  }
  return outdated.sorted().filter { name in
    var status = stat()
    let path = folder + "/" + name
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && unlink(path) == 0
  }
}
