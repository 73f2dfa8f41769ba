import Model

/// What a run is asked to do, kept in the log with the configuration it used.
public struct RunRequest: Sendable {
  public var pipeline: String
  public var started: Moment
  /// `--as-of`, when given.
  public var asOf: Moment?
  /// Name and version of the program.
  public var program: String
  /// The policy's name with its overrides.
  public var policy: String
  /// All configuration the run used, as one text; stored once per different text. Must hold no secrets.
  public var configuration: String
  public init(
    pipeline: String, started: Moment, asOf: Moment? = nil, program: String, policy: String,
    configuration: String
  ) {
    self.pipeline = pipeline
    self.started = started
    self.asOf = asOf
    self.program = program
    self.policy = policy
    self.configuration = configuration
  }

  /// By which equal configurations are known.
  var configurationDigest: Int64 {
    var digest = RowDigest()
    digest.add(configuration)
    return Int64(bitPattern: digest.value)
  }
}

/// How a run's body wants it to end.
public enum RunVerdict: Sendable {
  /// Everything becomes visible.
  case publish
  /// Nothing is published until these sources are accepted.
  case hold([Hold])
  /// Nothing is published.
  case fail(reason: String)
  /// Nothing is published, and nothing is logged: a dry run.
  case discard
}

/// Why a source keeps a run from being published.
public struct Hold: Sendable, Hashable {
  public var source: String
  /// One sentence: "rows fell from 1,200 to 300".
  public var reason: String
  public init(source: String, reason: String) {
    self.source = source
    self.reason = reason
  }
}

public enum RunStatus: String, Sendable, CaseIterable { case running, published, held, failed }

/// One run of the log.
public struct RunRecord: Sendable, Hashable {
  public var id: Int64
  public var pipeline: String
  public var status: RunStatus
  public var started: Moment
  public var ended: Moment?
  public var asOf: Moment?
  public var program: String
  public var policy: String
  /// Why it was held or failed.
  public var reason: String?
}

/// One stage of a run, for the log.
public struct StageRecord: Sendable, Hashable {
  /// `extract`, `apply`, `rollup`.
  public var stage: String
  public var source: String?
  public var started: Moment
  public var ended: Moment
  public var rows: Int
  public var bytes: Int
  public var detail: String?
  public init(
    stage: String, source: String? = nil, started: Moment, ended: Moment, rows: Int = 0, bytes: Int = 0,
    detail: String? = nil
  ) {
    self.stage = stage
    self.source = source
    self.started = started
    self.ended = ended
    self.rows = rows
    self.bytes = bytes
    self.detail = detail
  }
}

/// What one source's read changed.
public struct ChangeSummary: Sendable, Hashable {
  public struct Counts: Sendable, Hashable {
    public var new = 0
    public var changed = 0
    public var unchanged = 0
    /// Withdrawn (periods) or ended (current state).
    public var vanished = 0
    /// Keys that keep their last good version because they are, or may be, in quarantine.
    public var kept = 0
    public init() {}
  }

  public var source: String
  public var entities: [EntityKind: Counts] = [:]
  public var findings: [Finding] = []
  public init(source: String) { self.source = source }

  /// True when the read only confirmed what was known.
  public var isUnchanged: Bool {
    entities.values.allSatisfy { $0.new == 0 && $0.changed == 0 && $0.vanished == 0 }
  }
}

/// What a published run read of a source: what a fall in rows is measured against.
public struct PreviousRead: Sendable, Hashable {
  public var run: Int64
  public var dataThrough: Moment
  /// Records seen, and those of them in quarantine.
  public var records: Int
  public var quarantined: Int
  /// Whether it told changes alone.
  public var isDelta = false
}
