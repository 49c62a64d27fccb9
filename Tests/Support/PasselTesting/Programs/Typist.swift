import Foundation
import Glibc

/// Types lines on a pseudo-terminal, each when the program waits for it.
struct Typist {
    private var pending: [Bytes]
    private var seen = 0
    private var quietSince = Clock.now
    private var outputSinceTyping = false

    /// Splits after every newline, end-of-file (^D) and interrupt (^C) character.
    init(_ typed: Bytes) {
        pending = []
        var line = Bytes()
        for byte in typed {
            line.append(byte)
            if [0x0A, 0x04, 0x03].contains(byte) {
                pending.append(line)
                line = []
            }
        }
        if !line.isEmpty { pending.append(line) }
    }

    /// Types the next line if the program has gone quiet and waits for input.
    mutating func step(terminal: Int32, session: pid_t, seen: Int) {
        guard terminal >= 0, let line = pending.first else { return }
        if seen != self.seen {
            self.seen = seen
            quietSince = Clock.now
            outputSinceTyping = true
            return
        }
        let quiet = Clock.now - quietSince
        guard quiet > 0.03 else { return }
        let patience: Double =
            switch Typist.waiting(in: session) {
            // The kernel hands on what was typed a while after it was: without so much as an echo,
            // what sleeps in a read does not know of it yet.
            case .reading: outputSinceTyping ? 0 : 2
            case .polling: 0.3
            case .busy: 5
            case .unknown: outputSinceTyping ? 0.2 : 2
            }
        guard quiet > patience else { return }
        pending.removeFirst()
        _ = line.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
        quietSince = Clock.now
        outputSinceTyping = false
    }

    private enum Waiting { case reading, polling, busy, unknown }

    /// Whether a process of the session sleeps in a read of a terminal or in a poll.
    private static func waiting(in session: pid_t) -> Waiting {
        var result = Waiting.unknown
        for name in Disk.names(in: Bytes("/proc".utf8)) where name.first.map(isDigit) == true {
            let folder = "/proc/" + name.text
            // Fields after the command name: state, parent, group, session.
            guard let stat = Disk.read(folder + "/stat")?.text,
                let fields = stat.split(separator: ")").last?.split(separator: " "),
                fields.count > 3, fields[3] == "\(session)",
                let channel = Disk.read(folder + "/wchan")?.text,
                let call = Disk.read(folder + "/syscall")?.text.split(separator: " ").first
            else { continue }
            if call == "0", ["wait_woken", "n_tty_read"].contains(channel) { return .reading }
            // poll, select, pselect6, ppoll: readline waits like this, but so do others.
            let polls = ["7", "23", "270", "271"].contains(call) && fields[0] == "S"
            if polls { result = .polling } else if result != .polling { result = .busy }
        }
        return result
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
