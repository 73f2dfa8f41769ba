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
        .internalError, "warehouse-fault", "\(error)",
        remedy:
          "`perennial doctor` tells whether the file is damaged; a damaged one is mended by putting its last backup in place, or by removing it and running again"
      )
    }
  }
}

extension WarehouseError {
  fileprivate var status: ExitStatus {
    switch self {
    case .lockedByAnotherRun, .heldByAnotherProgram: .locked
    case .system: .unreachable
    case .notAWarehouse, .newerSchema, .olderSchema, .missing, .unfinished, .notReadOnly, .nothingHeld:
      .wrongUse
    }
  }

  fileprivate var finding: Finding {
    let name =
      switch self {
      case .notAWarehouse: "not-a-warehouse"
      case .newerSchema: "newer-schema"
      case .olderSchema: "older-schema"
      case .missing, .unfinished: "no-warehouse"
      case .lockedByAnotherRun, .heldByAnotherProgram: "locked"
      case .system: "system-refused"
      case .notReadOnly: "not-read-only"
      case .nothingHeld: "nothing-held"
      }
    return Finding(.error, name, description)
  }
}
