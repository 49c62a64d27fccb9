/// Rules for the names that users give to entries and folders.
public enum EntryName {
    /// The folders at the top of a store that hold the team's files and keys, and no entry.
    private static let ownFolders = [".passel", ".public-keys"]

    /// The suffix of an entry's file.
    public static let suffix = ".gpg"

    /// Refuses a path with a component that is exactly `..`.
    ///
    /// Purely textual, as in pass: `.`, `...` and `..x` are ordinary names.
    ///
    /// - Throws: pass's own message.
    public static func refuseSneaky(_ path: Path) throws {
        guard !path.components.contains(Array("..".utf8)) else {
            throw Problem.pass(
                "Error: You've attempted to pass a sneaky path to pass. Go home.")
        }
    }

    /// Refuses a name under which nothing may be stored: an empty one, and one that reaches into
    /// git's own folder or, from the top of the store, into one of ours, whatever the case of its
    /// letters (file systems may not tell them apart).
    ///
    /// `.git~1` and the like never reach here: Linux file systems have no short names.
    public static func refuseUnstorable(_ path: Path) throws {
        guard !path.components.isEmpty else {
            throw Problem("the entry needs a name", hints: ["give a name such as web/example.org"])
        }
        let reserved = path.components.contains { $0.map(\.asciiLowercased) == Array(".git".utf8) }
        guard !reserved else {
            throw Problem(
                "\(path) lies in git's own folder",
                hints: ["choose a name without a component called .git"])
        }
        let top = path.components.first { !$0.elementsEqual(".".utf8) }.map {
            $0.map(\.asciiLowercased)
        }
        if let own = ownFolders.first(where: { top == Array($0.utf8) }) {
            throw Problem(
                "\(path) lies in \(own), where the team's own files are",
                hints: ["choose a name that does not start with \(own)/"])
        }
        let longest = 255 - suffix.utf8.count
        guard path.components.allSatisfy({ $0.count <= longest }) else {
            throw Problem(
                "\(path): a part of the name is longer than \(longest) bytes",
                hints: ["choose a shorter name"])
        }
    }
}
