import PasselCore
import PasselPosix
import PasselStore

/// `setup direnv`: lets an `.envrc` say `use passel`.
struct SetupDirenv: Command {
    static let word = "direnv"
    static let summary = "let an .envrc say use passel"
    static let discussion = """
        Writes lib/passel.sh into direnv's folder of settings. From then on an .envrc can have lines \
        such as "use passel ci/pypi" or "use passel --profile dev", with the arguments of "env"; \
        "use passel" alone takes the nearest .env.passel. Nothing secret is in a file, and direnv \
        loads anew when an entry has changed. direnv itself keeps what it has set in DIRENV_DIFF, \
        which every program gets that is started there.
        """
    static let parameters: [any Parameter] = [remove]
    private static let remove = Flag("remove", "undo it")

    /// The first line of what is ours.
    private static let mark = "# Written by passel setup direnv, which also takes it away: --remove"

    /// What direnv reads.
    ///
    /// Which files to watch is printed first, so a mistake in one that is there can be mended.
    static let library = """
        \(mark)
        use_passel() {
          local passel_lines passel_failed=
          passel_lines="$(passel env --shell=bash --direnv "$@")" || passel_failed=yes
          eval "$passel_lines"
          if [ -n "$passel_failed" ]; then
            log_error "use passel $*: no variable was set"
            return 1
          fi
        }

        """

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let file = try Self.place(session.settings.environment)
        let present = try Files.readIfPresent(file)
        if let present, !present.starts(with: Self.mark.utf8) {
            throw Problem(
                "\(file) is not passel's", hints: ["less \(ShellWord.text(file.bytes))"])
        }
        let isRemoving = arguments[Self.remove]
        guard isRemoving ? present != nil : present != Self.library.bytes else {
            session.output.error("nothing to be done")
            return .done
        }
        if isRemoving {
            Scratch.remove(file)
            session.output.error("removed: \(file)")
        } else {
            try PrivateFile.makeFolder(file.parent)
            try PrivateFile.replace(file, by: Self.library.bytes)
            session.output.error("written: \(file)")
        }
        return .done
    }

    /// A relative folder of settings is to be ignored: XDG Base Directory Specification.
    static func place(_ environment: ProcessEnvironment) throws -> Path {
        let given = environment["XDG_CONFIG_HOME"].map { Path($0) }.flatMap {
            $0.isAbsolute ? $0 : nil
        }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : Path($0) / ".config" }
        guard let folder = given ?? home else {
            throw Problem("there is no home folder", hints: ["export HOME=/home/YOU"])
        }
        return folder / "direnv/lib/passel.sh"
    }
}
