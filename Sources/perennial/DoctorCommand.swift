import ArgumentParser
import Extract
import Glibc
import Model
import Project
import Warehouse

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the whole installation, with a line on how to mend what is wrong.",
    discussion: """
      Configuration, secrets, landing folder, warehouse file, identities of the published figures, age of the rates, room on
      the disk.

      EXAMPLE
        perennial doctor --project books
      """)

  @OptionGroup var options: ProjectOptions

  func run() throws {
    let project = try options.load()
    report("configuration", "\(project.sources.count) sources, \(project.pipelines.count) pipelines", nil)
    var fault: WarehouseError?
    var isSick = !checkRoom(project)
    isSick = !checkSecrets(project) || isSick
    isSick = !checkLanding(project) || isSick
    do {
      isSick = try !checkWarehouse(project) || isSick
    } catch let error as WarehouseError {
      report("warehouse", error.description, error.remedy ?? "see to that, and say `perennial doctor` again")
      isSick = true
      fault = error
    }
    if let fault { throw Stop(fault.status) }
    if isSick { throw Stop(.refused) }
  }

  private func report(_ subject: String, _ state: String, _ remedy: String?) {
    print("\(remedy == nil ? "ok  " : "BAD ")  \(subject): \(state)")
    if let remedy { print("      \(remedy)") }
  }

  private func checkWarehouse(_ project: ProjectConfiguration) throws -> Bool {
    guard access(project.warehousePath, F_OK) == 0 else {
      report("warehouse", "none yet; the first run creates it", nil)
      return true
    }
    let reader = try WarehouseReader(reading: project.warehousePath)
    let problems = try reader.integrityProblems()
    for problem in problems {
      report(
        "warehouse", problem,
        "put the last backup in place of \(project.warehousePath), or remove it and run again")
    }
    if problems.isEmpty { report("warehouse", "\(project.warehousePath) is whole", nil) }
    let broken = try identityFaults(reader)
    let isSound = broken.isEmpty
    report(
      "identities",
      isSound ? "every bridge row adds up" : "\(broken.count) bridge rows do not add up, first \(broken[0])",
      isSound ? nil : "run the pipeline again; if it stays, report it with the exports")
    let isClosed = try checkClosings(reader)
    let hasRates = try checkRates(reader, project)
    if !problems.isEmpty { throw Stop(.internalError) }
    return hasRates && isSound && isClosed
  }

  /// Whether the record of closes, and what was closed, are as they were written.
  private func checkClosings(_ reader: WarehouseReader) throws -> Bool {
    guard let last = try reader.closings().last else { return true }
    let altered = try reader.alteredClosings()
    let misplaced = try reader.misplacedClosedRows()
    let through = try reader.closedThrough().map { "closed to \($0)" } ?? "no month is closed any more"
    var state = "\(through), every digest holds, the last is \(last.digest)"
    if let first = altered.first {
      state =
        "entry \(first.entry) (\(first.month), by \(first.person)) does not give its digest: it, or what it closed, was altered"
    } else if misplaced > 0 {
      state = "\(misplaced) published rows of closed months are not those that were closed"
    }
    let isSound = altered.isEmpty && misplaced == 0
    report(
      "closed months", state,
      isSound
        ? nil
        : altered.isEmpty
          ? "run the pipeline again with --full-refresh; if it stays, report it"
          : "somebody wrote into the warehouse: compare it with a backup, and put that in place")
    return isSound
  }

  private func identityFaults(_ reader: WarehouseReader) throws -> [String] {
    var faults: [String] = []
    let sql = """
      select period, dimension, segment, valuation from mrr_bridge
      where starting + restatement + transfer_in + transfer_out + new + reactivation + expansion + contraction + churn + fx
        <> ending
      """
    try reader.query(
      sql, columns: { _ in },
      row: { row in
        faults.append(row.map { if case .text(let text) = $0 { text } else { "" } }.joined(separator: " "))
      })
    return faults
  }

  /// How old the newest rate of each currency is, measured from the end of the last published month, or as far as the data reaches.
  private func checkRates(_ reader: WarehouseReader, _ project: ProjectConfiguration) throws -> Bool {
    var isSound = true
    let through = try project.sources.compactMap { try reader.dataThrough(of: $0.name)?.seconds }.max()
      .map { Day(number: Int32($0 / 86_400)) }
    let sql =
      "select from_currency, to_currency, max(month), max(rate_day) from rate_used group by 1, 2 order by 1, 2"
    try reader.query(
      sql, columns: { _ in },
      row: { row in
        guard case .text(let from) = row[0], case .text(let to) = row[1], case .text(let month) = row[2],
          case .text(let day) = row[3], let used = Day(iso: day), let end = Month(iso: month)?.lastDay
        else { return }
        let last = min(end, through ?? end)
        let age = max(0, Int(last.number - used.number))
        let isOld = age > project.rates.maximumAge
        isSound = isSound && !isOld
        report(
          "rate \(from) to \(to)",
          "newest used is of \(day), \(age) days before \(last == end ? "the end of \(month)" : "\(last), the last day of the data")",
          isOld ? "add newer rates to the source that feeds fx_rate" : nil)
      })
    return isSound
  }

  /// A run needs room for a second copy of what it replaces.
  private func checkRoom(_ project: ProjectConfiguration) -> Bool {
    var disk = statvfs()
    var folder = project.outputPath
    while access(folder, F_OK) != 0, let slash = folder.lastIndex(of: "/") {
      folder = String(folder[..<slash])
    }
    guard statvfs(access(folder, F_OK) == 0 ? folder : ".", &disk) == 0 else {
      report("disk", String(cString: strerror(errno)), "check the output folder \(project.outputPath)")
      return false
    }
    let free = UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
    var file = stat()
    let size = stat(project.warehousePath, &file) == 0 ? UInt64(file.st_size) : 0
    let isEnough = free > 2 * size + 100_000_000
    report(
      "disk", "\(free / 1_000_000) MB free, the warehouse takes \(size / 1_000_000) MB",
      isEnough ? nil : "make room: a run may need twice the warehouse's size")
    return isEnough
  }

  private func checkLanding(_ project: ProjectConfiguration) -> Bool {
    guard project.hasRemoteSources else { return true }
    let folder = project.path(project.company.landing)
    let obstacle = Landing(folder: folder).obstacle()
    report(
      "landing folder", obstacle.map { "\(folder) cannot be written: \($0)" } ?? "\(folder) can be written",
      obstacle.map { _ in "make room, or give the account that runs this permission to write there" })
    return obstacle == nil
  }

  private func checkSecrets(_ project: ProjectConfiguration) -> Bool {
    var isSound = true
    for reference in project.secrets {
      let isThere = reference.resolve(projectFolder: project.folder) != nil
      isSound = isSound && isThere
      report(
        "secret \(reference)", isThere ? "can be resolved" : "cannot be resolved",
        isThere ? nil : "set it where cron runs the program")
    }
    return isSound
  }
}
