import Glibc
import PasselCore
import PasselPosix
import PasselStore

/// Where profiles are: the project's own, and those of the store.
struct ProfileFiles {
    let session: Session

    /// The store's profile with this name.
    ///
    /// - Throws: a `Problem` when there is none.
    func named(_ name: Text) throws -> (file: Path, content: Profile) {
        guard let relative = Profile.file(name) else {
            throw Problem("\(ShellWord.text(name.bytes)) cannot be the name of a profile")
        }
        let file = session.store.path(relative)
        guard let content = try session.store.profile(at: relative) else {
            throw Problem(
                "there is no profile \(name)", hints: ["ls \(ShellWord.text(file.parent.bytes))"])
        }
        return (file, try read(content, file))
    }

    /// The nearest `.env.passel`, in the current folder or above it; nothing when there is none.
    ///
    /// The search ends at the home folder, and at the border of a file system.
    func nearest() throws -> (file: Path, content: Profile)? {
        var folder = Files.currentFolder()
        let home = session.settings.environment["HOME"].flatMap { Files.resolved(Path($0)) }
        guard let device = try FileStatus(of: folder)?.identity.device else { return nil }
        while true {
            let file = folder / Profile.projectFile
            if let status = try FileStatus(of: file), status.kind == .file {
                // Whoever else may write here must not choose what a program is given.
                guard [0, geteuid()].contains(status.owner) else {
                    throw Problem(
                        "\(file) belongs to somebody else, so it is not used",
                        hints: ["name the variables: --profile, --env-file or --from"])
                }
                return (file, try read(try Files.readSecret(file), file))
            }
            guard folder != home, folder.bytes != [.slash] else { return nil }
            folder = folder.parent
            guard try FileStatus(of: folder)?.identity.device == device else { return nil }
        }
    }

    private func read(_ content: Secret, _ file: Path) throws -> Profile {
        try DotenvFile.read(content, file, Profile.init)
    }
}
