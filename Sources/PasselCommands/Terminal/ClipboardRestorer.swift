import CPosix
import Glibc
import PasselCore
import PasselPosix

/// The process that stays behind after a copy: this program under another name, asleep until the
/// clipboard is due.
///
/// Its name is the one that pass gives to its own, so that either ends the other's before it
/// copies.
enum ClipboardRestorer {
    private static let title = "password store sleep on display "

    /// Whether the program was started under that name.
    static func isMeant(_ name: [UInt8]) -> Bool { name.starts(with: title.utf8) }

    /// Lets earlier restorers of this display do their work now, so that what they kept is what is
    /// saved next.
    static func endEarlier(display: [UInt8]) {
        let wanted = title.bytes + display
        var found = false
        // Without /proc nobody can be found; then the earlier copy is simply what is restored.
        for process in (try? Files.names(in: "/proc")) ?? []
        where process.bytes.allSatisfy(\.isDigit) {
            guard let line = try? Files.read("/proc" / process.bytes / "cmdline"),
                line.prefix(while: { $0 != 0 }).elementsEqual(wanted),
                let pid = pid_t(String(decoding: process.bytes, as: UTF8.self)), pid != getpid()
            else { continue }
            found = kill(pid, SIGTERM) == 0 || found
        }
        if found { usleep(500_000) }
    }

    /// Starts it.
    ///
    /// The secret and what was there before go through its standard input.
    static func start(
        secret: Secret, before: Secret, tools: ClipboardTools, settings: Settings
    ) throws {
        var child = ChildProcess(
            "/proc/self/exe", [settings.clipTime, settings.clipSelection],
            environment: tools.environment)
        child.name = title.bytes + tools.display
        let length = Secret(plain: "\(secret.count)\n")
        child.input = .secret(Secret(joining: [length, secret, before]))
        child.output = .discarded
        child.error = .discarded
        child.detached = true
        try child.start()
    }

    /// What the process does: sleeps, then restores if the clipboard still holds the secret.
    static func run() -> Int32 {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let (secret, before) = readSecrets() else { return 1 }
        var environment = ProcessEnvironment.current
        environment["PASSWORD_STORE_X_SELECTION"] = arguments[2].bytes
        sleep(seconds: duration(arguments[1].bytes))
        guard let tools = try? ClipboardTools(Settings(environment)) else { return 1 }
        guard tools.read() == secret else { return 0 }
        forgetHistory(environment)
        return tools.write(before, sensitive: false) ? 0 : 1
    }

    private static func readSecrets() -> (secret: Secret, before: Secret)? {
        guard let all = try? Prompt(output: Output()).everything(), let header = all.line(1) else {
            return nil
        }
        let count = header.withBytes { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        let rest = all.afterFirstLine
        guard count <= rest.count else { return nil }
        return (rest.slice(0..<count), rest.slice(count..<rest.count))
    }

    /// Sleeps until the time is over or SIGTERM asks to hurry.
    private static func sleep(seconds: Double) {
        // A handler that does nothing: the signal only ends the sleep.
        signal(SIGTERM) { _ in }
        var left = timespec(
            tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1_000_000_000))
        nanosleep(&left, nil)
    }

    /// The seconds that sleep(1) would take `text` for; 0 for what it refuses.
    private static func duration(_ text: [UInt8]) -> Double {
        let units: [UInt8: Double] = [
            UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3600,
            UInt8(ascii: "d"): 86400,
        ]
        let unit = text.last.flatMap { units[$0] }
        let number = unit == nil ? text[...] : text.dropLast()
        let seconds = Double(String(decoding: number, as: UTF8.self)) ?? 0
        return seconds.isFinite && seconds > 0 ? min(seconds * (unit ?? 1), 1e9) : 0
    }

    /// Asks KDE's clipboard history to forget; there is mostly none.
    private static func forgetHistory(_ environment: ProcessEnvironment) {
        var child = ChildProcess(
            "qdbus",
            [
                "org.kde.klipper", "/klipper",
                "org.kde.klipper.klipper.clearClipboardHistory",
            ], environment: environment)
        child.output = .discarded
        child.error = .discarded
        // No qdbus, no KDE, no history.
        _ = try? child.run()
    }
}
