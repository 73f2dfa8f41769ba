import Foundation
import Testing

extension ProgramTests {
  /// What the world does to the program: full disks, locks, missing rights, damaged files.
  @Suite struct WorldFaultTests {
    @Test func outputThatNobodyCanTakeEndsWith3AndSaysSo() throws {
      let project = try TemporaryProject()
      try project.night()
      for arguments in [
        ["render", "mrr_bridge", "--format", "markdown"], ["render", "mrr_bridge", "--format", "html"],
        ["render", "mrr_bridge", "--format", "csv"], ["render", "mrr_bridge", "--format", "json"],
        ["render", "mrr_bridge", "--format", "xlsx"], ["compare", "--policy", "baremetrics@1"],
        ["compare", "--policy", "baremetrics@1", "--format", "csv"],
        ["query", "select * from metric_period"], ["metrics"], ["status"], ["doctor"],
        ["schema", "source"], ["--help"], ["render", "--help"],
      ] {
        let outcome = try project.run(arguments, into: "/dev/full")
        #expect(outcome.status == 3, "\(arguments): \(outcome.told)")
        #expect(
          outcome.told.contains("cannot write the output: No space left on device"),
          "\(arguments): \(outcome.told)")
      }
    }

    @Test func aWarehouseAnotherProgramHoldsIsToldAsHeldAndEndsWith4() throws {
      let project = try TemporaryProject()
      try project.night()
      let holder = Process()
      let (said, goOn) = (Pipe(), Pipe())
      holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      holder.arguments = [
        "python3", "-c",
        """
        import sqlite3, sys
        c = sqlite3.connect(sys.argv[1], isolation_level=None)
        c.execute('begin exclusive')
        print('held', flush=True)
        sys.stdin.read()
        """, project.folder.path + "/output/warehouse.sqlite",
      ]
      holder.standardOutput = said
      holder.standardInput = goOn
      try holder.run()
      _ = said.fileHandleForReading.availableData
      defer {
        try? goOn.fileHandleForWriting.close()
        holder.waitUntilExit()
      }
      // All wait at once: each has half a minute of patience.
      let started = try [
        ["status"], ["render", "mrr_bridge", "--format", "csv"], ["query", "select 1"], ["doctor"],
      ].map { arguments in
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: BuiltProgram.path)
        process.arguments = arguments
        process.currentDirectoryURL = project.folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        return (process, pipe)
      }
      for (process, pipe) in started {
        let told = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 4, "\(process.arguments ?? []): \(told)")
        #expect(told.contains("another program is in the middle of reading or writing it"), "\(told)")
        #expect(!told.contains("remove it"), "\(told)")
      }
    }

    @Test func anAccountThatMayOnlyReadReads() throws {
      let project = try TemporaryProject()
      try project.night()
      let figures = try project.query("select * from metric_period order by 1, 2, 3, 4, 5, 6, 7, 8")
      func expectReading(_ state: Comment) throws {
        let reader = try OnlyReading(project)
        defer { reader.end() }
        #expect(try reader.run("status").status == 0, state)
        #expect(try reader.run("render", "mrr_bridge", "--format", "csv").status == 0, state)
        let asked = try reader.run("query", "select * from metric_period order by 1, 2, 3, 4, 5, 6, 7, 8")
        #expect(asked.status == 0, "\(state): \(asked.told)")
        #expect(asked.data.split(separator: "\n").dropFirst().map(String.init) == figures, state)
      }
      try expectReading("as the first run leaves it")
      try project.write(
        "exports/periods.csv", TemporaryProject.header + TemporaryProject.rows + "6,f,2024-03-02,,1\n")
      #expect(try project.night("--full-refresh").status == 0)
      for suffix in ["-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: project.folder.path + "/output/warehouse.sqlite" + suffix)
      }
      let more = try project.query("select * from metric_period order by 1, 2, 3, 4, 5, 6, 7, 8")
      #expect(more != figures)
      for suffix in ["-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: project.folder.path + "/output/warehouse.sqlite" + suffix)
      }
      let reader = try OnlyReading(project)
      let asked = try reader.run("query", "select * from metric_period order by 1, 2, 3, 4, 5, 6, 7, 8")
      reader.end()
      #expect(asked.status == 0, "\(asked.told)")
      #expect(asked.data.split(separator: "\n").dropFirst().map(String.init) == more)

      // What is in the log alone is never left out.
      try project.write("output/warehouse.sqlite-wal", "changes")
      let last = try OnlyReading(project)
      let refused = try last.run("status")
      last.end()
      #expect(refused.status == 3, "\(refused.told)")
      #expect(refused.told.contains("what was written last is in"), "\(refused.told)")
      #expect(!refused.told.contains("remove it"))
    }

    @Test func aDamagedFileIsToldWhereverItIsMet() throws {
      let project = try TemporaryProject()
      try project.night()
      let path = project.folder.path + "/output/warehouse.sqlite"
      let root = try #require(
        try project.query("select rootpage from sqlite_master where name = 'quarantined_row'").first
          .flatMap(Int.init))
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      try file.seek(toOffset: UInt64(4096 * (root - 1)))
      try file.write(contentsOf: Data(repeating: 0xA7, count: 15))
      try file.close()
      for arguments in [
        ["run", "nightly", "--as-of", "2024-03-31", "--full-refresh"], ["quarantine"],
        ["query", "select * from quarantined_row"],
      ] {
        let outcome = try project.run(arguments)
        #expect(outcome.status == 5, "\(arguments): \(outcome.told)")
        #expect(outcome.told.contains("[warehouse-fault]") && outcome.told.contains("remove it"))
      }
      let looked = try project.run("doctor")
      #expect(looked.status == 5 && looked.data.contains("damaged"), "\(looked.data)")
    }
  }
}

/// Runs the program as somebody who may read a project and write nothing in it.
private struct OnlyReading {
  let project: TemporaryProject
  private let isRoot = getuid() == 0

  init(_ project: TemporaryProject) throws {
    self.project = project
    try set(folder: 0o555, file: 0o444)
  }

  func end() { try? set(folder: 0o755, file: 0o644) }

  private func set(folder: Int, file: Int) throws {
    let output = project.folder.path + "/output"
    for name in try FileManager.default.contentsOfDirectory(atPath: output)
    where name.hasPrefix("warehouse.sqlite") {
      try FileManager.default.setAttributes(
        [.posixPermissions: file], ofItemAtPath: output + "/" + name)
    }
    try FileManager.default.setAttributes([.posixPermissions: folder], ofItemAtPath: output)
  }

  func run(_ arguments: String...) throws -> TemporaryProject.Outcome {
    // The system lets root write everywhere.
    guard isRoot else { return try project.run(arguments) }
    let process = Process()
    let (out, told) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", BuiltProgram.path] + arguments
    process.currentDirectoryURL = project.folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = out
    process.standardError = told
    try process.run()
    // What it says on stderr fits into a pipe.
    let data = out.fileHandleForReading.readDataToEndOfFile()
    let text = told.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return TemporaryProject.Outcome(
      status: process.terminationStatus, data: String(decoding: data, as: UTF8.self),
      told: String(decoding: text, as: UTF8.self))
  }
}
