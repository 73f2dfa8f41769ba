import Model

/// What one panel of a chart shows as numbers, for formats that draw charts of their own or none.
struct ChartData {
  enum Shape: String {
    /// Each series a line over the categories.
    case line
    /// The series of a category on top of each other, what is negative below zero.
    case stacked
    /// Each series a column beside the others.
    case columns
    /// One series whose first and last values are levels and the others changes between them.
    case waterfall
  }

  var title: String
  var shape: Shape
  /// The first column names the categories, each further one is a series.
  var table: Table
  /// Of each series, as the style sheet names it: `churn`, `line dashed`.
  var styles: [String]
}
