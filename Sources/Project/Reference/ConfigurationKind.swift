/// The kinds of files a project is configured by.
public enum ConfigurationKind: String, Sendable, CaseIterable {
  case company, policy
  case completePolicy = "complete_policy"
  case segments, metric, rates, delivery, source, connector, pipeline, report

  /// Where such a file lies, relative to the project: `Config/sources/NAME.yml`.
  public var path: String {
    switch self {
    case .company: CompanyFile.path
    case .policy: PolicyFile.path
    case .completePolicy: CompletePolicyFile.folder + "/NAME@VERSION.yml"
    case .segments: SegmentsFile.path
    case .metric: MetricFile.folder + "/NAME.yml"
    case .rates: RatesFile.path
    case .delivery: DeliveryFile.path
    case .source: "Config/sources/NAME.yml"
    case .connector: ConnectorFiles.folder + "/NAME.yml"
    case .pipeline: PipelineFile.folder + "/NAME.yml"
    case .report: ReportFile.folder + "/NAME.yml"
    }
  }

  /// What it is for, one sentence.
  public var purpose: String {
    switch self {
    case .company: "Who reports, in which money and time. The one file every project needs."
    case .policy: "What counts as recurring revenue. Without it `standard@1` holds."
    case .completePolicy:
      "A policy with an answer to every question, to be named in `Config/policy.yml`. The program's own presets stand there as such files."
    case .segments: "How reports break figures down. Without it there are totals only."
    case .metric:
      "A figure of your own, by arithmetic over the catalogue's metrics or by a query: one file a metric, which bears its name."
    case .rates: "How exchange rates are used. The rates themselves come from a source."
    case .delivery:
      "Who gets which report by mail, and how mail leaves this machine. Documentation/Delivery.md tells what happens when it does not."
    case .source:
      "Which files, or which stream of a connector, to read, how they are written, and what their columns mean: one file a source."
    case .connector:
      "How a service's API is read: where it is, who asks, which lists it has and what their records mean. Documentation/Connectors.md shows how to write one."
    case .pipeline: "What `perennial run NAME` reads and writes."
    case .report: "What is in a report, and for whom. Without any the built-in reports are written."
    }
  }

  var shape: Shape {
    switch self {
    case .company: CompanyFile.shape
    case .policy: PolicyFile.shape
    case .completePolicy: CompletePolicyFile.shape
    case .segments: SegmentsFile.shape
    case .metric: MetricFile.shape
    case .rates: RatesFile.shape
    case .delivery: DeliveryShape.file
    case .source: SourceShape.file
    case .connector: ConnectorShape.file
    case .pipeline: PipelineFile.shape
    case .report: ReportFile.shape
    }
  }
}
