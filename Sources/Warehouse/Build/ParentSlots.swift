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

  /// Brings back the slots of a part, row after row, by parent; on any thread, once all parts are there.
  func loader(rows: [Int]) -> @Sendable (Int) throws -> PartSlots {
    let (file, starts, parents) = (file, starts, parents)
    return { part in
      let slots = PartSlots(count: rows[part] * parents)
      try file.read(at: starts[part], into: slots.buffer)
      return slots
    }
  }
}

/// Slots that were brought back: written once, before anybody reads them.
final class PartSlots: @unchecked Sendable {
  fileprivate let buffer: UnsafeMutableRawBufferPointer

  fileprivate init(count: Int) { buffer = ScratchFile.buffer(count * 4) }

  deinit { buffer.deallocate() }

  /// Valid as long as they are held.
  var first: UnsafePointer<Int32> {
    UnsafePointer(buffer.bindMemory(to: Int32.self).baseAddress.unsafelyUnwrapped)
  }
}
