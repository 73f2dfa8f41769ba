import Glibc
import Model

extension SecretReference {
  /// The secret, without the line break files end with; nil when the variable or file is missing or empty.
  public func resolve(projectFolder: String) -> Secret? {
    switch origin {
    case .environment(let name):
      return getenv(name).map { Secret(String(cString: $0)) }.flatMap { $0.text.isEmpty ? nil : $0 }
    case .file(let path):
      let full = path.hasPrefix("/") ? path : projectFolder + "/" + path
      guard var bytes = bytes(ofFile: full) else { return nil }
      while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
      return bytes.isEmpty ? nil : Secret(String(decoding: bytes, as: UTF8.self))
    }
  }
}
