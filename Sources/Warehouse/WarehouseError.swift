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
    case .notReadOnly: "only a single statement that reads is allowed here"
    case .nothingHeld(let source): "the latest run is not held by \(source): there is nothing to accept"
    }
  }
}
