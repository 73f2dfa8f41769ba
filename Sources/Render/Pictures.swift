import Model

/// A chart of a report as a message carries it.
public struct MailPicture: Sendable, Hashable {
  /// By which the message's HTML names it: `chart-1@perennial`.
  public var id: String
  public var description: String
  /// Pixels of a page that it takes at most.
  public var width: Int
  /// A drawing (SVG) that stands alone, to be made into a picture.
  public var drawing: [UInt8]
}

/// The first charts of a report, for a message.
///
/// - Parameter limit: Charts at most; what a telephone has to load.
public func mailPictures(
  _ definition: ReportDefinition, _ data: ReportData, templates: [String: String], limit: Int = 3
) -> [MailPicture] {
  WrittenStyle.$current.withValue(definition.style ?? data.style) {
    let report = ReportBuilder.report(definition, FigureIndex(data, months: definition.months))
    let sheet = templates["style.css.mustache"] ?? ""
    return report.drawings.prefix(limit).enumerated().map { number, drawing in
      // A message shows one drawing to all: that for a telephone, which is arranged for letters of its size, is read on a desk as well.
      let narrow = drawing.narrow.first
      let style = PictureStyle(sheet, isForPhones: narrow == nil)
      return MailPicture(
        id: "chart-\(number + 1)@perennial", description: drawing.description,
        width: narrow == nil ? 652 : 440, drawing: Array((narrow ?? drawing).standalone(style).utf8))
    }
  }
}

extension Report {
  /// All charts that show something, in the order in which they are read.
  var drawings: [Drawing] { sections.flatMap(\.charts).filter { !$0.shapes.isEmpty } }

  /// Gives each chart a file: `mrr_bridge.chart-1.png`.
  mutating func namePictures(_ name: String) {
    var number = 0
    for section in sections.indices {
      for block in sections[section].blocks.indices {
        guard case .chart(var chart) = sections[section].blocks[block], !chart.drawing.shapes.isEmpty else {
          continue
        }
        number += 1
        chart.drawing.picture = "\(name).chart-\(number).png"
        sections[section].blocks[block] = .chart(chart)
      }
    }
  }
}

extension Drawing {
  /// The drawing as a file of its own: on white, with its styles inside.
  func standalone(_ style: PictureStyle) -> String {
    let inside = alone.drop { $0 != ">" }.dropFirst()
    // A margin, since the page around it may be dark.
    let (wide, high) = (coordinate(width + 20 + style.room), coordinate(height + 16))
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(wide)\" height=\"\(high)\""
      + " viewBox=\"-10 -8 \(wide) \(high)\">\n<style>\(style.rules)</style>\n"
      + "<rect x=\"-10\" y=\"-8\" width=\"\(wide)\" height=\"\(high)\" fill=\"#ffffff\"/>" + inside
  }
}

/// What of the report's style sheet holds for drawings, in words that a rasterizer knows: no variables, no media.
struct PictureStyle {
  let rules: String
  /// What labels at a drawing's end need more than on a page: the rasterizer's letters are wider than a browser's.
  let room: Double

  /// - Parameters:
  ///   - sheet: rules of drawings begin with `svg` or `.heat` and have a line each.
  ///   - isForPhones: letters that can still be read where the picture is as narrow as a telephone.
  init(_ sheet: String, isForPhones: Bool = false) {
    var values: [(name: String, value: String)] = []
    for match in (sheet.split(separator: "}").first ?? "").matches(of: #/(--[a-z-]+):\s*([^;}]+);/#) {
      values.append((String(match.output.1), String(match.output.2)))
    }
    var rules = ["text { font-family: \"DejaVu Sans\", \"Liberation Sans\", sans-serif; }"]
    for line in sheet.split(separator: "\n") where line.hasPrefix("svg ") || line.hasPrefix(".heat") {
      var rule = String(line)
      for (name, value) in values { rule = rule.replacing("var(\(name))", with: value) }
      if line.hasPrefix("svg ") {
        rule = rule.replacing("svg .", with: ".").replacing("svg text", with: "text")
      }
      rules.append(rule.replacing("font-family: inherit;", with: ""))
    }
    if isForPhones {
      rules += ["text { font-size: 14px; }", "text.heading { font-size: 15.5px; }"]
      rules.append("text.low { transform: translateY(14px); }")
    }
    room = isForPhones ? 36 : 12
    self.rules = rules.map { $0.replacing("<", with: "").replacing("&", with: "") }.joined(separator: "\n")
  }
}
