import Deliver
import Model
import Warehouse

/// Turns the world's faults (disk full, no permission, another run) into a message and the right exit code.
enum WorldFaults {
  static func told<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let fault as WarehouseError {
      throw Stop(fault.status, [fault.finding])
    } catch let failure as DeliveryFailure {
      throw Stop(.unreachable, "delivery-failed", failure.description)
    } catch let stop as Stop {
      throw stop
    } catch {
      throw Stop(
        .internalError, "program-fault", "\(error)",
        remedy: "run again; if it stays, report it with what `perennial doctor` says")
    }
  }
}

extension WarehouseError {
  var status: ExitStatus {
    switch self {
    case .lockedByAnotherRun, .heldByAnotherProgram, .changedMeanwhile: .locked
    case .system, .noRoom, .notAllowed, .changesUnread: .unreachable
    case .damaged: .internalError
    case .notAWarehouse, .newerSchema, .olderSchema, .missing, .unfinished, .notReadOnly, .nothingHeld:
      .wrongUse
    }
  }

  /// What to do about it, where the sentence itself does not say it.
  var remedy: String? {
    switch self {
    case .noRoom: "make room on the disk, and run again"
    case .system: "see that there is room and that the disk is sound, and run again"
    case .notAllowed:
      "give the account that runs this the right to read the file, and to write it and its folder where it is to be written"
    case .changesUnread:
      "run any command, `perennial status`, with an account that may write there; or wait for the end of the run that is under way"
    case .changedMeanwhile: "say it again"
    case .damaged:
      "put its last backup in place, or remove it and run again: exports are read anew, closed history is not; `perennial doctor` tells all that is damaged"
    default: nil
    }
  }

  private var name: String {
    switch self {
    case .notAWarehouse: "not-a-warehouse"
    case .newerSchema: "newer-schema"
    case .olderSchema: "older-schema"
    case .missing, .unfinished: "no-warehouse"
    case .lockedByAnotherRun, .heldByAnotherProgram, .changedMeanwhile: "locked"
    case .system, .noRoom, .notAllowed, .changesUnread: "system-refused"
    case .damaged: "warehouse-fault"
    case .notReadOnly: "not-read-only"
    case .nothingHeld: "nothing-held"
    }
  }

  fileprivate var finding: Finding { Finding(.error, name, description, remedy: remedy) }
}
