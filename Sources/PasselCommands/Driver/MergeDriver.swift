import Glibc
import PasselCore
import PasselPosix
import PasselStore

/// What git runs to merge a file that both sides changed: `--merge-driver BASE OURS THEIRS NAME`.
///
/// The files are git's own copies; what comes of it goes into OURS. Status 1 makes git leave a
/// conflict, with our version in the work tree.
struct MergeDriver {
    let session: Session

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        guard arguments.count == 4 else {
            throw OptionProblem(
                usage: "Usage: \(session.program) --merge-driver BASE OURS THEIRS NAME")
        }
        let (base, ours, theirs) = (Path(arguments[0]), Path(arguments[1]), Path(arguments[2]))
        let name = arguments[3]
        let reason: Text
        do {
            let outcome = try FileMerge(try GitCaller(session: session).store(), name: name).merge(
                base: Files.read(base), ours: Files.read(ours), theirs: Files.read(theirs))
            switch outcome {
            case .merged(let content):
                try write(content, ours)
                return 0
            case .conflict(let why): reason = why
            }
        } catch let problem as Problem {
            reason = problem.message
        }
        session.warn(
            Problem(
                "\(Path(name)): \(reason); both versions are kept by git",
                hints: ["keep both as entries: \(session.program) sync --finish"]))
        return 1
    }

    /// Ciphertext into git's copy, in one go.
    private func write(_ content: [UInt8], _ file: Path) throws {
        let temporary = try Scratch.file(in: file.parent, content: content, flushed: false)
        guard temporary.withCString({ old in file.withCString { rename(old, $0) } }) == 0 else {
            Scratch.remove(temporary)
            throw SystemError("write", file)
        }
    }
}
