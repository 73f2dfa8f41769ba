import ArgumentParser
import Glibc

/// The program: exports in, one warehouse file, recurring-revenue figures, reports out.
@main
struct Perennial: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perennial",
    abstract: "Recurring-revenue figures from billing and CRM exports, exact and explainable.",
    discussion: """
      Start with `perennial demo` to see it work, or `perennial init` for a project of your own.

      EXIT CODES
        0  done
        1  held or refused: findings of severity error, nothing published
        2  wrong use or configuration
        3  a source or delivery could not be reached, or the system refused to read or write
        4  another run holds the lock, or another program the warehouse
        5  the warehouse file is damaged, or an internal error
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, InitCommand.self, ValidateCommand.self, DemoCommand.self, StatusCommand.self,
      AcceptCommand.self, MetricsCommand.self, ExplainCommand.self, QuarantineCommand.self,
      RenderCommand.self, QueryCommand.self,
      CompareCommand.self, CloseCommand.self, ReopenCommand.self, RestatementsCommand.self,
      DoctorCommand.self, SchemaCommand.self, ConnectorCommand.self,
      SendCommand.self, OutboxCommand.self, ScheduleCommand.self,
    ])

  static func main() {
    // A server that hangs up, or a reader that has seen enough (`| head`), ends what is written to it and not the program.
    signal(SIGPIPE, SIG_IGN)
    // A file that may not grow any more is a full disk: the write says so.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
      try Console.flush()
    } catch let stop as Stop {
      Console.print(stop.findings)
      Glibc.exit(stop.status.rawValue)
    } catch {
      Self.leave(with: error)
    }
  }

  /// ArgumentParser's own exit codes are those of sysexits; the contract's are ``ExitStatus``.
  private static func leave(with error: any Error) -> Never {
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    if code.isSuccess {
      Swift.print(message)
      do throws(Stop) {
        try Console.flush()
      } catch {
        Console.print(error.findings)
        Glibc.exit(error.status.rawValue)
      }
      Glibc.exit(ExitStatus.done.rawValue)
    }
    Console.write(message)
    let isUse = code == .validationFailure
    Glibc.exit(isUse ? ExitStatus.wrongUse.rawValue : ExitStatus.internalError.rawValue)
  }
}
