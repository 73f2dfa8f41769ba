import Model

/// Everything a project's files say, checked: what a run needs besides the data.
public struct ProjectConfiguration: Sendable {
  /// `Config/company.yml`.
  public struct Company: Sendable, Equatable {
    public var name: String
    public var currency: Currency
    public var zone: ReportingZone
    /// 1 to 12.
    public var fiscalYearStart: Int
    /// Where a run writes, relative to the project's folder.
    public var output: String
    /// The warehouse file, relative to the project's folder.
    public var warehouse: String
    /// Where fetched files land, relative to the project's folder, and how many reads of each source it keeps.
    public var landing: String
    public var landingRuns: Int
    /// Months between spending on sales and marketing and the customers it wins.
    public var cacLag: Int
    /// Sources whose customer attributes win, the strongest first.
    public var attributeSources: [String]
    /// `.` or `,`: how CSV reports write numbers.
    public var csvDecimalMark: UInt8
    /// How reports write numbers and days.
    public var style: WritingStyle
  }

  /// `Config/rates.yml`.
  public struct Rates: Sendable, Hashable {
    /// Days a rate may be old.
    public var maximumAge: Int
    /// To the reporting currency; used by the policy's `rate_date: fixed` alone.
    public var fixed: [Currency: ExactRate]
  }

  /// One file of `Pipelines/`.
  public struct Pipeline: Sendable, Hashable {
    public var name: String
    /// Names of sources, in the order they are read.
    public var sources: [String]
    /// Names of reports.
    public var reports: [String]
    /// Where documents go, relative to the company's output folder.
    public var folder: String
    /// Whether each day has a folder of its own below it.
    public var isDated: Bool
    /// Where the beginning and the end of a run are told.
    public var ping: SecretText?
    /// A file for Prometheus, relative to the project's folder.
    public var metricsFile: String?
    /// Names of the rules of `Config/delivery.yml` that its runs follow.
    public var rules: [String]
    public var place: Place
  }

  /// The folder as it was given.
  public var folder: String
  public var company: Company
  public var policy: Policy
  /// Complete policies of `Config/policies/` beside the program's presets, by name.
  public var ownPolicies: [Policy]
  /// In the order of `Config/segments.yml`.
  public var dimensions: [Dimension]
  /// By name.
  public var ownMetrics: [OwnMetric]
  public var rates: Rates
  public var delivery: DeliverySettings
  /// By name.
  public var sources: [SourceConfiguration]
  /// The project's own connectors and those its sources name, or every one where all were asked for, by name.
  public var connectors: [Connector]
  /// A source for each stream of each of them, as if a file said nothing but `connector` and `stream`.
  var streamSources: [SourceConfiguration]
  /// By name.
  public var pipelines: [Pipeline]
  /// By name.
  public var reports: [ReportDefinition]
  /// Report templates by file name: the built-in ones, and over them the project's.
  public var templates: [String: String]
  /// The text of every file that was read, by path: what a run keeps to say later what it ran with.
  public var files: [String: String]

  /// The settings of a roll-up over this project.
  public func rollupSettings(lastMonth: Month, dataThrough: Moment) -> RollupSettings {
    RollupSettings(
      policy: policy, currency: company.currency, zone: company.zone,
      fiscalYearStart: company.fiscalYearStart,
      dimensions: dimensions, ownMetrics: ownMetrics, fixedRates: rates.fixed,
      maximumRateAge: rates.maximumAge,
      cacLag: company.cacLag,
      lastMonth: lastMonth, dataThrough: dataThrough)
  }

  public func source(named name: String) -> SourceConfiguration? { sources.first { $0.name == name } }

  /// How a stream is read, whether or not a source names it: the source that does, else one named `CONNECTOR_STREAM`.
  ///
  /// Where another stream of the connector has a source, its `base_url`, `transfer` and `access` hold for this one, too. nil when
  /// there is no such connector or stream.
  public func source(ofStream stream: String, of connector: String) -> SourceConfiguration? {
    let siblings = sources.filter { $0.stream?.connector.name == connector }
    if let own = siblings.first(where: { $0.stream?.stream.name == stream }) { return own }
    var source = streamSources.first {
      $0.stream?.connector.name == connector && $0.stream?.stream.name == stream
    }
    if let sibling = siblings.first, let connector = sibling.stream?.connector {
      source?.stream?.connector = connector
      source?.access = sibling.access
    }
    return source
  }

  /// The pipeline of that name, or the finding that says which ones there are.
  public func pipeline(named name: String) -> Result<Pipeline, PipelineUnknown> {
    if let pipeline = pipelines.first(where: { $0.name == name }) { return .success(pipeline) }
    let known = pipelines.map(\.name)
    let remedy =
      nearest(to: name, among: known).map { "did you mean `\($0)`?" }
      ?? (known.isEmpty
        ? "write Pipelines/\(name).yml" : "the pipelines are \(known.joined(separator: ", "))")
    return .failure(
      PipelineUnknown(
        finding: Finding(
          .error, ProjectFinding.unknownPipeline.rawValue, "no pipeline is named `\(name)`", remedy: remedy)))
  }

  public struct PipelineUnknown: Error, Sendable { public var finding: Finding }
}
