import Glibc
import Model

/// Streams of an API, read into the landing folder or from it.
extension FileFinder {
  func records(
    of stream: SourceConfiguration.StreamReference, _ source: SourceConfiguration,
    since cursor: StreamCursor?,
    readsWhole: Bool
  ) -> FoundFiles {
    if isOffline { return replayed(stream, source, since: cursor) }
    let opened = client(of: stream, source)
    guard case .success(let client) = opened else { return opened.failed }
    let reader = StreamReader(source: source, reference: stream, client: client, landing: landing)
    var found = FoundFiles(fetching: .init())
    do throws(StreamFault) {
      let outcome = try reader.read(since: cursor, readsWhole: readsWhole)
      found.findings = outcome.findings
      var manifest = LandingManifest(
        source: source.name, written: Moment(instant: client.now / 1000), patterns: stream.patterns, files: []
      )
      manifest.read = outcome.read
      manifest.deletedKeys = outcome.file.deletedKeys
      if outcome.file.records > 0 {
        manifest.files = [try landed(outcome.file, stream, at: manifest.written)]
      } else {
        // Nothing is no file that lost its rows.
        unlink(outcome.file.path)
      }
      if let code = landing.write(manifest) { throw PartWriter.fault(landing.folder, code) }
      found.files = manifest.files.map(readable)
      found.streamRead = outcome.read
      found.deletedKeys = manifest.deletedKeys
      found.fetching?.files = manifest.files.count
    } catch {
      found.findings = [masked(error, client).finding(of: source.name)]
    }
    found.fetching?.bytes = client.bytes
    found.fetching?.repeats = client.repeats
    return found
  }

  enum Opened {
    case success(ServiceClient)
    case failure(FoundFiles)

    var failed: FoundFiles { if case .failure(let found) = self { found } else { FoundFiles() } }
  }

  func client(of stream: SourceConfiguration.StreamReference, _ source: SourceConfiguration) -> Opened {
    let access = ServiceAccess(
      stream.connector, source.access, in: folder, home: home, at: source.place, secret)
    guard access.findings.isEmpty else { return .failure(FoundFiles(findings: access.findings)) }
    if let code = landing.prepare() { return .failure(FoundFiles(findings: [cannotLand(code)])) }
    return .success(ServiceClient(stream, access, source.access.policy, landing, surroundings))
  }

  func landed(
    _ file: RecordFile.Finished, _ stream: SourceConfiguration.StreamReference, at moment: Moment
  ) throws(StreamFault) -> LandingManifest.File {
    if let code = landing.keep(file.path, as: file.digest) { throw PartWriter.fault(landing.folder, code) }
    return LandingManifest.File(
      url: stream.connector.baseURL + stream.stream.all.path, digest: file.digest, bytes: file.bytes,
      fetched: moment)
  }

  /// No fault may quote a secret, wherever its words come from.
  func masked(_ fault: StreamFault, _ client: ServiceClient) -> StreamFault {
    var fault = fault
    fault.problem = client.masked(fault.problem)
    fault.shownAs = client.masked(fault.shownAs)
    fault.excerpt = fault.excerpt.map(client.masked)
    return fault
  }

  // MARK: Offline

  /// What lies in the landing folder of this stream, if the warehouse can go on with it.
  private func replayed(
    _ stream: SourceConfiguration.StreamReference, _ source: SourceConfiguration, since cursor: StreamCursor?
  ) -> FoundFiles {
    func refused(_ name: ExtractFinding, _ problem: String) -> FoundFiles {
      FoundFiles(findings: [
        Finding(
          .error, name, at: source.place, problem,
          consequence: "nothing of this source is read, and nothing is published",
          remedy: "run once without `--offline`")
      ])
    }
    guard let manifest = landing.newestManifest(of: source.name) else {
      return refused(
        .nothingLanded, "nothing of source `\(source.name)` has been landed yet in \(landing.folder)")
    }
    guard let read = manifest.read, manifest.patterns == stream.patterns,
      read.cursor.stream == stream.identity
    else {
      return refused(
        .nothingLanded,
        "what was landed of source `\(source.name)` came from \(manifest.patterns.joined(separator: ", ")), and not as its connector asks today"
      )
    }
    if read.extent == .changes, let since = read.since {
      let known = cursor?.stream == read.cursor.stream ? cursor?.reached : nil
      guard let known, known.seconds >= since.seconds else {
        let reach = known.map { "reaches to \($0)" } ?? "does not know this stream"
        return refused(
          .landedChangesGap,
          "what was landed of source `\(source.name)` are the changes since \(since), and the warehouse \(reach)"
        )
      }
    }
    return FoundFiles(
      files: manifest.files.map(readable),
      fetching: .init(files: manifest.files.count, unchanged: manifest.files.count), streamRead: read,
      deletedKeys: manifest.deletedKeys)
  }
}

extension SourceConfiguration.StreamReference {
  /// How a manifest names what was asked.
  fileprivate var patterns: [String] {
    ["stream \(stream.name) of \(connector.name)", connector.baseURL + stream.all.path]
  }
}
