import Glibc
import Model
import Warehouse

/// Tells what a run does: on a terminal a progress line for each stage, in cron one plain line, with `--json` one object.
final class StageLog {
  enum Form {
    case terminal, plain, json, silent
  }

  private let form: Form
  private var started = Clock.seconds
  private var startedAt = Clock.now
  private var shownAt = 0.0
  private var label = ""

  init(json: Bool, isQuiet: Bool = false) {
    form = isQuiet && !json ? .silent : json ? .json : Console.isTerminal ? .terminal : .plain
  }

  func begin(_ stage: String, _ subject: String? = nil) {
    label = stage + (subject.map { " \($0)" } ?? "")
    started = Clock.seconds
    startedAt = Clock.now
    if form == .terminal { show("") }
  }

  /// At most ten times a second.
  func progress(rows: Int, bytes: Int) {
    let now = Clock.seconds
    guard form == .terminal, now - shownAt > 0.1 else { return }
    shownAt = now
    show(counts(rows, bytes, now - started))
  }

  /// Ends the stage and says what the run log keeps of it.
  func end(_ stage: String, _ source: String? = nil, rows: Int = 0, bytes: Int = 0, detail: String? = nil)
    -> StageRecord
  {
    let seconds = Clock.seconds - started
    switch form {
    case .terminal:
      let told = [counts(rows, bytes, seconds), detail].compactMap { $0 }.filter { !$0.isEmpty }
      Console.write("\r\u{1B}[K  \(label)  \(told.joined(separator: ", "))")
    case .plain:
      let told = [
        "stage=\(stage)", source.map { "source=\($0)" }, "rows=\(rows)", "bytes=\(bytes)",
        "seconds=\(fixed(seconds))",
      ]
      Console.write(told.compactMap { $0 }.joined(separator: " ") + (detail.map { " # \($0)" } ?? ""))
    case .silent: break
    case .json:
      print(
        JSONLine([
          ("stage", .text(stage)), ("source", .init(source)), ("rows", .integer(Int64(rows))),
          ("bytes", .integer(Int64(bytes))), ("seconds", .text(fixed(seconds))), ("detail", .init(detail)),
        ]))
    }
    return StageRecord(
      stage: stage, source: source, started: startedAt, ended: Clock.now, rows: rows, bytes: bytes,
      detail: detail)
  }

  private func counts(_ rows: Int, _ bytes: Int, _ seconds: Double) -> String {
    guard rows > 0 else { return "\(fixed(seconds)) s" }
    let size = bytes > 0 ? ", \(fixed(Double(bytes) / 1e6)) MB" : ""
    let rate = seconds > 0.05 ? ", \(Int(Double(rows) / seconds)) rows/s" : ""
    return "\(rows) rows\(size), \(fixed(seconds)) s\(rate)"
  }

  private func show(_ text: String) {
    var line = "\r\u{1B}[K  \(label)  \(text)"
    line.withUTF8 { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// Two decimals, without a locale.
func fixed(_ number: Double) -> String {
  let hundredths = Int((number * 100).rounded())
  let rest = hundredths % 100
  return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}
