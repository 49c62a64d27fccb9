/// Rules for the names that users give to entries and folders.
public enum EntryName {
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
    /// git's own folder, whatever the case of its letters (file systems may not tell them apart).
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
        let longest = 255 - suffix.utf8.count
        guard path.components.allSatisfy({ $0.count <= longest }) else {
            throw Problem(
                "\(path): a part of the name is longer than \(longest) bytes",
                hints: ["choose a shorter name"])
        }
    }
}
