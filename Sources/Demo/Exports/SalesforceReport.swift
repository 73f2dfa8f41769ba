import Model

/// What all of Salesforce's report exports have in common: everything quoted, CRLF, American dates, a footer.
final class SalesforceReport {
  let writer: ExportWriter

  init(path: String, header: [String]) throws {
    writer = try ExportWriter(path: path, header: header, style: .salesforce)
  }

  /// `1/31/2024`.
  func date(_ day: Day) {
    let date = day.civil
    writer.field {
      writer.append(Int64(date.month))
      writer.append(byte: 0x2F)
      writer.append(Int64(date.day))
      writer.append(byte: 0x2F)
      writer.append(Int64(date.year))
    }
  }

  func finish() throws -> WrittenFile {
    writer.line("")
    writer.line("\"Confidential Information - Do Not Distribute\"")
    writer.line("\"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"")
    return try writer.finish()
  }
}
