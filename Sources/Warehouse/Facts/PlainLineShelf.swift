import Model

/// Collects plain lines. Of many, those of a subscription go to a file beside the warehouse: memory does not grow with them.
struct PlainLineShelf {
  /// Where lines may be put aside, and how many in a share, about: two shares and less stay in memory.
  typealias Room = (folder: String, shareSize: Int)

  static let shareSize = 1 << 16
  /// Lines that are written at once: nearly sixteen blocks.
  private static let chunkSize = 16 * ScratchFile.alignment / MemoryLayout<Book.PlainLine>.stride

  private enum Chunk {
    case written(start: Int, count: Int)
    /// There is no room in the file.
    case kept([Book.PlainLine])
  }

  private struct Share {
    var chunks: [Chunk] = []
    var waiting: [Book.PlainLine] = []
  }

  private var held: [Book.PlainLine] = []
  private var shares: [Share] = []
  private var file: ScratchFile?

  /// - Parameters:
  ///   - count: No more lines come.
  ///   - room: nil: all stays in memory, as it does where no file can be made.
  init(atMost count: Int, in room: Room?) {
    if let room, count > 2 * room.shareSize, let file = try? ScratchFile(inFolder: room.folder) {
      self.file = file
      var number = 2
      while number * room.shareSize < count { number *= 2 }
      shares = Array(repeating: Share(), count: number)
    } else {
      held.reserveCapacity(count)
    }
  }

  mutating func add(_ line: Book.PlainLine) {
    guard !shares.isEmpty, line.subscription >= 0 else {
      held.append(line)
      return
    }
    let number = Int(line.subscription) & (shares.count - 1)
    shares[number].waiting.append(line)
    if shares[number].waiting.count == Self.chunkSize { write(number) }
  }

  /// All that was added.
  consuming func lines() -> Book.PlainLines {
    var shelf = self
    for number in shelf.shares.indices { shelf.write(number) }
    let (file, chunks) = (shelf.file, shelf.shares.map(\.chunks))
    return Book.PlainLines(shelf.held, shares: chunks.count) { number, lines in
      for chunk in chunks[number] {
        switch chunk {
        case .kept(let kept): lines += kept
        case .written(let start, let count): try file?.append(to: &lines, count, at: start)
        }
      }
    }
  }

  private mutating func write(_ number: Int) {
    let count = shares[number].waiting.count
    guard count > 0, let file else { return }
    let buffer = ScratchFile.buffer(count * MemoryLayout<Book.PlainLine>.stride)
    defer { buffer.deallocate() }
    shares[number].waiting.withUnsafeBytes { buffer.copyMemory(from: $0) }
    if let start = try? file.append(UnsafeRawBufferPointer(buffer)) {
      shares[number].chunks.append(.written(start: start, count: count))
    } else {
      shares[number].chunks.append(.kept(shares[number].waiting))
    }
    shares[number].waiting.removeAll(keepingCapacity: true)
  }
}

extension ScratchFile {
  /// Appends lines that stand at a place.
  fileprivate func append(to lines: inout [Book.PlainLine], _ count: Int, at start: Int) throws {
    let buffer = Self.buffer(count * MemoryLayout<Book.PlainLine>.stride)
    defer { buffer.deallocate() }
    try read(at: start, into: buffer)
    lines += buffer.bindMemory(to: Book.PlainLine.self)[..<count]
  }
}
