/// A chart as a list of shapes in a coordinate system of its own; doubles are coordinates only, never money.
struct Drawing {
  enum Anchor: String { case start, middle, end }

  var title: String
  /// What the chart shows, in words, for those who cannot see it.
  var description: String
  var width: Double
  var height: Double
  /// The file beside the report that shows it; nil where there is none.
  var picture: String?
  /// What it shows as numbers, one a panel.
  var data: [ChartData] = []
  /// Where it stands, if its title alone would not tell it apart.
  var place = ""
  private(set) var shapes: [String] = []
  /// The same for a telephone, where it is arranged another way; at most one.
  var narrow: [Drawing] = []
  /// Whether it is the one for a telephone; such a one has no tips, since nothing hovers there.
  var isNarrow = false

  init(title: String, description: String, width: Double, height: Double) {
    self.title = title
    self.description = description
    self.width = width
    self.height = height
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, style: String, tip: String? = nil
  ) {
    let shape =
      "<rect class=\"\(style)\" x=\"\(coordinate(x))\" y=\"\(coordinate(y))\""
      + " width=\"\(coordinate(max(0, width)))\" height=\"\(coordinate(max(0, height)))\""
    shapes.append(shape + (tip.map { "><title>\(HTMLWriter.escaped($0))</title></rect>" } ?? "/>"))
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
    shapes.append(
      "<line class=\"\(style)\" x1=\"\(coordinate(x1))\" y1=\"\(coordinate(y1))\""
        + " x2=\"\(coordinate(x2))\" y2=\"\(coordinate(y2))\"/>")
  }

  mutating func path(_ points: [(x: Double, y: Double)], style: String, closed: Bool = false) {
    guard !points.isEmpty else { return }
    let steps = points.map { "\(coordinate($0.x)) \(coordinate($0.y))" }.joined(separator: "L")
    shapes.append("<path class=\"\(style)\" d=\"M\(steps)\(closed ? "Z" : "")\"/>")
  }

  mutating func circle(x: Double, y: Double, radius: Double, style: String, tip: String? = nil) {
    let shape =
      "<circle class=\"\(style)\" cx=\"\(coordinate(x))\" cy=\"\(coordinate(y))\" r=\"\(coordinate(radius))\""
    shapes.append(shape + (tip.map { "><title>\(HTMLWriter.escaped($0))</title></circle>" } ?? "/>"))
  }

  mutating func text(_ text: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "label") {
    shapes.append(
      "<text class=\"\(style)\" x=\"\(coordinate(x))\" y=\"\(coordinate(y))\""
        + (anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"")
        + ">\(HTMLWriter.escaped(text))</text>")
  }

  /// The drawing as inline SVG that scales to the width of its container; where there is one for a telephone, both, of which the style
  /// sheet shows one.
  var svg: String {
    guard let narrow = narrow.first else { return svg("") }
    var small = narrow
    small.place = place
    return svg(" class=\"wide\"") + small.svg(" class=\"narrow\"")
  }

  /// The one for a page by itself.
  var alone: String { svg("") }

  private func svg(_ kind: String) -> String {
    let identity = (place + title).utf8.reduce(into: UInt32(2_166_136_261)) {
      $0 = ($0 ^ UInt32($1)) &* 16_777_619
    }
    let name = "chart-" + String(identity, radix: 16)
    // The one for a telephone is named by the words of the other.
    let words =
      isNarrow
      ? ""
      : "<title id=\"\(name)-title\">\(HTMLWriter.escaped(title))</title>\n"
        + "<desc id=\"\(name)-description\">\(HTMLWriter.escaped(description))</desc>\n"
    return "<svg\(kind) viewBox=\"0 0 \(coordinate(width)) \(coordinate(height))\" role=\"img\""
      + " aria-labelledby=\"\(name)-title \(name)-description\" preserveAspectRatio=\"xMidYMid meet\">\n"
      + words + shapes.joined(separator: "\n") + "\n</svg>\n"
  }
}

/// A coordinate with at most one decimal, the same on every machine.
func coordinate(_ value: Double) -> String {
  guard value.isFinite, value.magnitude < 1e9 else { return "0" }
  return exactDecimalText(Int128((value * 10).rounded(.toNearestOrEven)), scale: 1)
}
