import PasselCore
import PasselGit
import PasselPosix

/// What tells git to leave the merging and showing of a store's files to us.
struct Attributes {
    /// The line of `.gitattributes`, which everybody gets; where nobody set up the driver, git
    /// merges as ever.
    static let shared: [Text] = ["*.gpg merge=passel"]
    /// The lines of `info/attributes`, for this clone: others may show entries by gpg, and what git
    /// would write into lists and rosters nobody could read.
    static let own: [Text] = [
        "*.gpg diff=passel", ".gpg-id merge=passel", "**/.passel/** merge=passel",
        "**/.public-keys/** merge=passel",
    ]

    /// The content with these lines at its end, as far as they are not in it.
    static func adding(_ lines: [Text], to content: [UInt8]) -> [UInt8] {
        let known = Set(content.split(separator: .newline).map(Array.init))
        let missing = lines.filter { !known.contains($0.bytes) }
        guard !missing.isEmpty else { return content }
        let isEnded = content.isEmpty || content.last == .newline
        return content + (isEnded ? [] : [.newline]) + missing.flatMap { $0.bytes + [.newline] }
    }

    /// The content without these lines.
    static func removing(_ lines: [Text], from content: [UInt8]) -> [UInt8] {
        let gone = Set(lines.map(\.bytes))
        let kept = content.split(separator: .newline, omittingEmptySubsequences: false)
        return Array(kept.filter { !gone.contains(Array($0)) }.joined(separator: [.newline]))
    }
}

extension Store {
    /// Tells git to merge and show the store's files by this program, or not to any more.
    ///
    /// The repository's own configuration and attributes, and `.gitattributes` in one commit. Safe
    /// to repeat; returns whether anything changed.
    ///
    /// - Throws: a `Problem` when the store has no history.
    public func setUpGit(removing isRemoved: Bool = false) throws -> Bool {
        try exclusively {
            guard let repository = try repository(around: root) else {
                throw Problem(
                    "the store has no history yet", hints: ["begin one: passel git init"])
            }
            var isChanged = false
            let settings: [(key: Text, value: Text)] = [
                ("merge.passel.name", "entries by their fields, lists as sets"),
                ("merge.passel.driver", "passel --merge-driver %O %A %B %P"),
                ("diff.passel.textconv", "passel --textconv"),
            ]
            for (key, value) in settings {
                let now = repository.configuration(key.description)
                let wanted: [UInt8]? = isRemoved ? nil : value.bytes
                guard now != wanted else { continue }
                try repository.setConfiguration(key, isRemoved ? nil : value)
                isChanged = true
            }
            let own = repository.commonFolder / "info/attributes"
            isChanged = try change(own, Attributes.own, isRemoved) || isChanged
            let file = root / ".gitattributes"
            let content = try Files.readIfPresent(file) ?? []
            let wanted =
                isRemoved
                ? Attributes.removing(Attributes.shared, from: content)
                : Attributes.adding(Attributes.shared, to: content)
            guard wanted != content else { return isChanged }
            try Change(
                store: self,
                steps: [wanted.isEmpty ? .remove(file) : .write(file, wanted, mode: .kept)],
                subject: { _ in
                    isRemoved
                        ? "Let git merge the store's files." : "Let passel merge the store's files."
                }
            ).perform()
            return true
        }
    }

    private func change(_ file: Path, _ lines: [Text], _ isRemoved: Bool) throws -> Bool {
        let content = try Files.readIfPresent(file) ?? []
        let wanted =
            isRemoved
            ? Attributes.removing(lines, from: content) : Attributes.adding(lines, to: content)
        guard wanted != content else { return false }
        _ = try DurableFile.makeFolder(file.parent)
        let temporary = try Scratch.file(in: file.parent, content: wanted, mode: 0o644)
        try DurableFile.rename(temporary, to: file)
        return true
    }
}
