import Extract
import Glibc
import Model
import Project

extension ProjectConfiguration {
  /// Finds the files of this project's sources, with the machine's clock, environment and dice.
  func fileFinder(isOffline: Bool) -> FileFinder {
    FileFinder(
      folder: folder, home: getenv("HOME").map { String(cString: $0) },
      landing: Landing(folder: path(company.landing)), isOffline: isOffline,
      surroundings: Surroundings(
        now: { Clock.milliseconds }, wait: { Clock.wait(milliseconds: $0) },
        draw: { Int64.random(in: 0...max(0, $0)) }),
      secret: { $0.resolve(projectFolder: folder) })
  }

  /// Whether any source lies elsewhere.
  var hasRemoteSources: Bool {
    sources.contains { $0.stream != nil || $0.files.contains { RemoteAddress($0) != nil } }
  }
}

extension FoundFiles.Fetching {
  /// For the run log: `3 files, 1 unchanged, 2 repeats`.
  var summary: String {
    [
      files == 1 ? "1 file" : "\(files) files", unchanged > 0 ? "\(unchanged) unchanged" : nil,
      repeats > 0 ? "\(repeats) tries repeated" : nil,
    ].compactMap { $0 }.joined(separator: ", ")
  }
}
