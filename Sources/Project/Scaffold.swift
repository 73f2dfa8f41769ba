import Model

/// What `perennial init` writes, by path: a project that is valid as it stands and needs only a source.
///
/// The built-in report templates work without being written; `withTemplates` writes them too, to be changed.
public func scaffold(
  companyName: String, currency: String = "USD", withTemplates: Bool = false
) -> [String: String] {
  var files: [String: String] = [
    CompanyFile.path: """
    # Who reports, in which money and time.
    name: \(quoted(companyName))
    reporting_currency: \(currency)
    time_zone: UTC
    fiscal_year_starts: january
    # Everything a run writes goes here.
    output: output
    # For spreadsheets that write 1.234,56: decimal commas in CSV reports, and fields separated by `;`.
    # csv_decimal: ","

    """,
    SegmentsFile.path: """
    # How reports break figures down: by what a charge is for, and by what a customer is.
    segments:
      plan: {charge: plan}
      product: {charge: product}
      currency: {charge: currency}
      arr_band: {band: arr, bounds: [1000, 10000, 100000]}
      # These need a source that maps them; `attribute` also takes a free attribute's name.
      # country: {attribute: country}
      # employees_band: {band: employees, bounds: [10, 50, 250]}
      # usage_level: {band: usage, bounds: [1, 50, 200]}

    """,
    "Config/sources/example.yml": exampleSource(currency),
    ConnectorFiles.folder + "/example.yml": exampleConnector,
  ]
  for (path, text) in BuiltInFiles.all
  where [PolicyFile.path, RatesFile.path, DeliveryFile.path].contains(path)
    || path.hasPrefix(PipelineFile.folder + "/")
    || path.hasPrefix(ReportFile.folder + "/")
  {
    if withTemplates || !path.hasPrefix(ReportDefinition.templateFolder + "/") { files[path] = text }
  }
  return files
}

/// A project around the demo company's exports in `exports/`, by path: this repository's own, moved to where they lie.
public func demoProject() -> [String: String] {
  BuiltInFiles.all
    .filter { path, _ in
      ![SourcePresets.folder, ConnectorFiles.folder, ReportDefinition.templateFolder].contains {
        path.hasPrefix($0 + "/")
      }
    }
    .mapValues { $0.replacing("files: demo-company/exports/", with: "files: exports/") }
}

/// A text as YAML reads it back unchanged, whatever is in it.
private func quoted(_ text: String) -> String {
  "\""
    + text.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? "\\\($1)" : $1.isNewline ? " " : String($1) }
    + "\""
}

private func exampleSource(_ currency: String) -> String {
  """
  ## One file of this folder is one source: which files to read, and what their columns mean. A file of comments
  ## alone is none. Take the `# ` off the lines below, put your columns' names on the right, and run
  ## `perennial validate`.
  ##
  ## An export Perennial knows needs three lines (the presets are listed in Documentation/Configuration.md):
  ##
  ##     preset: stripe_subscriptions
  ##     files: exports/subscriptions_YYYY-MM-DD.csv
  ##     system: stripe
  ##
  ## A service whose API Perennial knows needs two (the connectors are listed there, too), and its key in the environment:
  ##
  ##     connector: stripe
  ##     stream: subscriptions
  ##
  ## Any other file of subscription periods:

  # files: exports/subscription_periods.csv

  ## A file may also lie on a server: `https://host/periods.csv`, `s3://bucket/periods_YYYY-MM-DD.csv`,
  ## `sftp://user@host/out/periods_*.csv`; `access` says who asks. Secrets are named, never written down.
  # access: {}

  ## How the file is written, as far as it cannot be detected; leave out what is usual. Files ending in .json or .ndjson
  ## are JSON: columns are fields such as `customer.id`, and `format: {records: data, each: items.data}` says where the
  ## array of records is and which array inside of them has a row for every element.
  # format: {skip_lines: 0, decimal: ".", skip_empty_lines: blank}
  # dates: iso

  ## Up to when the file is complete: a date, or `as_of` for the moment given with `perennial run --as-of`.
  # data_through: as_of

  # entities:
  #   customer:
  #     id: customer_id
  #     name: customer_name
  #   recurring_charge:
  #     id: subscription_id
  #     customer: customer_id
  #     start: start_date
  ## exclusive: the first day no longer in force; inclusive: the last day in force.
  #     end: {column: end_date, bound: exclusive}
  #     amount: monthly_amount
  #     interval_unit: {constant: month}
  #     currency: {constant: \(currency)}

  """
}

private let exampleConnector = """
  ## One file of this folder is one connector: how a service's API is read. A file of comments alone is none. `perennial connector list`
  ## names those that are built in; a source that says `connector: stripe` needs no file here. For any other service take the `# ` off the
  ## lines below and put in what its documentation says (Documentation/Connectors.md goes through it), run `perennial validate`, and try it:
  ## `perennial connector check example`. A file of a built-in one's name, `stripe.yml`, stands before it.

  # title: Example
  # base_url: https://api.example.com
  # authentication: {bearer: "${env:EXAMPLE_API_KEY}"}
  # transfer: {rate: 10/s}
  # streams:
  #   subscriptions:
  #     path: /v1/subscriptions
  #     records: data
  #     key: id
  #     page: {style: token, field: next_cursor, parameter: cursor, size: {parameter: limit, value: 100}}
  ## What the records mean: below `entities` as in a source, on the right their fields.
  #     mapping:
  #       entities:
  #         recurring_charge:
  #           rows: current_state
  #           id: id
  #           customer: customer_id
  #           start: started_at
  #           amount: {column: amount, unit: minor}
  #           interval_unit: {constant: month}
  #           currency: currency

  """
