import Model

extension DuplicateSettlement {
  /// Says which files of numbered rows are one file twice, such as a download that was made again beside the first.
  ///
  /// Equal rows without an id are all meant, within a file and in several; of whole files that are equal nobody means it. Snapshots of
  /// different days may well be the same.
  mutating func warnOfEqualFiles(in scope: Scope) {
    struct Content: Hashable {
      let digest: String
      let snapshot: Moment?
    }
    let filled = scope.files.filter {
      !members[$0].file.digest.isEmpty && parts[$0][scope.entity].count > 0
    }
    let groups = Dictionary(grouping: filled) {
      Content(digest: members[$0].file.digest, snapshot: members[$0].file.snapshot)
    }
    for files in groups.values.sorted(by: { $0[0] < $1[0] }) where files.count > 1 {
      let rows = parts[files[0]][scope.entity].count
      let kind = source.entities[scope.entity].entity.rawValue
      let times = files.count == 2 ? "twice" : "\(files.count) times"
      findings.append(
        NormalizeFinding.equalFiles.finding(
          at: Place(file: members[files[0]].file.path),
          "\(listed(files)) are the same, byte for byte",
          consequence: "\(rows) rows of \(kind), which have no id of their own, count \(times)"))
    }
  }

  private func listed(_ files: [Int]) -> String {
    let paths = files.map { members[$0].file.path }
    if paths.count > 5 { return paths.prefix(4).joined(separator: ", ") + " and \(paths.count - 4) more" }
    return paths.dropLast().joined(separator: ", ") + " and " + paths[paths.count - 1]
  }
}
