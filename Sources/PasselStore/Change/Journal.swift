import PasselCore
import PasselGit
import PasselPosix

/// What a change is about to do, written down before it is done, so that the next run can finish
/// it.
///
/// Fields end in NUL, which no path contains. The journal lies where the change's temporary files
/// do: in git's folder of the store, or at the store's top where there is no git.
struct Journal {
    /// A commit that belongs to the change.
    struct Commit {
        let workTree: Path
        let id: GitID
        let parent: GitID?
    }

    /// A step, with the id (`GitID(ofFile:)`) of what was at its path before; nothing was there
    /// without one.
    struct Step {
        enum Kind {
            case place(temporary: Path)
            /// With it go the folders that become empty, if so wanted.
            case remove(withFolders: Bool)
            case move(from: Path)
            case link(target: [UInt8])
        }
        let kind: Kind
        let path: Path
        let before: GitID?
    }

    var commits: [Commit] = []
    var steps: [Step] = []

    static let name: Path = "passel-journal"

    /// Writes the journal into `folder` so that it is there wholly or not at all.
    ///
    /// Paths are made absolute: who finishes the change may stand elsewhere.
    func write(in folder: Path) throws {
        let here = Files.currentFolder()
        func absolute(_ path: Path) -> [UInt8] { (path.isAbsolute ? path : here / path).bytes }
        var fields: [[UInt8]] = [Self.header]
        for commit in commits {
            fields += [
                [UInt8(ascii: "C")], commit.workTree.bytes, Array(commit.id.hex.utf8),
                commit.parent.map { Array($0.hex.utf8) } ?? [],
            ]
        }
        for step in steps {
            let (letter, detail): (UInt8, [UInt8]) =
                switch step.kind {
                case .place(let temporary): (UInt8(ascii: "W"), absolute(temporary))
                case .remove(let withFolders):
                    (UInt8(ascii: "R"), withFolders ? Self.withFolders : [])
                case .move(let from): (UInt8(ascii: "M"), absolute(from))
                case .link(let target): (UInt8(ascii: "L"), target)
                }
            fields += [
                [letter], absolute(step.path), detail, step.before.map { Array($0.hex.utf8) } ?? [],
            ]
        }
        let temporary = try Scratch.file(in: folder, content: fields.flatMap { $0 + [0] })
        try DurableFile.rename(temporary, to: folder / Self.name)
    }

    /// The journal in `folder`; nothing when there is none, or when it is not one of ours.
    static func read(in folder: Path) throws -> Journal? {
        guard let content = try Files.readIfPresent(folder / name) else { return nil }
        var fields = content.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)[
            ...]
        guard fields.popFirst() == header else { return nil }
        var journal = Journal()
        while fields.count >= 4 {
            let (letter, path, detail, id) = (
                fields.removeFirst(), Path(fields.removeFirst()), fields.removeFirst(),
                fields.removeFirst()
            )
            switch letter {
            case [UInt8(ascii: "C")]:
                guard let commit = GitID(hex: detail) else { return nil }
                journal.commits.append(Commit(workTree: path, id: commit, parent: GitID(hex: id)))
            case [UInt8(ascii: "W")]:
                journal.add(.place(temporary: Path(detail)), path, id)
            case [UInt8(ascii: "R")]:
                journal.add(.remove(withFolders: detail == withFolders), path, id)
            case [UInt8(ascii: "M")]: journal.add(.move(from: Path(detail)), path, id)
            case [UInt8(ascii: "L")]: journal.add(.link(target: detail), path, id)
            default: return nil
            }
        }
        return journal
    }

    private mutating func add(_ kind: Step.Kind, _ path: Path, _ before: [UInt8]) {
        steps.append(Step(kind: kind, path: path, before: GitID(hex: before)))
    }

    private static let withFolders = Array("folders".utf8)
    private static let header = Array("passel-journal 1".utf8)
}
