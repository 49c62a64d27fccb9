import Foundation
import PasselTesting

/// GNOME Keyring on a session bus of its own.
///
/// One serves all tests; each has names of its own.
final class TestKeyring: Sendable {
    static let shared = Result {
        let folder = NSTemporaryDirectory() + "passel-keyring.\(getpid())"
        return try TestKeyring(folder, password: "example", removed: true)
    }

    /// Where programs find the bus.
    let address: String
    // Ends with the tests.
    nonisolated(unsafe) private let server: Server

    /// A keyring in a folder, which is made with this password, or opened with it: with a wrong one
    /// it stays locked.
    ///
    /// - Parameter removed: whether the folder goes with it.
    init(_ folder: String, password: String, removed: Bool = false) throws {
        for program in ["dbus-daemon", "dbus-send", "gnome-keyring-daemon", "secret-tool"] {
            try ClientHome.require(program)
        }
        address = "unix:path=\(folder)/run/bus"
        server = try Server(
            Source.root + "/Tests/Support/keyring", [folder, password] + (removed ? ["-"] : []),
            environment: ["PATH": "/usr/bin:/bin"])
    }

    func end() { server.end() }
}
