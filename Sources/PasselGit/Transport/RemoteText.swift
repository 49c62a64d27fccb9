public import PasselCore

/// What another machine, or a program that talks to it, has to say: taken apart into lines, each
/// fit for a terminal.
///
/// Control characters, escapes and what turns the direction of writing are made visible; passwords
/// in URLs are left out; what is too long is cut.
struct RemoteText {
    /// The last lines, for finding out what went wrong; repeated progress is in it once.
    private(set) var lines: [Text] = []
    private var unfinished: [UInt8] = []
    private let told: (Text) -> Void

    private static let lengthLimit = 2000
    private static let lineLimit = 100

    init(told: @escaping (Text) -> Void) { self.told = told }

    /// Takes what came; a line counts once it is whole.
    mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == .newline || byte == .carriageReturn {
                finishLine()
            } else if unfinished.count < Self.lengthLimit {
                unfinished.append(byte)
            }
        }
    }

    /// Takes what stands without an end as a line.
    mutating func finish() { finishLine() }

    private mutating func finishLine() {
        let line = Self.sanitised(unfinished)
        unfinished = []
        guard !line.bytes.isEmpty else { return }
        // Progress: each line takes the place of the one before.
        let stem = line.bytes.prefix { $0 != UInt8(ascii: ":") }
        let isProgress = line.bytes.contains(UInt8(ascii: "%"))
        if isProgress, let last = lines.last?.bytes, last.starts(with: stem),
            last.contains(UInt8(ascii: "%"))
        {
            lines.removeLast()
        }
        lines.append(line)
        if lines.count > Self.lineLimit { lines.removeFirst() }
        told(line)
    }

    /// One line without its end and blanks behind it, fit for a terminal.
    static func sanitised(_ line: some Sequence<UInt8>) -> Text {
        var bytes = Array(line)
        // git ends lines so, to wipe what stood there.
        let wipe: [UInt8] = [.escape, UInt8(ascii: "["), UInt8(ascii: "K")]
        if bytes.ends(with: wipe) { bytes.removeLast(wipe.count) }
        while let last = bytes.last, last.isBlank { bytes.removeLast() }
        return Text(TerminalText.sanitised(withoutPasswords(bytes)))
    }

    /// `https://ann:secret@host` becomes `https://ann@host`.
    static func withoutPasswords(_ bytes: [UInt8]) -> [UInt8] {
        var (result, rest) = ([UInt8](), bytes[...])
        while let colon = rest.indices.first(where: { rest[$0...].starts(with: "://".utf8) }) {
            let start = colon + 3
            let name = rest[start...].prefix {
                $0 != .slash && !$0.isBlank && $0 != UInt8(ascii: "'") && $0 != .newline
            }
            result += rest[..<start]
            if let end = name.lastIndex(of: UInt8(ascii: "@")) {
                let user = name[..<end].prefix { $0 != UInt8(ascii: ":") }
                result += user + (user.isEmpty ? [] : [UInt8(ascii: "@")])
                rest = rest[(end + 1)...]
            } else {
                rest = rest[start...]
            }
        }
        return result + rest
    }
}

extension GitRemote {
    /// Where it is fetched from, fit for a terminal and without a password.
    public var shownURL: Text { RemoteText.sanitised(url.bytes) }
}
