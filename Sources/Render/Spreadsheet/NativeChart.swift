import CXlsxWriter
import Model

/// Draws a panel of a chart as a chart of the spreadsheet's own, from numbers that stand on a sheet.
struct NativeChart {
  let workbook: Workbook
  let dataSheet: String

  /// - Returns: The last row used of the sheet that holds the numbers.
  func insert(
    _ data: ChartData, into sheet: UnsafeMutablePointer<lxw_worksheet>, _ row: UInt32, _ column: UInt16,
    _ numbers: inout SheetTable, at first: UInt32
  ) -> UInt32 {
    let table = data.shape == .waterfall ? Self.waterfall(data.table) ?? data.table : data.table
    let isWaterfall = data.shape == .waterfall && table.columns.count > data.table.columns.count
    let place = numbers.write(table, at: first)
    let type =
      switch data.shape {
      case .line: LXW_CHART_LINE
      case .stacked: LXW_CHART_COLUMN_STACKED
      case .columns: LXW_CHART_COLUMN
      case .waterfall: isWaterfall ? LXW_CHART_COLUMN_STACKED : LXW_CHART_COLUMN
      }
    guard let chart = workbook_add_chart(workbook.book, UInt8(type.rawValue)) else { return place.last }
    // The amounts of a waterfall stand beside what is drawn: where each bar begins, and how far it goes.
    let drawn = isWaterfall ? Array(2..<table.columns.count) : Array(1..<table.columns.count)
    for (number, position) in drawn.enumerated() {
      guard let series = chart_add_series(chart, nil, nil) else { continue }
      chart_series_set_name(series, SheetTable.cellText(plainText(table.columns[position].title)))
      chart_series_set_categories(
        series, dataSheet, place.first, place.positions[0], place.last, place.positions[0])
      chart_series_set_values(
        series, dataSheet, place.first, place.positions[position], place.last, place.positions[position])
      style(
        series, isWaterfall ? Self.waterfallStyles[number] : data.styles[safe: number] ?? "line", data.shape)
    }
    chart_title_set_name(chart, SheetTable.cellText(plainText(data.title)))
    var font = lxw_chart_font()
    font.size = 12
    chart_title_set_name_font(chart, &font)
    if data.shape == .stacked || isWaterfall { chart_set_series_overlap(chart, 100) }
    chart_set_series_gap(chart, 50)
    if drawn.count == 1 || isWaterfall {
      chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
    } else {
      chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_BOTTOM.rawValue))
    }
    axes(chart, table)
    var options = lxw_chart_options()
    options.x_scale = 1.5
    options.y_scale = 1.15
    withDescription(data.title) { text in
      options.description = text
      _ = worksheet_insert_chart_opt(sheet, row, column, chart, &options)
    }
    return place.last
  }

  private func axes(_ chart: UnsafeMutablePointer<lxw_chart>, _ table: Table) {
    // Names of months below zero would stand in the bars.
    chart_axis_set_label_position(chart.pointee.x_axis, UInt8(LXW_CHART_AXIS_LABEL_POSITION_LOW.rawValue))
    if case .month = table.rows.first?.cells.first?.value {
      chart_axis_set_num_format(chart.pointee.x_axis, "mmm yy")
    }
    var guide = lxw_chart_line()
    guide.color = 0xE6EAEF
    guide.width = 0.75
    chart_axis_major_gridlines_set_line(chart.pointee.y_axis, &guide)
    for row in table.rows {
      guard case .number(let quantity, _, _)? = row.cells[safe: 1]?.value else { continue }
      chart_axis_set_num_format(chart.pointee.y_axis, quantity.unit == .percent ? "0%" : "#,##0")
      return
    }
  }

  private func style(
    _ series: UnsafeMutablePointer<lxw_chart_series>, _ style: String, _ shape: ChartData.Shape
  ) {
    if style == "hidden" {
      var fill = lxw_chart_fill()
      fill.none = 1
      chart_series_set_fill(series, &fill)
      return
    }
    let words = style.split(separator: " ").map(String.init)
    let color = words.compactMap { Self.colors[$0] }.last ?? 0x1F4E79
    if shape == .line {
      var line = lxw_chart_line()
      line.color = color
      line.width = 2.25
      if words.contains("dashed") { line.dash_type = UInt8(LXW_CHART_LINE_DASH_DASH.rawValue) }
      chart_series_set_line(series, &line)
    } else {
      var fill = lxw_chart_fill()
      fill.color = color
      chart_series_set_fill(series, &fill)
    }
  }

  /// As the style sheet has them.
  private static let colors: [String: UInt32] = [
    "line": 0x1F4E79, "dashed": 0xB05C12, "starting": 0x56616F, "ending": 0x56616F, "restatement": 0x8D7AA8,
    "new": 0x1F4E79, "reactivation": 0x8FB6D9, "expansion": 0x2F8F83, "contraction": 0xF0B35E,
    "churn": 0xB03A2E, "fx": 0xA9B1BB,
  ]

  private static let waterfallStyles = ["hidden", "starting", "new", "churn"]

  /// A waterfall as stacked columns: up to where each bar begins nothing is seen. nil where it crosses zero.
  private static func waterfall(_ table: Table) -> Table? {
    guard table.columns.count == 2 else { return nil }
    var result = table
    result.columns += [.init("Below"), .init("Level"), .init("Gain"), .init("Loss")]
    var level: Int128 = 0
    for (number, row) in table.rows.enumerated() {
      guard case .number(let quantity, let currency?, _)? = row.cells[safe: 1]?.value else { return nil }
      let isLevel = number == 0 || number == table.rows.count - 1
      let end = isLevel ? quantity.number : level + quantity.number
      let low = isLevel ? 0 : min(level, end)
      guard low >= 0, end >= 0 else { return nil }
      let size = (end - (isLevel ? 0 : level)).magnitude
      let parts: [Int128] = [
        low, isLevel ? end : 0, !isLevel && end >= level ? Int128(size) : 0,
        !isLevel && end < level ? Int128(size) : 0,
      ]
      result.rows[number].cells += parts.map { $0 == 0 ? .blank : Cell.money($0, currency) }
      level = end
    }
    return result
  }

  private func withDescription(_ text: String, _ body: (UnsafeMutablePointer<CChar>?) -> Void) {
    var bytes = Array(SheetTable.cellText(plainText(text)).utf8CString)
    bytes.withUnsafeMutableBufferPointer { body($0.baseAddress) }
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
