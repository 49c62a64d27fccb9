import Foundation

/// The public keys of GnuPG homes, as far as encryption is concerned.
struct Keyring {
    private struct Candidate {
        var fingerprint = ""
        var userIDs: [String] = []
        var primaryCanEncrypt = false
        var subkeys: [(id: String, fingerprint: String, isValid: Bool)] = []
    }

    private var candidates: [Candidate] = []
    private var groups: [String: [String]] = [:]

    init(homes: [String]) {
        for home in homes {
            let options = ["--homedir", home, "--batch", "--no-tty", "--no-autostart"]
            let listing = try? Invocation.tool(
                "gpg", options + ["--list-keys", "--with-colons", "--fixed-list-mode"])
            read(listing?.stdout.text ?? "")
            readGroups(Disk.read(home + "/gpg.conf")?.text ?? "")
        }
    }

    /// The long key ids that a file may name for one line of `.gpg-id`: several if the line is
    /// ambiguous, none if no key fits.
    func keyIDs(for recipient: String) -> Set<String> {
        var result: Set<String> = []
        for name in groups[recipient] ?? [recipient] {
            let exact = name.hasSuffix("!")
            let wanted = exact ? String(name.dropLast()) : name
            for candidate in candidates {
                if exact {
                    let named = candidate.subkeys.filter { matches(wanted, $0.fingerprint) }
                    result.formUnion(named.map(\.id))
                } else if matches(wanted, candidate) {
                    result.formUnion(chosen(candidate))
                }
            }
        }
        return result
    }

    /// The key ids that gpg would choose today, or every one when none is valid any more.
    private func chosen(_ candidate: Candidate) -> [String] {
        if let newest = candidate.subkeys.last(where: \.isValid) { return [newest.id] }
        if candidate.primaryCanEncrypt { return [String(candidate.fingerprint.suffix(16))] }
        return candidate.subkeys.map(\.id)
    }

    private func matches(_ wanted: String, _ candidate: Candidate) -> Bool {
        if ([candidate.fingerprint] + candidate.subkeys.map(\.fingerprint))
            .contains(where: { matches(wanted, $0) })
        {
            return true
        }
        let text = wanted.lowercased()
        return candidate.userIDs.contains { userID in
            let userID = userID.lowercased()
            return text.hasPrefix("=") ? userID == text.dropFirst() : userID.contains(text)
        }
    }

    private func matches(_ wanted: String, _ fingerprint: String) -> Bool {
        var digits = wanted.uppercased()
        if digits.hasPrefix("0X") { digits.removeFirst(2) }
        return [8, 16, 40].contains(digits.count) && fingerprint.hasSuffix(digits)
    }

    private mutating func read(_ listing: String) {
        var isSubkey = false
        for line in listing.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(
                String.init)
            guard fields.count > 11 || fields[0] == "fpr" else { continue }
            switch fields[0] {
            case "pub":
                isSubkey = false
                candidates.append(Candidate(primaryCanEncrypt: fields[11].contains("e")))
            case "sub":
                isSubkey = true
                guard fields[11].contains("e") else { continue }
                let isValid = !["i", "d", "r", "e"].contains(fields[1])
                candidates[candidates.count - 1].subkeys.append((fields[4], "", isValid))
            case "fpr" where isSubkey:
                let last = candidates.count - 1
                let index = candidates[last].subkeys.firstIndex { fields[9].hasSuffix($0.id) }
                if let index { candidates[last].subkeys[index].fingerprint = fields[9] }
            case "fpr": candidates[candidates.count - 1].fingerprint = fields[9]
            case "uid":
                // Listings escape colons and backslashes as \x3a; test keys have neither.
                candidates[candidates.count - 1].userIDs.append(fields[9])
            default: continue
            }
        }
    }

    private mutating func readGroups(_ settings: String) {
        for line in settings.split(separator: "\n") where line.hasPrefix("group ") {
            let parts = line.dropFirst(6).split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = parts[0].trimmingCharacters(in: .whitespaces)
            groups[name, default: []] += parts[1].split(separator: " ").map(String.init)
        }
    }
}
