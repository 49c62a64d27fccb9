import Foundation
import Glibc

/// Where the programs under test lie.
public enum Binary {
    /// The built `passel`: `PASSEL_BINARY`, or the one beside the test runner.
    public static let path: String = find("passel", variable: "PASSEL_BINARY")

    /// A built program beside the test runner, unless the environment variable names another.
    public static func find(_ name: String, variable: String) -> String {
        if let chosen = ProcessInfo.processInfo.environment[variable] { return chosen }
        var folders = [CommandLine.arguments.first ?? ""]
        folders += CommandLine.arguments.dropFirst().filter { $0.contains(".xctest") }
        folders.append(Disk.facts("/proc/self/exe")?.target?.text ?? "")
        let candidates = folders.map { folder in
            (folder.split(separator: "/").dropLast().map { "/" + $0 }).joined() + "/" + name
        }
        if let found = candidates.first(where: { access($0, X_OK) == 0 }) { return found }
        return Source.root + "/.build/debug/" + name
    }
}

/// The working copy that these tests were built from.
public enum Source {
    /// Its top folder.
    public static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return parts.map { "/" + $0 }.joined()
    }()
}
