// swift-tools-version: 6.2
// The table of contents. A target may depend only on targets above it.
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

func stage(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "perennial",
  products: [.executable(name: "perennial", targets: ["perennial"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CXlsxWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .systemLibrary(name: "CMalloc"),
    // A SQLite file's pages; knows nothing of what they hold.
    stage("SQLitePages", []),
    stage("Model", []),
    // Puts Config/, Pipelines/ and Reports/ of this repository into Project as string literals.
    .executableTarget(name: "embed", path: "Sources/embed", swiftSettings: strict),
    .plugin(
      name: "EmbedPlugin", capability: .buildTool(), dependencies: ["embed"], path: "Sources/EmbedPlugin"),
    .target(
      name: "Project", dependencies: ["Model", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict,
      plugins: ["EmbedPlugin"]),
    stage("Extract", ["Model", "CZlib", "CZstd", "CLibcurl", "CLibcrypto"]),
    stage("Normalize", ["Model"]),
    stage(
      "Warehouse", ["Model", "SQLitePages", "CLibcrypto", .product(name: "GRDB", package: "GRDB.swift")]),
    stage("Rollup", ["Model"]),
    stage("Render", ["Model", "CXlsxWriter", .product(name: "Mustache", package: "swift-mustache")]),
    stage("Convert", ["Model"]),
    stage("Deliver", ["Model", "CLibcurl", "CLibcrypto"]),
    stage("Demo", ["Model"]),
    .executableTarget(
      name: "perennial",
      dependencies: [
        "Model", "Project", "Extract", "Normalize", "Warehouse", "Rollup", "Render", "Convert", "Deliver",
        "Demo", "CMalloc", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // Servers on loopback that tests start and stop.
    .target(
      name: "LoopbackServers", path: "Tests/LoopbackServers",
      exclude: [
        "dump_workbook.py", "fault_server.py", "hook_server.py", "localstripe_company.py",
        "localstripe_server.py",
        "moto_fill.py",
        "paging_api.py", "read_mail.py", "replay_server.py", "replay_vendors.py", "requirements.txt",
        "smtp_server.py",
      ],
      swiftSettings: strict),
    tests("SQLitePages", ["SQLitePages", .product(name: "GRDBSQLite", package: "GRDB.swift")]),
    tests("Model", ["Model"]),
    tests("Project", ["Project", "Model"]),
    tests("Extract", ["Extract", "Model", "LoopbackServers"]),
    tests("Normalize", ["Normalize", "Model"]),
    tests("Warehouse", ["Warehouse", "Rollup", "Model"]),
    tests("Rollup", ["Rollup", "Model"]),
    tests(
      "Render", ["Render", "Project", "Rollup", "Model", "LoopbackServers"],
      exclude: ["Cases", "read_workbook.py"]),
    tests("Convert", ["Convert", "Render", "Project", "Model", "LoopbackServers"]),
    tests("Deliver", ["Deliver", "Model", "LoopbackServers"]),
    tests("Demo", ["Demo", "Model"]),
    // Drives the built program as its users do; it links nothing of it.
    .testTarget(name: "ProgramTests", dependencies: ["perennial", "LoopbackServers"], swiftSettings: strict),
  ]
)
