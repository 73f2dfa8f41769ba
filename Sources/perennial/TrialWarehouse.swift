import Glibc

/// The warehouse of a dry run where there is none yet: beside its place, and gone when the run is over.
struct TrialWarehouse {
  let path: String
  private let hadFolder: Bool
  private let folder: String

  /// nil where there is a warehouse: a dry run changes nothing in it.
  init?(besides warehouse: String) {
    guard access(warehouse, F_OK) != 0 else { return nil }
    path = warehouse + ".dry-run"
    folder = warehouse.lastIndex(of: "/").map { String(warehouse[..<$0]) } ?? "."
    hadFolder = access(folder, F_OK) == 0
  }

  func remove() {
    for end in ["", "-wal", "-shm", "-journal", ".lock", ".sending"] { unlink(path + end) }
    // Takes a folder away that nothing else was put in.
    if !hadFolder { rmdir(folder) }
  }
}
