import Foundation

/// Removes from an observation what two runs of the same program never have in common.
struct Normaliser {
    private let root: String
    private let random: [String]
    private let shortRandom: Set<String>

    init(_ observation: Observation) {
        root = observation.root
        shortRandom = Set(observation.random.map(\.latin1))
        // A short password would be found everywhere; those are only known by their place.
        random = Set(observation.random).filter { $0.count >= 6 }.map(\.latin1)
            .sorted { ($0.count, $0) > ($1.count, $1) }
    }

    /// Standard output: own folder, generated passwords and commit ids become placeholders.
    func output(_ bytes: Bytes) -> Bytes {
        var text = common(bytes.latin1)
        let generated = #"(?<=\u001B\[1m\u001B\[93m).*(?=\u001B\[0m)"#
        text = replace(generated, in: text) { "<random \($0.count)>" }
        // Ciphertext is random: so are the numbers of its lines and its likeness to another.
        text = replace(#"(?<=changed), \d+ (insertion|deletion).*"#, in: text) { _ in "" }
        text = replace(#"\(\d+%\)"#, in: text) { _ in "(N%)" }
        return Normaliser.sortingObjects(text.components(separatedBy: "\n"))
            .joined(separator: "\n").latin1Bytes
    }

    /// Neighbouring lines about single objects of a folder, whose order is the file system's.
    private static func sortingObjects(_ lines: [String]) -> [String] {
        var result: [String] = []
        var block: [String] = []
        for line in lines {
            let isObject =
                line.hasPrefix("removed ") || line.contains(": reencrypting to ")
                || (line.first == "'" && line.contains("' -> '"))
            if !isObject {
                result += block.sorted()
                block = []
                result.append(line)
            } else {
                block.append(line)
            }
        }
        return result + block.sorted()
    }

    /// The lines of standard error that pass itself prints, in its own words.
    func ownErrors(_ bytes: Bytes) -> [String] {
        common(bytes.latin1).split(separator: "\n").map(String.init).filter { line in
            Normaliser.own.contains { line.hasPrefix($0) }
        }
    }

    /// The lines of our standard error that neither we nor a program that we run should print.
    func strangeErrors(_ bytes: Bytes, reference: Bytes) -> [String] {
        let known = Set(common(reference.latin1).split(separator: "\n").map(String.init))
        return common(bytes.latin1).split(separator: "\n").map(String.init).filter { line in
            !(Normaliser.own + Normaliser.foreign).contains { line.hasPrefix($0) }
                && !known.contains(line)
        }
    }

    /// What a terminal showed, without the lines of other programs and the marks of line editing.
    func terminal(_ bytes: Bytes) -> Bytes {
        var text = common(bytes.latin1)
        for noise in ["\r", "\u{1B}[?2004h", "\u{1B}[?2004l", "\u{07}"] {
            text = text.replacingOccurrences(of: noise, with: "")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.filter { line in !Normaliser.foreign.contains { line.hasPrefix($0) } }
            .joined(separator: "\n").latin1Bytes
    }

    /// The content of a file of the store.
    func content(_ node: StoreSnapshot.Node, at path: Bytes) -> Bytes? {
        guard let content = node.content else { return nil }
        if path.hasSuffix(".sig") { return Bytes("<signature>".utf8) }
        // What cannot be decrypted cannot be compared: every encryption is different.
        if !node.isDecrypted, path.hasSuffix(".gpg"), content.first.map({ $0 & 0x80 != 0 }) == true
        {
            return Bytes("<ciphertext>".utf8)
        }
        guard node.isDecrypted else { return common(content.latin1).latin1Bytes }
        var lines = content.latin1.components(separatedBy: "\n")
        // A generated password stays recognisable by its place, however short it is.
        if let first = lines.first, shortRandom.contains(first) {
            lines[0] = "<random \(first.count)>"
        }
        return common(lines.joined(separator: "\n")).latin1Bytes
    }

    /// Any other text, such as a commit subject or the target of a link.
    func text(_ text: String) -> String { common(text) }

    private func common(_ text: String) -> String {
        var text = text.replacingOccurrences(of: root, with: "$WORK")
        for password in random {
            text = text.replacingOccurrences(of: password, with: "<random \(password.count)>")
        }
        // Commit ids, short and long; key ids are upper case.
        return replace(#"(?<![0-9A-Za-z])([0-9a-f]{40}|[0-9a-f]{7,12})(?![0-9A-Za-z])"#, in: text) {
            _ in "<id>"
        }
    }

    private func replace(_ pattern: String, in text: String, by: (String) -> String) -> String {
        guard let expression = try? NSRegularExpression(pattern: pattern) else {
            preconditionFailure("the patterns above are correct")
        }
        var result = text
        let range = NSRange(text.startIndex..., in: text)
        for match in expression.matches(in: text, range: range).reversed() {
            guard let found = Range(match.range, in: result) else { continue }
            result.replaceSubrange(found, with: by(String(result[found])))
        }
        return result
    }

    private static let own = [
        "Error: ", "Usage: ", "    pass init ", "before you may use", "Signature for ",
        "Could not ", "Signing of ", "Password encryption aborted", "Password unchanged",
        "New password not saved", "Clip location ", "There is no password", "An entry already",
        "Are you sure", "Enter password", "Retype password", "GPG encryption failed",
        "Your system does not", "be difficult", "password file after", "pass: invalid option",
        "pass: unrecognized option", "pass: option ",
    ]

    private static let foreign = [
        "gpg: ", "[GNUPG:] ", "fatal: ", "error: ", "warning: ", "hint: ", "pass: error: ",
        "pass: hint: ", "pass: warning: ",
    ]
}

extension [UInt8] {
    /// One character per byte: a text that loses nothing.
    fileprivate var latin1: String {
        String(String.UnicodeScalarView(map { UnicodeScalar($0) }))
    }
}

extension String {
    fileprivate var latin1Bytes: Bytes {
        unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
}
