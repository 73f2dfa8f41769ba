import Model

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

  /// Brings back what the rows of a part refer to, row after row, by parent, as the keys of the slots; on any thread, once all parts are there.
  func loader(rows: [Int], keys: [[Int64]]) -> @Sendable (Int) throws -> [Int64] {
    let (file, starts, parents) = (file, starts, parents)
    return { part in
      let count = rows[part] * parents
      let buffer = ScratchFile.buffer(count * 4)
      defer { buffer.deallocate() }
      try file.read(at: starts[part], into: buffer)
      let slots = buffer.bindMemory(to: Int32.self)
      return [Int64](unsafeUninitializedCapacity: count) { found, initialized in
        // One parent after the other and nothing else: keys lie far apart, and the processor waits for many at a time.
        for (number, keys) in keys.enumerated() {
          keys.withUnsafeBufferPointer { keys in
            for place in stride(from: number, to: count, by: parents) {
              let slot = Int(slots[place])
              found.initializeElement(at: place, to: slot < 0 ? EntityColumn.null : keys[slot])
            }
          }
        }
        initialized = count
      }
    }
  }
}
