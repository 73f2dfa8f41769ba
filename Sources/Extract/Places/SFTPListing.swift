/// The files on an SFTP server whose paths match a pattern, found folder by folder.
struct SFTPListing {
  let authority: String
  let credentials: Credentials
  let queue: TransferQueue

  func files(_ pattern: String) -> Result<[RemoteFile], TransferFault> {
    if PathPattern(pattern).isLiteral { return .success([file(pattern)]) }
    var folders = ["/"]
    var parts = pattern.split(separator: "/").map(String.init)
    let last = parts.popLast() ?? "*"
    for part in parts {
      let name = NamePattern(part)
      var next: [String] = []
      for folder in folders {
        if name.isLiteral {
          next.append(folder + part + "/")
          continue
        }
        switch entries(of: folder) {
        case .failure(let fault): return .failure(fault)
        case .success(let found):
          next += found.filter { $0.isFolder && Self.fits($0.name, part) }.map { folder + $0.name + "/" }
        }
      }
      folders = next
    }
    var files: [RemoteFile] = []
    for folder in folders {
      switch entries(of: folder) {
      case .failure(let fault): return .failure(fault)
      case .success(let found):
        files += found.filter { !$0.isFolder && Self.fits($0.name, last) }.map { file(folder + $0.name) }
      }
    }
    return .success(files)
  }

  private static func fits(_ name: String, _ part: String) -> Bool {
    (!name.hasPrefix(".") || part.hasPrefix(".")) && NamePattern(part).matches(name)
  }

  private func file(_ path: String) -> RemoteFile {
    RemoteFile(
      url: "sftp://\(authority)" + percentEncoded(path, keeping: "/"), shownAs: "sftp://\(authority)\(path)")
  }

  /// The names come alone, since a long listing cannot be taken apart for sure; it only tells which of them are folders.
  private func entries(of folder: String) -> Result<[(name: String, isFolder: Bool)], TransferFault> {
    var short = TransferRequest(
      file(folder).url, shownAs: file(folder).shownAs, credentials: credentials, sink: .memory(limit: 1 << 26)
    )
    let long = short
    short.hasNamesOnly = true
    let replies = queue.perform([short, long])
    return replies[0].flatMap { names in
      replies[1].map { lines in
        let folders = Self.lines(lines).filter { $0.hasPrefix("d") }
        return Self.lines(names).filter { $0 != "." && $0 != ".." }.map { name in
          (name, folders.contains { $0.hasSuffix(" " + name) })
        }
      }
    }
  }

  private static func lines(_ reply: Reply) -> [String] {
    String(decoding: reply.body, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
