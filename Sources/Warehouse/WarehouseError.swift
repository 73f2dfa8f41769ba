/// Why a warehouse could not be opened, locked or written; the text is for the user.
public enum WarehouseError: Error, Hashable {
  /// The file is no SQLite file, or one of another program.
  case notAWarehouse(path: String, reason: String)
  /// The file was written by a later version of the program.
  case newerSchema(path: String, found: Int, known: Int)
  /// A read-only opening met a file whose schema is older than the program's.
  case olderSchema(path: String, found: Int, known: Int)
  case missing(path: String)
  /// A run has begun, and none has come as far as a warehouse.
  case unfinished(path: String)
  case lockedByAnotherRun(path: String)
  /// Another program is in the middle of reading or writing the file, and stayed so.
  case heldByAnotherProgram(path: String)
  /// The operating system refused: opening the lock, making the folder, copying the backup.
  case system(path: String, action: String, reason: String)
  /// No room is left for what was to be written; the file is as it was.
  case noRoom(path: String)
  /// The account may not do to the file what was asked, or the file system takes no writing.
  case notAllowed(path: String, action: String)
  /// Reading what was written last takes writing beside the file, which is not allowed here.
  case changesUnread(path: String, log: String)
  /// Somebody wrote into the file while it was read in a way that does not keep them apart.
  case changedMeanwhile(path: String)
  /// What SQLite reads in the file cannot be; or its pages contradict each other.
  case damaged(path: String, reason: String)
  /// A statement that would write was given to a read-only query.
  case notReadOnly
  /// The latest run of the source is not held, so there is nothing to accept.
  case nothingHeld(source: String)
}

extension WarehouseError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notAWarehouse(let path, let reason): "\(path): not a warehouse of this program: \(reason)"
    case .newerSchema(let path, let found, let known):
      "\(path): written by a newer version (schema \(found), this program knows \(known)); use that version"
    case .olderSchema(let path, let found, let known):
      "\(path): schema \(found) is older than this program's \(known); the next run migrates it, after a backup"
    case .missing(let path): "\(path): no warehouse there yet; `perennial run PIPELINE` creates it"
    case .unfinished(let path):
      "\(path): no warehouse there yet: the first run has only begun, or was broken off; when none is under way, `perennial run PIPELINE`"
    case .lockedByAnotherRun(let path): "\(path): another run holds the lock"
    case .heldByAnotherProgram(let path):
      "\(path): another program is in the middle of reading or writing it; close that, and run again"
    case .system(let path, let action, let reason): "\(path): cannot \(action): \(reason)"
    case .noRoom(let path):
      "\(path): no room is left on the disk; what was published before, if anything was, is still there"
    case .notAllowed(let path, let action):
      "\(path): cannot \(action): this account may not, or the file system takes no writing"
    case .changesUnread(let path, let log):
      "\(path): what was written last is in \(log), and reading it takes writing beside it, which this account may not"
    case .changedMeanwhile(let path): "\(path): a run wrote into it while it was read"
    case .damaged(let path, let reason): "\(path): the file is damaged: \(reason)"
    case .notReadOnly: "only a single statement that reads is allowed here"
    case .nothingHeld(let source): "the latest run is not held by \(source): there is nothing to accept"
    }
  }
}
