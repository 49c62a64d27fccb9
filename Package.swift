// swift-tools-version: 6.2

import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Generic code of one module is specialised where another uses it.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// A C library of the system, found through pkg-config, with the Debian package that provides it.
func system(_ name: String, _ pkgConfig: String, _ package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// A Swift target with the settings that all of ours share.
func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// A program for users.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: swiftSettings,
        // Eager binding: lazy binding spills vector registers, and with them pieces of secrets.
        linkerSettings: [.unsafeFlags(["-Xlinker", "-z", "-Xlinker", "now"])])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["PasselTesting"], path: "Tests/\(name)",
        exclude: data, swiftSettings: swiftSettings)
}

let package = Package(
    name: "passel",
    products: [
        .executable(name: "passel", targets: ["passel"]),
        .executable(name: "passel-backend", targets: ["passel-backend"]),
    ],
    targets: [
        // libgit2's headers; the library itself is loaded when a command first needs it, and then
        // finds these functions of ours before those of other libraries.
        .target(
            name: "CGit2",
            linkerSettings: [
                .linkedLibrary("dl"),
                .unsafeFlags(
                    ["inflate", "libssh2_init", "mbedtls_x509_crt_parse_file"].flatMap {
                        ["-Xlinker", "--export-dynamic-symbol=\($0)"]
                    }),
            ]),
        system("CSodium", "libsodium", "libsodium-dev"),
        system("CCurl", "libcurl", "libcurl4-openssl-dev"),
        system("CQREncode", "libqrencode", "libqrencode-dev"),
        .target(name: "CPosix"),
        // libgcrypt and zlib, loaded by the imports that need them: for Bitwarden's protected export
        // (libsodium has neither its cipher nor its kinds of keys), and for packed files.
        .target(name: "CImport", linkerSettings: [.linkedLibrary("dl")]),
        // libsecret, loaded by the backend that needs it.
        .target(name: "CSecretService", linkerSettings: [.linkedLibrary("dl")]),

        // Secret is the one thing in the core that rests on C: its memory is libsodium's.
        library("PasselCore", ["CSodium"]),
        library("PasselPosix", ["PasselCore", "CPosix"]),
        library("PasselGPG", ["PasselCore", "PasselPosix"]),
        library("PasselImport", ["PasselCore", "CImport"]),
        library("PasselGit", ["PasselCore", "PasselPosix", "CGit2"]),
        library("PasselStore", ["PasselCore", "PasselPosix", "PasselGit"]),
        library(
            "PasselCommands",
            [
                "PasselCore", "PasselPosix", "PasselGPG", "PasselGit", "PasselStore",
                "PasselImport", "CPosix", "CQREncode",
            ]),
        // What asks servers is a program of its own, whose libraries would slow every start of passel.
        library(
            "PasselBackends", ["PasselCore", "PasselPosix", "CPosix", "CCurl", "CSecretService"]),
        program("passel", ["PasselCommands"]),
        program("passel-backend", ["PasselBackends"]),

        .target(
            name: "PasselTesting", dependencies: ["CPosix"], path: "Tests/Support/PasselTesting",
            swiftSettings: swiftSettings),
        .executableTarget(name: "passel-killer", path: "Tests/Support/Killer"),
        .executableTarget(
            name: "passel-transporter", dependencies: ["PasselCore", "PasselPosix", "PasselGit"],
            path: "Tests/Support/Transporter", swiftSettings: swiftSettings),
        tests("PasselCoreTests", ["PasselCore"], data: ["Merge/Pictures"]),
        tests("PasselImportTests", ["PasselCore", "PasselImport"]),
        tests("PasselGPGTests", ["PasselCore", "PasselGPG"]),
        tests("PasselGitTests", ["PasselCore", "PasselGit"]),
        tests("PasselStoreTests", ["PasselCore", "PasselPosix", "PasselGit", "PasselStore"]),
        tests("PasselCommandsTests", ["PasselCore", "PasselCommands"]),
        tests("ScenarioTests", ["passel"], data: ["Scenarios"]),
        tests("CompatibilityTests", ["passel"], data: ["Scenarios"]),
        tests("SafetyTests", ["passel", "passel-killer", "passel-transporter"]),
        tests("ClientTests", ["passel", "passel-backend", "PasselCore"], data: ["Extensions"]),
        tests("CompletionTests", ["passel"]),
    ],
    swiftLanguageModes: [.v6]
)
