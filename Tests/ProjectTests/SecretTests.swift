import Foundation
import Model
import Project
import Testing

@Test func aSecretComesFromAFileAndIsNeverPrinted() throws {
  let file = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
  try "hunter2\n".write(to: file, atomically: true, encoding: .utf8)
  defer { try? FileManager.default.removeItem(at: file) }
  let reference = try #require(SecretReference("${file:\(file.path)}"))
  let secret = try #require(reference.resolve(projectFolder: "/"))
  #expect(secret.text == "hunter2")
  var dumped = ""
  dump(secret, to: &dumped)
  for printed in ["\(secret)", String(reflecting: secret), "\([secret])", dumped, "\(reference)"] {
    #expect(!printed.contains("hunter2"))
  }
}

@Test func aSecretThatIsNotThereIsNone() throws {
  #expect(try #require(SecretReference("${env:PERENNIAL_NO_SUCH_NAME}")).resolve(projectFolder: "/") == nil)
  #expect(try #require(SecretReference("${file:no/such/file}")).resolve(projectFolder: "/") == nil)
}

@Test(arguments: ["", "plain", "${env:}", "${vault:x}", "${env:X", "env:X"])
func whatIsNoReferenceIsRefused(text: String) { #expect(SecretReference(text) == nil) }
