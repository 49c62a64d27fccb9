/// A secret key to be kept, with what its owner has to know to have it back by gpg alone.
public struct KeyBackup: Sendable {
    /// Which passphrase opens it.
    public enum Opening: Sendable {
        /// The one that the key itself has.
        case key
        /// One of its own: the content is a message that it opens.
        case own
        /// One of its own, and then the key's.
        case both
    }

    /// How many lines a code on paper has: with more it would be wider than a page of text.
    static let linesPerCode = 4

    private let name: Text
    private let fingerprint: Fingerprint
    private let day: Day
    private let opening: Opening
    private let content: Secret

    /// What is kept of this key on this day; `content` is binary.
    public init(
        of key: PublicKey, on day: Day, openedBy opening: Opening, content: Secret
    ) {
        // What stands in a user id must not look like a line of ours.
        name = Text(TerminalText.sanitised(key.name.bytes))
        fingerprint = key.fingerprint
        self.day = day
        self.opening = opening
        self.content = content
    }

    /// A file that gpg reads, below a text that says how.
    public var file: Secret {
        let (command, kind): (Text, Armor.Kind) =
            switch opening {
            case .key: ("gpg --import FILE", .privateKey)
            case .own, .both: ("\(Self.firstRun)\n    gpg -d FILE | gpg --import", .message)
            }
        let head: Text = """
            \(title)
            To have the key back by gpg alone, FILE being this file:

                \(command)
                \(trust)

            """
        return Secret([.plain(head.bytes + [.newline]), .secret(Armor.encode(content, kind))])
    }

    /// A text to be printed: how the key comes back, its lines, and the same lines as codes, of
    /// which `draw` makes the pictures.
    public func paper(draw: (Secret) throws -> Secret) rethrows -> Secret {
        let lines = numberedLines
        let codes = stride(from: 0, to: lines.count, by: Self.linesPerCode).map {
            Array(lines[$0..<min($0 + Self.linesPerCode, lines.count)])
        }
        var pieces: [ContentPiece] = [.plain(instructions(lines.count, codes.count).bytes)]
        for line in lines { pieces += [.secret(line), "\n"] }
        for (place, code) in codes.enumerated() {
            let first = place * Self.linesPerCode + 1
            pieces.append(
                """

                Code \(place + 1) of \(codes.count): lines \(first) to \(first + code.count - 1)

                """)
            let text = Secret(code.flatMap { [.secret($0), "\n"] as [ContentPiece] })
            pieces.append(.secret(try draw(text)))
        }
        return Secret(pieces)
    }

    /// How many codes there are on paper.
    public var codeCount: Int {
        (Base64.lines(content).count + Self.linesPerCode - 1) / Self.linesPerCode
    }

    private var title: Text {
        let passphrase: Text =
            switch opening {
            case .key: "the passphrase that the key had then"
            case .own: "a passphrase of its own"
            case .both: "a passphrase of its own,\nand the key in it by the one that it had then"
            }
        return """
            This is the secret key of \(name)
            Fingerprint \(fingerprint.grouped)
            as it was on \(day.spelling). It is opened by \(passphrase).
            Without that it is of no use to anybody: keep the two in different places.

            """
    }

    /// Two programs that make a home at the same time get into each other's way.
    private static let firstRun: Text = "gpg --list-keys"

    /// gpg encrypts to a key that it does not know to be its owner's only after asking.
    private var trust: Text { "echo \(fingerprint.hex):6: | gpg --import-ownertrust" }

    /// The letters of the content, each line with its number before it and its checksum behind it.
    private var numberedLines: [Secret] {
        let lines = Base64.lines(content)
        let width = max(2, "\(lines.count)".utf8.count)
        return lines.enumerated().map { place, line in
            let digits = "\(place + 1)"
            let number = String(repeating: "0", count: width - digits.utf8.count) + digits
            let checksum = line.withBytes { CKSum.of($0) }
            return Secret([
                .plain(Array("\(number) ".utf8)), .secret(line), .plain(Array(" \(checksum)".utf8)),
            ])
        }
    }

    private func instructions(_ lines: Int, _ codes: Int) -> Text {
        let command: Text = opening == .key ? "gpg --import" : "gpg -d | gpg --import"
        let first: Text = opening == .key ? "" : "    \(Self.firstRun)\n"
        var digest = DigestStream()
        content.withBytes { digest.add($0) }
        return """
            \(title)
            To have the key back by gpg alone, get its \(lines) lines into a file that is called
            lines. Scan or photograph the \(codes) codes, and in the folder of the pictures:

                zbarimg --quiet --raw *.png | grep . | sort -n -u >lines

            Or type them, each line with its number and its checksum. What is mistyped tells

                while read -r number text sum; do
                    test "$(printf %s "$text" | cksum | cut -d " " -f 1)" = "$sum" ||
                        echo "line $number is wrong"
                done <lines

            The whole is complete if this says
            \(digest.digest.hex):

                awk '{ print $2 }' lines | base64 -d | sha256sum

            Then

            \(first)    awk '{ print $2 }' lines | base64 -d | \(command)
                \(trust)
                rm lines

            The lines:


            """
    }
}
