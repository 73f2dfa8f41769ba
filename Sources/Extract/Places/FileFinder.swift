import Glibc
import Model

/// A file that lies on this machine's disk, whatever it came from.
public struct ReadableFile: Sendable, Hashable {
  /// Where it lies.
  public var path: String
  /// How findings, quarantine and the run log name it: its path or URL.
  public var shownAs: String
  /// The SHA-256 it was landed with; nil for a local file.
  public var digest: String?

  /// The finding where a landed file is not what was landed any more.
  public func damage(digest found: String) -> Finding? {
    guard let digest, digest != found else { return nil }
    return Finding(
      .error, .landedFileDamaged, at: Place(file: shownAs), "its copy \(path) is not what was landed",
      consequence: "no row of this file is read and nothing is published",
      remedy: "check the disk; a run without `--offline` fetches the file again")
  }
}

/// The files of one source, and what was noticed on the way to them.
public struct FoundFiles: Sendable {
  public var files: [ReadableFile] = []
  public var findings: [Finding] = []
  /// What fetching came to; nil where all files are local.
  public var fetching: Fetching?
  /// Of a stream of an API: what reading it was, and the cursor to keep when the rows are.
  public var streamRead: StreamRead?
  /// Keys of the stream's records that are deleted; they are in no file.
  public var deletedKeys: [String] = []

  public init(
    files: [ReadableFile] = [], findings: [Finding] = [], fetching: Fetching? = nil,
    streamRead: StreamRead? = nil, deletedKeys: [String] = []
  ) {
    self.files = files
    self.findings = findings
    self.fetching = fetching
    self.streamRead = streamRead
    self.deletedKeys = deletedKeys
  }

  public struct Fetching: Sendable, Hashable {
    public var files = 0
    /// Files that had not changed since they were landed, and were not sent again.
    public var unchanged = 0
    /// Bytes that were sent.
    public var bytes: Int64 = 0
    /// Tries beyond the first.
    public var repeats = 0
  }
}

/// Finds a source's files wherever they lie, and lands those that lie elsewhere.
public struct FileFinder {
  /// The project's folder, which paths are relative to.
  public var folder: String
  /// The folder that `~` stands for.
  public var home: String?
  public var landing: Landing
  /// True to reach for nothing: what the newest manifest names is read again.
  public var isOffline: Bool
  public var surroundings: Surroundings
  public var secret: (SecretReference) -> Secret?

  public init(
    folder: String, home: String?, landing: Landing, isOffline: Bool, surroundings: Surroundings,
    secret: @escaping (SecretReference) -> Secret?
  ) {
    self.folder = folder
    self.home = home
    self.landing = landing
    self.isOffline = isOffline
    self.surroundings = surroundings
    self.secret = secret
  }

  /// Any finding of severity error means that files are missing.
  ///
  /// - Parameters:
  ///   - cursor: Of a stream of an API: up to where the warehouse knows it.
  ///   - readsWhole: Whether to read all of a stream although changes would do.
  public func files(
    of source: SourceConfiguration, since cursor: StreamCursor? = nil, readsWhole: Bool = false
  ) -> FoundFiles {
    if let stream = source.stream {
      return records(of: stream, source, since: cursor, readsWhole: readsWhole)
    }
    var found = FoundFiles()
    let (paths, findings) = matchingFiles(
      source.files.filter { RemoteAddress($0) == nil }, in: folder, at: source.place)
    found.findings = findings
    found.files = paths.map { path in
      let isRelative = !path.hasPrefix("/") && folder != "."
      return ReadableFile(path: isRelative ? folder + "/" + path : path, shownAs: path)
    }
    let patterns = source.files.filter { RemoteAddress($0) != nil }
    guard !patterns.isEmpty else { return found }
    let elsewhere = isOffline ? replayed(source, patterns) : fetched(source, patterns)
    found.files += elsewhere.files
    found.findings += elsewhere.findings
    found.fetching = elsewhere.fetching
    return found
  }

  /// What lies in the landing folder of this source's addresses, without reaching for anything.
  private func replayed(_ source: SourceConfiguration, _ patterns: [String]) -> FoundFiles {
    func nothing(_ problem: String) -> FoundFiles {
      FoundFiles(findings: [
        Finding(
          .error, .nothingLanded, at: source.place, problem,
          consequence: "nothing of this source is read, and nothing is published",
          remedy: "run once without `--offline`")
      ])
    }
    guard let manifest = landing.newestManifest(of: source.name) else {
      return nothing("nothing of source `\(source.name)` has been landed yet in \(landing.folder)")
    }
    guard manifest.patterns == patterns else {
      return nothing(
        "what was landed of source `\(source.name)` came from \(manifest.patterns.joined(separator: ", ")), not from its `files` of today"
      )
    }
    return FoundFiles(
      files: manifest.files.map(readable),
      fetching: .init(files: manifest.files.count, unchanged: manifest.files.count))
  }

  func readable(_ file: LandingManifest.File) -> ReadableFile {
    ReadableFile(path: landing.path(ofBlob: file.digest), shownAs: file.url, digest: file.digest)
  }

  private func fetched(_ source: SourceConfiguration, _ patterns: [String]) -> FoundFiles {
    let access = ResolvedAccess(source.access, in: folder, home: home, at: source.place, secret)
    guard access.findings.isEmpty else { return FoundFiles(findings: access.findings) }
    if let code = landing.prepare() { return FoundFiles(findings: [cannotLand(code)]) }
    let queue = TransferQueue(access.connection, source.access.policy, surroundings)
    var fetch = SourceFetch(
      source: source, access: access, landing: landing, queue: queue, surroundings: surroundings)
    var found = fetch.fetch(patterns)
    if !found.findings.contains(where: { $0.severity == .error }), let code = landing.write(fetch.manifest) {
      found.findings.append(cannotLand(code))
    }
    // Half of what a source says would look like the end of the other half.
    if !found.findings.contains(where: { $0.severity == .error }) {
      found.files = fetch.manifest.files.map(readable)
    }
    found.fetching?.repeats = queue.repeats
    return found
  }

  func cannotLand(_ code: Int32) -> Finding {
    Finding(
      .error, .landingNotWritable, at: Place(file: landing.folder),
      "the landing folder cannot be written: \(String(cString: strerror(code)))",
      consequence: "nothing is fetched, and nothing is published",
      remedy: "make room, or give the account that runs this permission to write there")
  }
}
