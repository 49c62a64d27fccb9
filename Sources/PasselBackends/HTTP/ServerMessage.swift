import PasselCore

/// What a server says of an error, as the user may see it.
enum ServerMessage {
    private static let longest = 300

    /// One line without control characters; nothing where it has something secret in it.
    static func text(_ said: [Text], hiding secrets: [Secret]) -> Text {
        let bytes = said.joined(separator: "; ").bytes.map { $0 == .newline || $0 == 9 ? 0x20 : $0 }
        for secret in secrets where !secret.isEmpty {
            for spelling in [secret, secret.base64, secret.asJSONString ?? secret]
            where spelling.withBytes({ bytes.includes(Array($0)) }) {
                return ""
            }
        }
        let words = bytes.split(separator: 0x20).joined(separator: [0x20])
        return Text(TerminalText.sanitised(Array(words.prefix(longest))))
    }
}
