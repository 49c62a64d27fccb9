import Glibc
public import PasselCore
import PasselPosix

extension GPG {
    /// The plaintext of an entry's file and its session key.
    ///
    /// Runs `gpg --decrypt --show-session-key`, which also puts the key on standard error: what
    /// comes there is handed on without it once gpg has ended. Where the user reads the status
    /// lines himself there is no key.
    ///
    /// - Throws: as `decrypt`.
    public func openMessage(_ ciphertext: [UInt8], name: Text) throws -> OpenedMessage {
        guard reports else {
            return OpenedMessage(plaintext: try decrypt(ciphertext, name: name), sessionKey: nil)
        }
        let (output, status) = try decrypted(ciphertext, name) { input in
            // A log file of the user's would keep the session key; of several the last one counts.
            let (outcome, status) = try run(
                ["-d".bytes] + commonOptions + ["--show-session-key", "--log-file", "-"].words,
                input: input, error: .captured)
            Self.handOn(outcome.errorOutput, without: status.sessionKey)
            return (outcome, status)
        }
        return OpenedMessage(plaintext: output, sessionKey: status.sessionKey)
    }

    /// The plaintext of a message with this session key.
    ///
    /// Runs `gpg --decrypt --override-session-key-fd` in a home of its own, without keyring and
    /// agent. The key is the first line of standard input, from which gpg reads it byte by byte
    /// before it reads the message.
    ///
    /// - Throws: a `Problem` when gpg does not find the message to be whole under that key.
    public func decrypt(
        _ ciphertext: [UInt8], with sessionKey: SessionKey, name: Text
    ) throws -> Secret {
        try decrypted(ciphertext, name) { _ in
            let message = ciphertext.withUnsafeBytes { Secret(copying: $0) }
            return try runAlone(
                home: "/",
                ["--no-keyring", "--log-file", "-"].words
                    + ["--override-session-key-fd", "0", "-d"].words,
                input: .secret(
                    Secret(joining: [sessionKey.spelling, Secret(plain: "\n"), message])))
        }.output
    }

    /// Writes what gpg said to standard error, but for the lines with the session key, and without
    /// the time and the process that a log has in front of each.
    private static func handOn(_ said: Secret, without key: SessionKey?) {
        said.withBytes { bytes in
            for line in bytes.split(separator: .newline) {
                guard !holds(UnsafeRawBufferPointer(rebasing: line), key) else { continue }
                let text = withoutTime(line) + [.newline]
                // Nobody is left to be told that standard error is closed.
                try? text.withUnsafeBytes { try Files.write($0, to: 2, name: "standard error") }
            }
        }
    }

    private static func holds(_ line: UnsafeRawBufferPointer, _ key: SessionKey?) -> Bool {
        guard let key else { return false }
        return key.spelling.withBytes { key in
            guard key.count <= line.count else { return false }
            return (0...(line.count - key.count)).contains { line[$0...].starts(with: key) }
        }
    }

    /// `2027-01-31 12:00:00 gpg[123] TEXT` as gpg says it elsewhere: `gpg: TEXT`.
    private static func withoutTime(_ line: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        let words = line.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, words[0].count == 10, words[1].count == 8,
            words[0].first?.isDigit == true, words[2].last == UInt8(ascii: "]"),
            let end = words[2].firstIndex(of: UInt8(ascii: "["))
        else { return Array(line) }
        return Array(words[2][..<end]) + Array(": ".utf8) + Array(words[3])
    }
}
