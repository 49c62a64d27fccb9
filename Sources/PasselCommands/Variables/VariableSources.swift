import Glibc
import PasselCore
import PasselPosix
import PasselStore

/// Where the variables of `run` and `env` come from, as far as both take the same options.
struct VariableSources {
    static let file = ListOption(
        "env-file", letter: "e", .file, "variables of a dotenv file, whose values may be references"
    )
    static let from = ListOption(
        "from", .entryOrFolder, "an entry, or every entry below a folder, under its own name")
    static let profile = Option(
        "profile", letter: "p", .profile, "variables of the store's .passel/profiles/NAME")
    static let force = Flag(
        "force", letter: "f", "also set variables that change how programs run")

    let session: Session
    let arguments: Arguments

    /// The variables that were asked for, and the files that say so.
    ///
    /// With no source named, those of the nearest `.env.passel`. Of two sources the later counts:
    /// profile, files, `--from`, pairs.
    ///
    /// - Parameters:
    ///   - pairs: what was given one by one.
    ///   - others: whether something else is asked for, which is a source, too.
    func wanted(_ pairs: [Binding], others: Bool = false) throws -> (WantedVariables, files: [Path])
    {
        var wanted = WantedVariables()
        var files: [Path] = []
        let isNamed =
            others || !pairs.isEmpty || arguments[Self.profile] != nil
            || !arguments[Self.file].isEmpty || !arguments[Self.from].isEmpty
        let profiles = ProfileFiles(session: session)
        if let name = arguments[Self.profile] {
            let profile = try profiles.named(name)
            files.append(profile.file)
            try wanted.set(profile.content.bindings)
        } else if !isNamed {
            guard let profile = try profiles.nearest() else {
                throw arguments.problem(
                    "say which variables, or write them into \(Profile.projectFile)")
            }
            files.append(profile.file)
            try wanted.set(profile.content.bindings)
        }
        for file in arguments[Self.file] {
            try add(file, to: &wanted)
            files.append(file)
        }
        for name in arguments[Self.from] {
            // Nobody means the old version of a conflict or of a rotation by the name of a folder.
            try wanted.set(
                KeptEntry.leavingOut(session.store.entryNames(below: name))
                    .map { Binding(nil, Reference($0)) })
        }
        try wanted.set(pairs)
        try wanted.refuseDangerous(arguments, isForced: arguments[Self.force])
        return (wanted, files)
    }

    /// A file's values are references, have references between braces, or stand for themselves.
    private func add(_ file: Path, to wanted: inout WantedVariables) throws {
        let source = try Files.readSecret(file)
        for line in try DotenvFile.read(source, file, Dotenv.assignments(in:)) {
            if line.value.withBytes({ $0.starts(with: Reference.scheme) }) {
                guard let reference = line.value.withBytes(Reference.init(marked:)) else {
                    throw Problem("\(file):\(line.line): \(line.name.text) refers to no entry")
                }
                wanted.set(line.name, to: .reference(reference))
                continue
            }
            do {
                let template = try Template(line.value)
                wanted.set(
                    line.name,
                    to: template.references.isEmpty ? .plain(line.value) : .template(template))
            } catch {
                throw Problem("\(file):\(line.line): \(error.reason)")
            }
        }
    }
}

/// Files of assignments, with their names in what is told of them.
enum DotenvFile {
    /// What `read` makes of a file's content.
    ///
    /// - Throws: a `Problem` with the file's name and the number of the line.
    static func read<R>(
        _ content: Secret, _ file: Path, _ read: (Secret) throws(Dotenv.Flaw) -> R
    ) throws -> R {
        do {
            return try read(content)
        } catch {
            throw Problem("\(file):\(error.line): \(error.reason)")
        }
    }
}
