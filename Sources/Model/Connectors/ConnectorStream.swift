/// One list of records an API offers: how all of it is read, how what changed is, and what proves that nothing is missing.
public struct ConnectorStream: Sendable, Hashable {
  public var name: String
  public var title: String
  /// Reads everything there is, ended and deleted records included where the API can be asked for them.
  public var all: StreamRequest
  /// Reads what changed since the last read; nil where the API cannot say: then each read is of everything.
  public var changes: StreamChanges?
  /// The record's own id.
  public var key: FieldPath
  /// Arrays inside a record that the API cuts short: `{data: [...], has_more: true, url: "/v1/..."}` (the path is that of the
  /// object around `data`). They are read to their end by last id and put together.
  public var nested: [FieldPath]
  /// How a record says that it is deleted.
  public var deleted: Deletion?
  /// A field by which the newer of two versions of one record is told, where ``changes`` names none.
  public var version: FieldPath?
  /// What its records mean, in the shape of a source: the preset's name, or the mapping itself; nil where nothing in the warehouse
  /// takes them.
  public var preset: String?
  public var place: Place

  public init(
    name: String, title: String = "", all: StreamRequest, changes: StreamChanges? = nil, key: FieldPath,
    nested: [FieldPath] = [], deleted: Deletion? = nil, version: FieldPath? = nil, preset: String? = nil,
    place: Place
  ) {
    self.name = name
    self.title = title
    self.all = all
    self.changes = changes
    self.key = key
    self.nested = nested
    self.deleted = deleted
    self.version = version
    self.preset = preset
    self.place = place
  }

  /// A record is deleted where the field has one of the values (`true` and numbers as they are written).
  public struct Deletion: Sendable, Hashable {
    public var field: FieldPath
    public var values: [String]
    public init(field: FieldPath, values: [String]) {
      self.field = field
      self.values = values
    }
  }
}

/// One way of asking for a list, page by page.
public struct StreamRequest: Sendable, Hashable {
  public enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
  }
  public enum Format: String, Sendable, CaseIterable {
    /// Each page is one JSON document with an array of records in it.
    case json
    /// Each page is a delimited text with a header.
    case csv
  }

  public var method: Method
  /// Behind the base URL; `{since}` stands for the lower bound, `{id}` for a record's id where one is asked for.
  public var path: String
  /// In order; a name may stand several times. Values may hold `{since}`, `{until}`.
  public var parameters: [Parameter]
  /// A JSON document to send, with `{since}` in its texts: quoted numbers stay texts, `"{since}"` alone becomes a number where the
  /// bound's format is one.
  public var body: String?
  /// Way to the array of records in a page; nil where the page is the array.
  public var records: FieldPath?
  public var format: Format
  public var page: PageStyle
  /// The parameter that says how many records a page has, and how many are asked for: the most the API gives.
  public var size: (name: String, count: Int)? {
    get { sizeName.map { ($0, sizeCount) } }
    set {
      sizeName = newValue?.name
      sizeCount = newValue?.count ?? 0
    }
  }
  private var sizeName: String?
  private var sizeCount = 0
  /// Says whether there are more pages: a Boolean. Where it is declared and missing from a page, the page is not taken for the last.
  public var more: FieldPath?
  /// How many records the API gives to one question however many there are; reaching it means that there are more. A question of
  /// changes is then asked anew from the last value on; any other fails.
  public var window: Int?
  /// An independent count of the records.
  public var count: Count?
  /// A job to be made and waited for before the pages can be read.
  public var job: Job?

  public struct Parameter: Sendable, Hashable {
    public var name: String
    public var value: String
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public enum Count: Sendable, Hashable {
    /// In every page.
    case field(FieldPath)
    case header(String)
    /// Of a HEAD request to the same address.
    case headHeader(String)
    /// In the job's last state.
    case jobField(FieldPath)
    /// Another request, with the field of its reply: `/crm/companies/count`.
    case request(path: String, field: FieldPath)
  }

  /// An asynchronous query: POST makes it, GET of its path tells its state.
  public struct Job: Sendable, Hashable {
    /// Where it is made, and what is sent.
    public var path: String
    public var body: String
    /// Its id, in the reply.
    public var id: FieldPath
    /// Its state, at `PATH/ID`.
    public var state: FieldPath
    public var done: [String]
    public var failed: [String]
    /// What it says when it fails.
    public var message: FieldPath?
    /// Milliseconds between two looks, and in all.
    public var interval: Int64
    public var within: Int64
    public init(
      path: String, body: String, id: FieldPath, state: FieldPath, done: [String], failed: [String],
      message: FieldPath? = nil, interval: Int64 = 5_000, within: Int64 = 3_600_000
    ) {
      self.path = path
      self.body = body
      self.id = id
      self.state = state
      self.done = done
      self.failed = failed
      self.message = message
      self.interval = interval
      self.within = within
    }
  }

  public init(
    method: Method = .get, path: String, parameters: [Parameter] = [], body: String? = nil,
    records: FieldPath? = nil, format: Format = .json, page: PageStyle = .single,
    size: (name: String, count: Int)? = nil, more: FieldPath? = nil, window: Int? = nil, count: Count? = nil,
    job: Job? = nil
  ) {
    self.method = method
    self.path = path
    self.parameters = parameters
    self.body = body
    self.records = records
    self.format = format
    self.page = page
    self.more = more
    self.window = window
    self.count = count
    self.job = job
    self.size = size
  }
}

/// How the next page is asked for. A parameter's name is that of the query, or of a field of the body (a dotted path) where the
/// request has one.
public enum PageStyle: Sendable, Hashable {
  /// There is one page.
  case single
  /// The last record's key.
  case lastID(parameter: String)
  /// A text of the page that means nothing by itself; the last page has none.
  case token(field: FieldPath, parameter: String)
  /// The same in a header; a value of `null` is none.
  case headerToken(header: String, parameter: String)
  /// The next page's whole URL, or its path, in the page; the last page has none.
  case nextURL(field: FieldPath)
  /// `Link: <URL>; rel="next"` (RFC 8288).
  case link
  /// Pages are numbered from ``first``; the first empty one ends the list.
  case number(parameter: String, first: Int)
  /// How many records to leave out; the first empty page ends the list.
  case offset(parameter: String)
}
