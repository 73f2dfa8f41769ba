/// A metric that a project defines in a file of `Config/metrics/`.
public struct OwnMetric: Sendable, Hashable {
  public enum Source: Sendable, Hashable {
    /// Over metrics of the catalogue, in every period, segment and valuation that has them all.
    case expression(MetricExpression, place: Place)
    /// One reading statement over the public views with the columns month, segment and value: whole months, as reported.
    ///
    /// `dimension` is that of the segments; nil: the whole, segment `all`.
    case query(String, dimension: String?, place: Place)
  }

  public var metric: Metric
  public var source: Source
  public init(metric: Metric, source: Source) {
    self.metric = metric
    self.source = source
  }
}
