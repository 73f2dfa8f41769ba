/// Slots of what rows refer to, part by part in a file: rows are read several times, and looking their parents up each time takes longer.
final class ParentSlots {
  private let parents: Int
  private let file: ScratchFile
  private var starts: [Int] = []

  init(parents: Int, folder: String) throws {
    self.parents = parents
    file = try ScratchFile(inFolder: folder)
  }

  /// Adds a part of so many rows: `body` sets the slots of each row, by parent, which are -1 before.
  func addPart(rows: Int, _ body: (UnsafeMutablePointer<Int32>) -> Void) throws {
    let buffer = ScratchFile.buffer(rows * parents * 4)
    defer { buffer.deallocate() }
    let slots = buffer.bindMemory(to: Int32.self)
    slots.initialize(repeating: -1)
    body(slots.baseAddress.unsafelyUnwrapped)
    starts.append(try file.append(UnsafeRawBufferPointer(buffer)))
  }

  /// The slots of a part, row after row, by parent; valid within `body`.
  func withPart<Result>(_ part: Int, rows: Int, _ body: (UnsafePointer<Int32>) throws -> Result) throws
    -> Result
  {
    let buffer = ScratchFile.buffer(rows * parents * 4)
    defer { buffer.deallocate() }
    try file.read(at: starts[part], into: buffer)
    return try body(UnsafePointer(buffer.bindMemory(to: Int32.self).baseAddress.unsafelyUnwrapped))
  }
}
