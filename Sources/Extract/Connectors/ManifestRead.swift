import Model

/// What reading a stream was, as a manifest keeps it.
extension StreamRead {
  var fields: [String] {
    func text(_ moment: Moment?) -> String { moment?.description ?? "" }
    return [
      connector, stream, extent.rawValue, reason, text(since), String(pages), String(received),
      String(records), String(deleted), String(withoutTime), counted.map { String($0) } ?? "", proof.rawValue,
      cursor.stream, text(cursor.reached), text(cursor.read), text(cursor.readWhole),
    ]
  }

  /// nil where they are not what ``fields`` gives.
  init?(fields: [String], source: String) {
    guard fields.count == 16, let extent = Extent(rawValue: fields[2]),
      let proof = Proof(rawValue: fields[11]),
      let read = Moment(iso: fields[14]), let readWhole = Moment(iso: fields[15])
    else { return nil }
    let numbers = (5...9).compactMap { Int(fields[$0]) }
    guard numbers.count == 5 else { return nil }
    self.init(
      source: source, connector: fields[0], stream: fields[1], extent: extent, reason: fields[3],
      since: Moment(iso: fields[4]), pages: numbers[0], received: numbers[1], records: numbers[2],
      deleted: numbers[3], withoutTime: numbers[4], counted: Int(fields[10]), proof: proof,
      cursor: StreamCursor(
        source: source, stream: fields[12], reached: Moment(iso: fields[13]), read: read, readWhole: readWhole
      ))
  }
}
