import PasselCore

/// One step of a change to the store's files.
enum FileChange {
    /// Which permissions a written file gets.
    enum Mode {
        /// Those of the file it replaces; of a new file what the umask leaves.
        case kept
        /// Those of a new file.
        case fresh
    }

    /// The file has these bytes.
    case write(Path, [UInt8], mode: Mode)
    /// The file or link is gone.
    case remove(Path)
    /// What was at the first path, folder or file, is at the second.
    case move(Path, Path)
    /// What is at the path stays as it is, but becomes part of the commit.
    case record(Path)
    /// There is a symbolic link with this target.
    case link(Path, target: [UInt8])

    /// Whether something is only gone afterwards.
    var isRemoval: Bool {
        if case .remove = self { true } else { false }
    }

    /// The path that is different afterwards.
    var path: Path {
        switch self {
        case .write(let path, _, _), .remove(let path), .move(_, let path), .link(let path, _),
            .record(let path):
            path
        }
    }
}
