import Glibc
import Model

/// Makes pictures of drawings and pages for paper, with programs that may be installed or not.
public struct Converter: Sendable {
  /// `rsvg-convert`, of Debian's package librsvg2-bin; nil where it is not installed.
  public var rasterizer: String?
  /// Chromium or a relative of it; nil where none is installed.
  public var browser: String?

  public init(rasterizer: String?, browser: String?) {
    self.rasterizer = rasterizer
    self.browser = browser
  }

  /// With the programs of the `PATH`.
  public init() {
    let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":")
    func find(_ names: [String]) -> String? {
      for name in names {
        for folder in folders where access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
      }
      return nil
    }
    rasterizer = find(["rsvg-convert"])
    browser = find(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
  }

  /// What could not be made, and why.
  public struct Failure: Error, Sendable { public var reason: String }

  /// Whether the program for a format is there; true of formats that need none.
  public func makes(_ format: ReportDefinition.Format) -> Bool {
    switch format {
    case .png: rasterizer != nil
    case .pdf: browser != nil
    case .markdown, .html, .csv, .json, .xlsx: true
    }
  }

  /// A definition without the formats whose program is missing, and a note for each of them.
  public func possible(_ definition: ReportDefinition) -> (definition: ReportDefinition, notes: [Finding]) {
    var definition = definition
    let missing = definition.formats.filter { !makes($0) }
    definition.formats.removeAll { !makes($0) }
    return (
      definition,
      missing.map { format in
        Finding(
          .note, "format-not-made",
          "`\(definition.name)` is not written as \(format.rawValue): no \(Self.package(format).program) is installed",
          consequence: "its other formats are written", remedy: "apt-get install \(Self.package(format).name)"
        )
      }
    )
  }

  private static func package(_ format: ReportDefinition.Format) -> (program: String, name: String) {
    format == .pdf ? ("Chromium", "chromium") : ("rsvg-convert", "librsvg2-bin")
  }

  /// Documents as they are delivered: drawings and pages have become pictures and PDFs. What cannot be made is left out with a warning.
  public func converted(_ documents: [Document], month: Month) -> (documents: [Document], findings: [Finding])
  {
    var findings: [Finding] = []
    let made = documents.compactMap { document -> Document? in
      var made = document
      do throws(Failure) {
        switch document.format {
        case .png: made.bytes = try picture(document.bytes)
        case .pdf: made.bytes = try paper(document.bytes, day: month.lastDay)
        case .markdown, .html, .csv, .json, .xlsx: break
        }
        return made
      } catch {
        findings.append(
          Finding(
            .warning, "not-converted", "\(document.name) is not written: \(error.reason)",
            consequence: "the other documents are written"))
        return nil
      }
    }
    return (made, findings)
  }

  /// An SVG as a PNG of twice its size, for sharp screens.
  public func picture(_ drawing: [UInt8]) throws(Failure) -> [UInt8] {
    guard let rasterizer else { throw Failure(reason: "no rsvg-convert is installed") }
    guard let scratch = ScratchFolder(), let input = scratch.file("drawing.svg", drawing) else {
      throw Failure(reason: "no temporary file can be made: \(String(cString: strerror(errno)))")
    }
    defer { close(input) }
    let process = ChildProcess(
      program: rasterizer, arguments: ["--format", "png", "--zoom", "2"], folder: scratch.path, seconds: 20,
      limit: 8_000_000)
    switch process.run(input: input) {
    case .ended(let bytes):
      guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
        throw Failure(reason: "rsvg-convert made no picture")
      }
      return bytes
    case .failed(let reason): throw Failure(reason: "rsvg-convert: \(reason)")
    }
  }

  /// A page of HTML as a PDF that is dated by `day`, not by the clock.
  public func paper(_ page: [UInt8], day: Day) throws(Failure) -> [UInt8] {
    guard let browser else { throw Failure(reason: "no Chromium is installed") }
    guard let scratch = ScratchFolder(), let input = scratch.file("page.html", page) else {
      throw Failure(reason: "no temporary file can be made: \(String(cString: strerror(errno)))")
    }
    close(input)
    var arguments = [
      "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
      "--disable-background-networking",
      "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
      "--user-data-dir=\(scratch.path)/profile", "--print-to-pdf=\(scratch.path)/page.pdf",
    ]
    // Its own walls need an account that is not root's; the page is ours and fetches nothing.
    if geteuid() == 0 { arguments.append("--no-sandbox") }
    arguments.append("file://\(scratch.path)/page.html")
    let process = ChildProcess(
      program: browser, arguments: arguments, folder: scratch.path, seconds: 60, limit: 1_000_000)
    if case .failed(let reason) = process.run() { throw Failure(reason: "Chromium: \(reason)") }
    guard let bytes = scratch.bytes(of: "page.pdf", limit: 50_000_000),
      bytes.starts(with: Array("%PDF-".utf8))
    else { throw Failure(reason: "Chromium made no PDF") }
    return Self.dated(bytes, day)
  }

  /// Puts a day where the file says when it was made; its length stays, so that no offset moves.
  static func dated(_ bytes: [UInt8], _ day: Day) -> [UInt8] {
    var bytes = bytes
    let date = Array("\(day)".filter { $0 != "-" }.utf8) + Array("000000".utf8)
    for name in ["/CreationDate (D:", "/ModDate (D:"] {
      let mark = Array(name.utf8)
      var place = bytes.startIndex
      while let found = bytes[place...].firstRange(of: mark) {
        let end = min(found.upperBound + date.count, bytes.count)
        bytes.replaceSubrange(found.upperBound..<end, with: date.prefix(end - found.upperBound))
        place = end
      }
    }
    return bytes
  }
}
