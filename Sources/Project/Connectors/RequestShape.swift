import Model

/// The shape of one way of asking for a list: the keys a stream, its `changes` and `without_time` share.
enum RequestShape {
  /// `path` has to be said where there is nothing to take it from.
  static func keys(needsPath: Bool) -> [ShapeKey] {
    [
      ShapeKey(
        "path", .scalar(.webPath),
        "The path behind `base_url`. Behind a `job`, `{id}` in it stands for the job's id.",
        standard: needsPath ? nil : "the stream's", required: needsPath ? "path: /v1/subscriptions" : nil),
      ShapeKey(
        "method", .scalar(.oneOf(StreamRequest.Method.allCases.map(\.rawValue))), "The request's method.",
        standard: "POST where there is a `body`, else GET"),
      ShapeKey(
        "parameters", .named(.parameterName, .list(.scalar(parameter), single: true)),
        "What stands behind the URL's `?`: `{status: all, \"expand[]\": [data.customer]}`; a list repeats the parameter."
      ),
      ShapeKey(
        "body", .document,
        "What is sent with POST, as JSON: texts in quotes stay texts, plain numbers, `true` and `~` become JSON's."
      ),
      ShapeKey(
        "records", .scalar(.fieldPath), "The way to the array of records in a page: `data`.",
        standard: "the page is the array"),
      ShapeKey(
        "format", .scalar(.oneOf(StreamRequest.Format.allCases.map(\.rawValue))),
        "Whether a page is a JSON document, or delimited text with a header.", standard: "json"),
      ShapeKey("page", page, "How the next page is asked for.", standard: "there is one page"),
      ShapeKey(
        "count", .either(noCount, count),
        "Where the API says how many records there are, apart from giving them: one of `field`, `header`, `head`, `request` and `job`. What came must be as many. `none` where the stream's count does not hold.",
        standard: "the API says nothing of the kind"),
      ShapeKey("job", job, "A job to be made, and waited for, before there are pages."),
    ]
  }

  private static let parameter = ScalarKind(
    finding: .badValue,
    expected: "a text (in quotes where it has braces, brackets or a colon), or a list of such",
    schema: ["type": ["string", "number", "boolean"]]
  ) { text in !text.unicodeScalars.contains { $0.value < 0x20 } }

  static let styles = [
    "single", "last_id", "token", "header_token", "next_url", "link", "number", "offset",
  ]

  private static let page = Shape.mapping(
    noun: .key,
    [
      ShapeKey(
        "style", .scalar(.oneOf(styles)),
        "`single`: there is one page. `last_id`: the `parameter` says the last record's key. `token`: the `parameter` repeats a `field` of the page. `header_token`: it repeats a `header`. `next_url`: a `field` holds the next page's URL. `link`: the header `Link: <URL>; rel=\"next\"` does. `number`: the `parameter` numbers the pages. `offset`: it says how many records to leave out.",
        required: "style: token"),
      ShapeKey(
        "parameter", .scalar(.parameterName),
        "The parameter to ask with; of a request with a `body` a field of it, `paging.after`."),
      ShapeKey(
        "field", .scalar(.fieldPath),
        "Of `token` and `next_url`: the field of the page that says what comes next."),
      ShapeKey("header", .scalar(.headerName), "Of `header_token`: the header that says it."),
      ShapeKey(
        "first", .scalar(.whole(0...1_000_000)), "Of `number`: the first page's number.", standard: "1"),
      ShapeKey(
        "more", .scalar(.fieldPath),
        "A field of the page, true or false, that says whether there are more pages. A page without it is a fault, and not the end."
      ),
      ShapeKey(
        "size",
        .mapping(
          noun: .key,
          [
            ShapeKey(
              "parameter", .scalar(.parameterName), "The parameter's name.", required: "parameter: limit"),
            ShapeKey(
              "value", .scalar(.whole(1...1_000_000)), "The most the API gives.", required: "value: 100"),
          ]), "How many records a page is asked to have.", standard: "the API's own size"),
      ShapeKey(
        "window", .scalar(.whole(1...100_000_000)),
        "How many records the API gives to one question however many there are: beyond it, changes are asked for anew from the last one on; anything else is a fault.",
        standard: "no such bound"),
    ])

  private static let noCount = ScalarKind.oneOf(["none"])

  private static let count = Shape.mapping(
    noun: .key,
    [
      ShapeKey("field", .scalar(.fieldPath), "A field of every page."),
      ShapeKey("header", .scalar(.headerName), "A header of every page."),
      ShapeKey("head", .scalar(.headerName), "A header of the reply to HEAD at the same address."),
      ShapeKey(
        "request",
        .mapping(
          noun: .key,
          [
            ShapeKey("path", .scalar(.webPath), "The request's path.", required: "path: /v1/count"),
            ShapeKey("field", .scalar(.fieldPath), "The field of its reply.", required: "field: count"),
          ]), "Another request."),
      ShapeKey("job", .scalar(.fieldPath), "A field of the job's last state."),
    ])

  private static let job = Shape.mapping(
    noun: .key,
    [
      ShapeKey("path", .scalar(.webPath), "Where the job is made, with POST; its state is at `PATH/ID`."),
      ShapeKey("body", .document, "What is sent to make it."),
      ShapeKey("id", .scalar(.fieldPath), "The job's id, a field of the reply.", standard: "id"),
      ShapeKey(
        "state", .scalar(.fieldPath), "The job's state, a field of what is at `PATH/ID`.", standard: "state"),
      ShapeKey("done", .list(.scalar(.text), single: true), "States in which there are pages to read."),
      ShapeKey("failed", .list(.scalar(.text), single: true), "States in which there will never be any."),
      ShapeKey("message", .scalar(.fieldPath), "The field that says why it failed."),
      ShapeKey("interval", .scalar(.duration), "The time between two looks.", standard: "5 s"),
      ShapeKey("within", .scalar(.duration), "After this time it is given up.", standard: "1 h"),
    ])
}
