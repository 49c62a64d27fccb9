import Glibc
import PasselCore
import PasselPosix

/// The desktop's clipboard through wl-copy or xclip.
struct Clipboard {
    let session: Session

    /// Puts a secret there and leaves a process behind that puts back what was there before, unless
    /// the user copied something else meanwhile.
    ///
    /// What was done is said on standard output as pass does, or with `aside` where it is not in the
    /// way of a result.
    ///
    /// - Throws: pass's messages when there is no desktop or no such program, or when it fails.
    func copy(_ secret: Secret, label: Text, aside: Bool = false) throws {
        let tools = try ClipboardTools(session.settings)
        ClipboardRestorer.endEarlier(display: tools.display)
        let before = tools.read()
        guard tools.write(secret) else {
            throw Problem.pass("Error: Could not copy data to the clipboard")
        }
        try ClipboardRestorer.start(
            secret: secret, before: before, tools: tools, settings: session.settings)
        let line: Text =
            "Copied \(label) to clipboard. Will clear in \(session.settings.clipTime) seconds."
        if aside { session.output.error(line) } else { session.output.line(line) }
    }
}

/// The programs that reach the clipboard of the display at hand.
struct ClipboardTools {
    /// The display's name, by which a restoring process is found again.
    let display: [UInt8]
    let copying: [[UInt8]]
    let pasting: [[UInt8]]
    let environment: ProcessEnvironment

    /// - Throws: pass's message (of the releases after 1.7.4) when there is no display or no
    ///   program for it.
    init(_ settings: Settings) throws {
        environment = settings.environment
        let path = environment["PATH"]
        func display(_ name: String, needs program: String) -> [UInt8]? {
            guard let value = settings.environment[name], !value.isEmpty,
                Programs.find(program, path: path) != nil
            else { return nil }
            return value
        }
        if let wayland = display("WAYLAND_DISPLAY", needs: "wl-copy") {
            self.display = wayland
            let primary = settings.clipSelection == "primary".bytes ? ["--primary".bytes] : []
            copying = ["wl-copy".bytes] + primary
            pasting = ["wl-paste".bytes, "-n".bytes] + primary
        } else if let x11 = display("DISPLAY", needs: "xclip") {
            self.display = x11
            copying = ["xclip".bytes, "-selection".bytes, settings.clipSelection]
            pasting = ["xclip".bytes, "-o".bytes, "-selection".bytes, settings.clipSelection]
        } else {
            throw Problem.pass(
                "Error: No X11 or Wayland display and clipper detected",
                hints: ["install one: apt install xclip wl-clipboard"])
        }
    }

    /// What the clipboard holds; empty when it holds nothing or cannot be read.
    func read() -> Secret {
        var child = command(pasting)
        child.error = .discarded
        guard let outcome = try? child.run(), outcome.status == 0 else { return Secret(plain: "") }
        return outcome.output
    }

    /// Makes the clipboard hold a secret; whether that worked.
    func write(_ secret: Secret, sensitive: Bool = true) -> Bool {
        let hint = sensitive && knowsSensitive ? ["--sensitive".bytes] : []
        var child = command(copying + hint)
        child.input = .secret(secret)
        // Both programs stay as daemons: captured output would never end.
        child.output = .discarded
        child.error = .discarded
        return (try? child.run().status) == 0
    }

    /// Whether wl-copy can tell clipboard managers not to keep what is copied (since 2.3).
    private var knowsSensitive: Bool {
        guard copying.first == "wl-copy".bytes else { return false }
        var child = command(["wl-copy".bytes, "--help".bytes])
        child.error = .discarded
        guard let help = try? child.run().output.exposedBytes else { return false }
        return Array(help).includes("--sensitive".bytes)
    }

    private func command(_ words: [[UInt8]]) -> ChildProcess {
        ChildProcess(Path(words[0]), Array(words.dropFirst()), environment: environment)
    }
}
