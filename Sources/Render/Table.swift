import Model

/// A table as a value; each format writes it its own way.
struct Table {
  struct Column {
    var title: String
    /// Numbers stand right, with digits of one width.
    var isNumber: Bool
    /// Numbers of footnotes.
    var notes: [Int] = []
    /// Where there is no room for all columns, as in a mail on a telephone, those of the highest rank go first; 0 stays longest.
    var rank = 0
    init(_ title: String, isNumber: Bool = true, notes: [Int] = [], rank: Int = 0) {
      self.title = title
      self.isNumber = isNumber
      self.notes = notes
      self.rank = rank
    }
  }

  enum Emphasis { case none, rest, total }

  struct Row {
    var cells: [Cell]
    var emphasis: Emphasis = .none
  }

  /// Read out by screen readers and printed above the table: what it shows, in which unit.
  var caption: String
  var columns: [Column]
  var rows: [Row] = []
  /// Many narrow columns of equal width (a cohort grid).
  var isGrid = false
}

/// One cell: a text, the value it shows, and what it means.
struct Cell {
  enum Tone: String { case neutral, good, bad }

  var text: String
  var value: CellValue
  /// A second, quieter line.
  var detail: String?
  var tone = Tone.neutral
  /// Numbers of footnotes.
  var notes: [Int] = []
  /// 0 to 1, shade of a heat map; nil without.
  var heat: Double?
  /// Its months before, for formats that draw.
  var spark: Sparkline?

  /// - Parameter value: what the text shows; the text itself when nothing is said.
  init(
    _ text: String, detail: String? = nil, tone: Tone = .neutral, notes: [Int] = [], heat: Double? = nil,
    value: CellValue? = nil
  ) {
    self.text = text
    self.value = value ?? (text.isEmpty ? .empty : .text)
    self.detail = detail
    self.tone = tone
    self.notes = notes
    self.heat = heat
  }

  static let blank = Cell("")
}

/// The notes of one report, numbered in the order they are first pointed at; equal notes share a number.
struct Footnotes {
  private(set) var texts: [String] = []
  private var numbers: [String: Int] = [:]

  mutating func number(of text: String) -> Int {
    if let number = numbers[text] { return number }
    texts.append(text)
    numbers[text] = texts.count
    return texts.count
  }

  /// The definition of a metric, with what it was computed from.
  mutating func definition(_ metric: String, _ index: FigureIndex, addition: String = "") -> [Int] {
    guard let declared = index.metrics[metric] else { return [] }
    return [number(of: "\(declared.title): \(sentence(declared.definition))\(addition)")]
  }

  /// A cell for a value; a null is `n/a` with its reason as a note, never 0.
  mutating func cell(_ value: MetricValue, _ metric: String, _ index: FigureIndex) -> Cell {
    if case .null(let reason) = value { return missing(reason) }
    guard let quantity = Quantity(value, index.metrics[metric]) else {
      return missing("the ratio has a denominator of zero")
    }
    return .quantity(quantity, index.data.currency, decimals: Quantity.decimals(of: metric))
  }

  mutating func missing(_ reason: String) -> Cell {
    Cell(
      "n/a", notes: [number(of: "n/a: \(sentence(reason, capitalized: false))")],
      value: .missing(reason: reason))
  }
}

/// Ends a sentence with its full stop.
func sentence(_ text: String, capitalized: Bool = true) -> String {
  let first = capitalized ? text.prefix(1).uppercased() + text.dropFirst() : text
  return first.hasSuffix(".") ? first : first + "."
}
