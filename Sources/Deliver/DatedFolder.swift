import Glibc
import Model

/// Writes documents into a folder of their own below another one, named after a day, and makes `latest` point to it.
///
/// A folder is there whole or not at all, and is never changed: other documents of the same day stand in `2024-02-29.2`, equal ones are
/// not written again. `latest` is a symbolic link that is put in place at once.
///
/// - Parameter day: `2024-02-29`.
/// - Throws: ``DeliveryFailure``; then what was there is as it was.
@discardableResult
public func writeDated(_ documents: [Document], to folder: String, day: String) throws -> FolderDelivery {
  guard !documents.isEmpty else { return FolderDelivery(written: [], unchanged: []) }
  var number = 1
  var name: String { number == 1 ? day : "\(day).\(number)" }
  while access("\(folder)/\(day).\(number + 1)", F_OK) == 0 { number += 1 }
  if access(folder + "/" + name, F_OK) == 0 {
    if isSame(documents, folder + "/" + name) {
      try link(latest: name, in: folder)
      return FolderDelivery(written: [], unchanged: documents.map(\.name))
    }
    number += 1
  }
  // A dot before the name keeps it out of listings until it is whole.
  let draft = "\(folder)/.\(name).\(getpid()).tmp"
  remove(draft)
  do {
    try writeDocuments(documents, to: draft)
    guard rename(draft, folder + "/" + name) == 0 else {
      throw DeliveryFailure(path: folder + "/" + name, action: "put the folder in place", code: errno)
    }
  } catch {
    remove(draft)
    throw error
  }
  try link(latest: name, in: folder)
  return FolderDelivery(written: documents.map(\.name), unchanged: [])
}

/// Whether a folder has exactly these documents.
private func isSame(_ documents: [Document], _ folder: String) -> Bool {
  names(in: folder).sorted() == documents.map(\.name).sorted()
    && documents.allSatisfy { contents(of: folder + "/" + $0.name, size: $0.bytes.count) == $0.bytes }
}

private func link(latest name: String, in folder: String) throws {
  let path = folder + "/latest"
  var buffer = [CChar](repeating: 0, count: 256)
  if readlink(path, &buffer, 255) > 0,
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) == name
  {
    return
  }
  let draft = "\(folder)/.latest.\(getpid()).tmp"
  unlink(draft)
  guard symlink(name, draft) == 0, rename(draft, path) == 0 else {
    let code = errno
    unlink(draft)
    throw DeliveryFailure(path: path, action: "point to \(name)", code: code)
  }
}

/// A folder of files alone.
private func remove(_ folder: String) {
  for name in names(in: folder) { unlink(folder + "/" + name) }
  rmdir(folder)
}

private func names(in folder: String) -> [String] {
  guard let entries = opendir(folder) else { return [] }
  defer { closedir(entries) }
  var names: [String] = []
  while let entry = readdir(entries) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
      String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}
