import Dispatch
import Glibc
import Synchronization

/// Writes full blocks to the disk on a thread of its own, each while the next one is filled.
///
/// Two blocks take turns. Which bytes go where does not depend on how fast either side is.
final class BlockWriter {
  private let state: State
  private let queue = DispatchQueue(label: "pages")
  /// Blocks that may be filled.
  private let free = DispatchSemaphore(value: 1)
  private let blocks: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt8>)
  private var isSecond = false

  /// What both threads look at.
  private final class State: Sendable {
    private let descriptor: Int32
    private let path: String
    private let outcome: Mutex<(triesDirect: Bool, direct: DirectFile?, failure: PageFileError?)>

    init(path: String, descriptor: Int32, passesCache: Bool) {
      self.path = path
      self.descriptor = descriptor
      outcome = Mutex((passesCache, nil, nil))
    }

    func close() {
      outcome.withLock { outcome in
        outcome.direct?.close()
        (outcome.triesDirect, outcome.direct) = (false, nil)
      }
    }

    var failure: PageFileError? { outcome.withLock { $0.failure } }

    /// Nothing is written after a failure: a page may be missing.
    func write(_ block: UnsafePointer<UInt8>, count: Int, at offset: Int) {
      outcome.withLock { outcome in
        guard outcome.failure == nil else { return }
        if outcome.triesDirect, outcome.direct == nil {
          outcome.direct = DirectFile(path: path)
          outcome.triesDirect = outcome.direct != nil
        }
        if outcome.direct?.write(block, count: count, at: offset) ?? false { return }
        do throws(PageFileError) {
          try writeWhole(block, count: count, at: offset, descriptor, path: path)
        } catch {
          outcome.failure = error
        }
      }
    }
  }

  /// - Parameters:
  ///   - size: Bytes of a block.
  ///   - passesCache: Whether blocks go to the disk alone, where the file system can.
  init(path: String, descriptor: Int32, size: Int, passesCache: Bool) {
    func block() -> UnsafeMutablePointer<UInt8> {
      UnsafeMutableRawPointer.allocate(byteCount: size, alignment: DirectFile.alignment)
        .bindMemory(to: UInt8.self, capacity: size)
    }
    state = State(path: path, descriptor: descriptor, passesCache: passesCache)
    blocks = (block(), block())
  }

  deinit {
    close()
    blocks.0.deallocate()
    blocks.1.deallocate()
  }

  /// The block to be filled now.
  var block: UnsafeMutablePointer<UInt8> { isSecond ? blocks.1 : blocks.0 }

  /// Takes the block, which is full, and turns to the other once that one is written.
  ///
  /// Throws what an earlier block failed with.
  func write(count: Int, at offset: Int) throws(PageFileError) {
    let (state, free) = (state, free)
    nonisolated(unsafe) let full = block
    queue.async {
      state.write(full, count: count, at: offset)
      free.signal()
    }
    free.wait()
    isSecond.toggle()
    if let failure = state.failure { throw failure }
  }

  /// Lets go of the file once nothing is on its way any more: SQLite's locks end with whatever is closed of a file.
  func close() {
    queue.sync {}
    state.close()
  }

  /// Waits until every block is written.
  func finish() throws(PageFileError) {
    queue.sync {}
    if let failure = state.failure { throw failure }
  }
}

/// Writes all bytes at a place of a file.
func writeWhole(
  _ bytes: UnsafePointer<UInt8>, count: Int, at offset: Int, _ descriptor: Int32, path: String
) throws(PageFileError) {
  var done = 0
  while done < count {
    let written = pwrite(descriptor, bytes + done, count - done, offset + done)
    if written > 0 {
      done += written
    } else if errno != EINTR {
      throw .system("write", path: path)
    }
  }
}
