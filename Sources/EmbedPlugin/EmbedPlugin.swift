import Foundation
import PackagePlugin

/// Puts the repository's own `Config/`, `Pipelines/` and `Reports/` into the Project module as string literals.
///
/// So `perennial init`, the source presets and the report templates have one source of truth, and the built program
/// needs no files beside it.
@main struct EmbedPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let root = context.package.directoryURL
    let output = context.pluginWorkDirectoryURL.appending(path: "BuiltInFiles.swift")
    let files = try ["Config", "Pipelines", "Reports"].flatMap {
      try Self.files(below: root.appending(path: $0))
    }
    return [
      .buildCommand(
        displayName: "Embedding built-in files", executable: try context.tool(named: "embed").url,
        arguments: [output.path, root.path] + files.map(\.path), inputFiles: files, outputFiles: [output])
    ]
  }

  private static func files(below folder: URL) throws -> [URL] {
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yml") || $0.hasSuffix(".mustache") || $0.hasSuffix(".css") }
      .sorted().map { folder.appending(path: $0) }
  }
}
