import Foundation

/// Where the programs under test lie.
enum Binaries {
    private static let folder: String =
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path

    /// The program whose safety is measured.
    ///
    /// `PASSEL_SUBJECT` names another one, such as the real
    /// pass, to see what the sweep says about it.
    static let passel = ProcessInfo.processInfo.environment["PASSEL_SUBJECT"] ?? folder + "/passel"

    static let killer = folder + "/passel-killer"

    /// The program as users get it: memory is only comparable without debug code.
    static let release: String = {
        let environment = ProcessInfo.processInfo.environment
        let named = environment["PASSEL_RELEASE_BINARY"] ?? environment["PASSEL_SUBJECT"]
        let built = sources + "/../../.build-release/release/passel"
        if let named { return named }
        return FileManager.default.isExecutableFile(atPath: built) ? built : passel
    }()

    /// The in-place writer that the sweep must catch.
    static let careless = sources + "/../Support/careless-writer"

    private static let sources: String =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .path

    static let isRoot = geteuid() == 0

    static func exists(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
    }
}
