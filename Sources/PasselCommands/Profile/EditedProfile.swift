import PasselCore
import PasselPosix
import PasselStore

/// A profile that is shown or changed: one of the store, or the project's own.
struct EditedProfile {
    /// What stands for the project's own.
    static let project: Text = "."
    static let name = Operand(
        "NAME", .profile, "the profile; . is the project's own .env.passel")

    /// Where it is, or is to be.
    let file: Path
    /// Its file below the store's top; nothing for the project's own.
    private let stored: Path?
    private let name: Text
    private let session: Session

    init(_ name: Text, _ session: Session) throws {
        self.name = name
        self.session = session
        if name == Self.project {
            stored = nil
            file =
                try ProfileFiles(session: session).nearest()?.file
                ?? Files.currentFolder() / Profile.projectFile
        } else {
            guard let relative = Profile.file(name) else {
                throw Problem("\(ShellWord.text(name.bytes)) cannot be the name of a profile")
            }
            stored = relative
            file = session.store.path(relative)
        }
    }

    /// What it says.
    ///
    /// - Throws: a `Problem` when there is none.
    func content() throws -> Profile {
        let files = ProfileFiles(session: session)
        guard stored == nil else { return try files.named(name).content }
        guard let own = try files.nearest() else {
            throw Problem(
                "there is no \(Profile.projectFile) here or above",
                hints: ["\(session.program) profile set . VAR=REF"])
        }
        return own.content
    }

    /// Puts in its place what `edit` makes of it; nothing stands for none.
    func change(subject: Text, _ edit: (Secret?) throws -> Secret?) throws {
        if let stored {
            return try session.store.changeProfile(at: stored, subject: subject, edit)
        }
        let present = try Files.readIfPresent(file, limit: 1 << 20)
        let wanted = try edit(present.map { $0.withUnsafeBytes { Secret(copying: $0) } })
        guard let wanted else { return Scratch.remove(file) }
        try PrivateFile.replace(file, by: wanted.exposedBytes)
    }
}

extension ValueKind<Text> {
    /// A profile of the store, or the project's own.
    static var profile: ValueKind {
        ValueKind(
            placeholder: "NAME", expected: "the name of a profile", candidates: .profiles
        ) { $0.isEmpty ? nil : Text($0) }
    }
}
