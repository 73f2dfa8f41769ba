import Glibc
import Model

/// One page of a stream, and what it shows of the connector.
public struct StreamSample: Sendable {
  /// The page's records; nil where there are none, or they could not be had.
  public var file: ReadableFile?
  /// Of severity error where the page could not be had, or is not what the connector says.
  public var findings: [Finding] = []
  /// The URL that was asked, without secrets.
  public var url: String
  /// Whether the service knows who asks: a reply came that is no refusal.
  public var isAnswered = false
  public var records = 0
  /// How many the API says there are.
  public var counted: Int?
  /// Whether the API says that there are more.
  public var hasMore = false
  /// Records on the page that have no time of change; nil where none is declared.
  public var withoutTime: Int?
  /// The latest time of change on the page.
  public var latest: Moment?
  /// The server's clock less this machine's, in seconds.
  public var clockDifference: Int64?
}

extension FileFinder {
  /// Reads the first page of a source's stream and lands its records, to be looked at; no manifest is written.
  public func sample(of source: SourceConfiguration) -> StreamSample {
    guard let stream = source.stream else {
      return StreamSample(url: source.files.first ?? "")
    }
    var sample = StreamSample(url: stream.connector.baseURL + stream.stream.all.path)
    let opened = client(of: stream, source)
    guard case .success(let client) = opened else {
      sample.findings = opened.failed.findings
      return sample
    }
    do throws(StreamFault) {
      let file = try RecordFile(landing)
      let pass = try StreamPass(stream.stream, source.format, client, into: file)
      do throws(StreamFault) {
        try pass.readAll(pages: 1)
      } catch {
        file.remove()
        throw error
      }
      let finished = try file.finish(repeated: pass.repeated)
      sample.records = pass.received
      sample.counted = pass.main.counted
      sample.hasMore = pass.main.hasNext || pass.main.isCutOff
      if stream.stream.changes != nil, stream.stream.changes?.notices == nil {
        sample.withoutTime = pass.main.withoutTime
      }
      sample.latest = pass.main.latest.map { Moment(instant: $0.seconds) }
      if finished.records > 0 {
        sample.file = readable(try landed(finished, stream, at: Moment(instant: client.now / 1000)))
      } else {
        unlink(finished.path)
      }
      try pass.proveNotices()
    } catch {
      sample.findings = [masked(error, client).finding(of: source.name)]
    }
    sample.findings += client.findings
    sample.isAnswered = client.date != nil
    sample.clockDifference = client.date.map { $0 - client.now / 1000 }
    return sample
  }
}
