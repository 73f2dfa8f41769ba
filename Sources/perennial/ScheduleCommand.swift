import ArgumentParser
import Glibc
import Model
import Project

struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "Print a crontab line or a systemd timer for a pipeline.",
    discussion: """
      Nothing is installed: the lines go where cron or systemd read them. Where mail is sent, a second one tries every ten minutes what a server
      did not take at once.

      EXAMPLE
        perennial schedule nightly --at 02:15 >> books.cron
        perennial schedule nightly --systemd
      """)

  @Argument(help: "The pipeline.")
  var pipeline: String
  @OptionGroup var options: ProjectOptions
  @Option(help: ArgumentHelp("The time of day, in the machine's time zone.", valueName: "hh:mm"))
  var at = "02:15"
  @Flag(help: "Print a systemd service and timer instead of a crontab line.")
  var systemd = false

  private var time: (hour: Int, minute: Int)? {
    let parts = at.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
      (0..<24).contains(hour), (0..<60).contains(minute)
    else { return nil }
    return (hour, minute)
  }

  func validate() throws {
    guard time != nil else { throw ValidationError("--at takes a time such as 02:15") }
  }

  func run() throws {
    let project = try options.load()
    guard let time else { return }
    if case .failure(let unknown) = project.pipeline(named: pipeline) {
      throw Stop(.wrongUse, [unknown.finding])
    }
    let folder = project.absoluteFolder
    let program = Self.program
    let sends = project.delivery.mail != nil || !project.delivery.rules.isEmpty
    let secrets = project.secrets.compactMap {
      if case .environment(let name) = $0.origin { name } else { nil }
    }
    print(
      systemd
        ? Self.units(program, folder, pipeline, at: time, sends: sends, secrets: secrets)
        : Self.lines(program, folder, pipeline, at: time, sends: sends, secrets: secrets))
  }

  private static func lines(
    _ program: String, _ folder: String, _ pipeline: String, at time: (hour: Int, minute: Int), sends: Bool,
    secrets: [String]
  ) -> String {
    // `%` ends a command in a crontab.
    func line(_ schedule: String, _ arguments: String) -> String {
      "\(schedule)  "
        + "\(quoted(program)) \(arguments) --project \(quoted(folder))".replacing("%", with: "\\%")
    }
    var lines = secrets.map { "# \($0)=...   (where cron reads it, readable by nobody else)" }
    lines.append(line("\(time.minute) \(time.hour) * * *", "run \(pipeline) --quiet"))
    if sends { lines.append(line("*/10 * * * *", "outbox send")) }
    return lines.joined(separator: "\n")
  }

  private static func units(
    _ program: String, _ folder: String, _ pipeline: String, at time: (hour: Int, minute: Int), sends: Bool,
    secrets: [String]
  ) -> String {
    // systemd reads `%` and quotes by rules of its own.
    func argument(_ text: String) -> String {
      "\""
        + text.replacing(scalar: "\\", with: "\\\\").replacing(scalar: "\"", with: "\\\"")
        .replacing(scalar: "%", with: "%%").replacing(scalar: "$", with: "$$") + "\""
    }
    func unit(_ name: String, _ what: String, _ arguments: String, _ calendar: String) -> String {
      """
      # /etc/systemd/system/\(name).service
      [Unit]
      Description=\(what)
      Wants=network-online.target
      After=network-online.target

      [Service]
      Type=oneshot
      ExecStart=\(argument(program)) \(arguments) --project \(argument(folder))
      \(secrets.isEmpty ? "" : "# sets \(secrets.joined(separator: ", ")); readable by nobody else\nEnvironmentFile=/etc/perennial/\(pipeline).env\n")
      # /etc/systemd/system/\(name).timer
      [Unit]
      Description=\(what)

      [Timer]
      OnCalendar=\(calendar)
      Persistent=true

      [Install]
      WantedBy=timers.target
      """
    }
    let clock = [time.hour, time.minute].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    var units = [
      unit("perennial-\(pipeline)", "Perennial: \(pipeline)", "run \(pipeline) --quiet", "*-*-* \(clock):00")
    ]
    if sends {
      units.append(
        unit(
          "perennial-outbox", "Perennial: what a mail server did not take at once", "outbox send", "*:0/10"))
    }
    return units.joined(separator: "\n\n")
  }

  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      (0x61...0x7A).contains($0 | 0x20) || (0x2B...0x3A).contains($0) || $0 == 0x5F || $0 == 0x25
    }
    return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// This program's own file, by the path it was called by where that is a link somebody made on purpose.
  private static var program: String {
    let called = CommandLine.arguments.first ?? "perennial"
    if called.hasPrefix("/") { return called }
    return absolutePath(called.contains("/") ? called : "/proc/self/exe")
  }
}
