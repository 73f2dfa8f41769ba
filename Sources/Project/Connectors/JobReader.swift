import Model

/// Turns `job:` into a job that is made, waited for and read.
struct JobReader {
  let collector: FindingCollector

  /// - Parameter base: What holds where the node says nothing; nil where it must say everything.
  func read(_ node: ConfigurationNode, over base: StreamRequest.Job?) -> StreamRequest.Job {
    var job =
      base
      ?? StreamRequest.Job(
        path: "", body: "{}", id: FieldPath(names: ["id"]), state: FieldPath(names: ["state"]), done: [],
        failed: [])
    if base == nil, !node.hasUnknownKeys {
      for (key, line) in [
        ("path", "path: /v1/jobs"), ("body", "body: {query: \"...\"}"), ("done", "done: [Complete]"),
        ("failed", "failed: [Failed]"),
      ] where node.entry(key) == nil {
        collector.report(
          .missingKey, at: node.place, "`job` says no `\(key)`", remedy: "add the line `\(line)`")
      }
    }
    if let path = node["path"]?.text { job.path = path }
    if let body = node["body"], case .mapping = body.content { job.body = body.json }
    if let id = node["id"]?.text.flatMap(FieldPath.init) { job.id = id }
    if let state = node["state"]?.text.flatMap(FieldPath.init) { job.state = state }
    if let done = node["done"]?.texts { job.done = done }
    if let failed = node["failed"]?.texts { job.failed = failed }
    if let message = node["message"]?.text.flatMap(FieldPath.init) { job.message = message }
    if let interval = node["interval"]?.text.flatMap(milliseconds) { job.interval = interval }
    if let within = node["within"]?.text.flatMap(milliseconds) { job.within = within }
    return job
  }
}
