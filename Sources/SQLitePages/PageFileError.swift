import Glibc

/// Why a file was not opened or a row not taken.
public enum PageFileError: Error, Equatable, CustomStringConvertible {
  /// The system refused an operation ("open", "write", ...) on the file; `reason` is its own text for `errno`.
  case system(path: String, operation: String, reason: String)
  /// The file is none that pages may be written to; nothing was changed.
  case refused(path: String, reason: String)
  /// The row does not sort after the one before it. It was not taken; rows before it were.
  case outOfOrder(path: String, root: UInt32)
  /// The row has the key of one before it. It was not taken; rows before it were.
  case duplicate(path: String, root: UInt32)
  /// The file was finished, or let go of, before this row.
  case finished(path: String)

  public var description: String {
    switch self {
    case .system(let path, let operation, let reason): "\(path): \(operation): \(reason)"
    case .refused(let path, let reason): "\(path): \(reason)"
    case .outOfOrder(let path, let root): "\(path): a row of the tree at page \(root) is out of order"
    case .duplicate(let path, let root): "\(path): a key of the tree at page \(root) comes twice"
    case .finished(let path): "\(path): already finished"
    }
  }

  /// The failure of the system call just made.
  static func system(_ operation: String, path: String) -> PageFileError {
    .system(path: path, operation: operation, reason: String(cString: strerror(errno)))
  }
}
