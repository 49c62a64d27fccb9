import Foundation
import PasselTesting

/// A display without a screen, with a clipboard: Xvfb, or sway for Wayland.
///
/// It ends with this object.
final class Desktop {
    private let server: Process
    private let folder: String
    /// What programs need in their environment to find it.
    let environment: [String: String]
    let copying: [String]
    let pasting: [String]

    static func x11() throws -> Desktop {
        try ClientHome.require("Xvfb")
        let folder = try makeFolder()
        let server = try start(
            "exec Xvfb -displayfd 3 -screen 0 640x480x24 -nolisten tcp 3>'\(folder)/display'")
        let display = try wait { try? String(contentsOfFile: folder + "/display", encoding: .utf8) }
        return Desktop(
            server, folder,
            ["DISPLAY": ":" + display.trimmingCharacters(in: .whitespacesAndNewlines)],
            copying: ["xclip", "-selection"], pasting: ["xclip", "-o", "-selection"])
    }

    static func wayland() throws -> Desktop {
        try ClientHome.require("sway")
        let folder = try makeFolder()
        try Data("exec touch '\(folder)/up'\n".utf8)
            .write(to: URL(fileURLWithPath: folder + "/config"))
        // sway refuses root.
        let user =
            getuid() == 0
            ? "chown -R nobody '\(folder)'; set -- setpriv --reuid nobody --regid nogroup --clear-groups"
            : "set --"
        let server = try start(
            """
            \(user)
            export XDG_RUNTIME_DIR='\(folder)' WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman
            unset DISPLAY WAYLAND_DISPLAY
            exec "$@" sway -c '\(folder)/config' 2>'\(folder)/log'
            """)
        let socket = try wait {
            guard FileManager.default.fileExists(atPath: folder + "/up") else { return nil }
            return try? FileManager.default.contentsOfDirectory(atPath: folder)
                .first { $0.hasPrefix("wayland-") && !$0.hasSuffix(".lock") }
        }
        return Desktop(
            server, folder, ["WAYLAND_DISPLAY": folder + "/" + socket, "XDG_RUNTIME_DIR": folder],
            copying: ["wl-copy"], pasting: ["wl-paste", "-n"])
    }

    private init(
        _ server: Process, _ folder: String, _ environment: [String: String], copying: [String],
        pasting: [String]
    ) {
        self.server = server
        self.folder = folder
        self.environment = environment
        self.copying = copying
        self.pasting = pasting
    }

    deinit {
        // Threads of tests block signals, and so do the programs they start: only this one arrives.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func makeFolder() throws -> String {
        let folder = NSTemporaryDirectory() + "passel-desktop-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        return folder
    }

    private static func start(_ script: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func wait(for answer: () -> String?) throws -> String {
        for _ in 0..<1200 {
            if let answer = answer(), !answer.isEmpty { return answer }
            usleep(50_000)
        }
        throw TestingProblem("the display did not start within a minute")
    }
}
