import Extract
import Foundation
import LoopbackServers
import Model

/// A source that lies elsewhere, fetched into a landing folder of its own; waiting takes no time and is written down.
final class Fetcher {
  let scratch = ScratchFolder()
  var access = SourceAccess()
  var secrets: [String: String] = [:]
  private(set) var waits: [Int64] = []
  /// The part of each wait that is left to chance, in thousandths.
  var chance: Int64 = 1000
  /// True to wait by the clock and by chance, for servers that count by theirs.
  var takesTime = false
  private var time: Int64 = 1_770_000_000_000

  init() {
    access.policy.attempts = 4
    // Where nothing is to stall, a busy machine must not look as if it did.
    access.policy.stall = 20_000
    access.policy.total = 60_000
  }

  var landing: Landing { Landing(folder: scratch.path + "/landing") }

  func source(_ files: [String]) -> SourceConfiguration {
    SourceConfiguration(
      name: "billing", system: "billing", files: files, entities: [], access: access,
      place: Place(file: "Config/sources/billing.yml", line: 1, column: 1))
  }

  func fetch(_ files: String..., isOffline: Bool = false) -> FoundFiles {
    finder(isOffline: isOffline).files(of: source(files))
  }

  func finder(isOffline: Bool = false, in landing: Landing? = nil) -> FileFinder {
    FileFinder(
      folder: scratch.path, home: scratch.path, landing: landing ?? self.landing, isOffline: isOffline,
      surroundings: Surroundings(
        now: { [unowned self] in takesTime ? Int64(Date().timeIntervalSince1970 * 1000) : time },
        wait: { [unowned self] in
          waits.append($0)
          if takesTime { usleep(UInt32($0 * 1000)) }
          time += $0
        },
        draw: { [unowned self] in takesTime ? Int64.random(in: 0...max(0, $0)) : $0 * chance / 1000 }),
      secret: { [unowned self] reference in
        if case .environment(let name) = reference.origin { return secrets[name].map { Secret($0) } }
        return Secret("there")
      })
  }

  /// The texts of the files that were found, by how they are shown.
  func texts(_ found: FoundFiles) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: found.files.map { file in
        (file.shownAs, (try? String(contentsOfFile: file.path, encoding: .utf8)) ?? "not text")
      })
  }

  func blobs() -> [String] {
    let names = FileManager.default.enumerator(atPath: scratch.path + "/landing/blobs")?.compactMap {
      $0 as? String
    }
    return (names ?? []).filter { $0.contains("/") }.sorted()
  }
}

/// An export of some thousand lines.
let export =
  "id,customer,start,end,amount\n" + (0..<5000).map { "\($0),c\($0 % 97),2024-01-01,,\($0 % 50)\n" }.joined()

extension FoundFiles {
  var names: [String] { findings.map(\.name) }
  var problem: String { findings.first?.problem ?? "" }
}
