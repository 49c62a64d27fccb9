import PasselCore
import PasselPosix

/// `setup shell`: what to put into a shell's start file.
struct SetupShell: Command {
    static let word = "shell"
    static let summary = "print lines for a shell's start file: completion and prompt"
    static let discussion = """
        For bash and zsh: eval "$(passel setup shell)"; for fish: passel setup shell | source. The \
        prompt then begins with the number of tokens that end soon, if there are any.
        """
    static let parameters: [any Parameter] = [shell, noPrompt]
    private static let shell = OptionalOperand(
        "SHELL", .choice(Shell.self, "SHELL"), "which one; without it, the one in $SHELL")
    private static let noPrompt = Flag("no-prompt", "leave the prompt as it is")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let usual = session.settings.environment["SHELL"].map { Path($0).name } ?? []
        guard
            let shell = arguments[Self.shell]
                ?? Shell.allCases.first(where: { $0.rawValue.utf8.elementsEqual(usual) })
        else {
            throw arguments.problem("say for which shell: bash, zsh or fish")
        }
        if let file = shell.installedCompletion {
            session.output.line(shell.completing(file))
        } else {
            session.output.line(
                "# The completions of passel are not beside it; make install puts them there.")
        }
        if !arguments[Self.noPrompt] { session.output.line(Text(shell.prompt.utf8)) }
        return .done
    }
}

/// A shell that somebody types into.
enum Shell: String, CaseIterable {
    case bash, zsh, fish

    /// The file of completions that was installed with the program.
    var installedCompletion: Path? {
        guard let program = Files.resolved("/proc/self/exe") else { return nil }
        let file = program.parent.parent / completionFile
        return FileStatus.isFile(file) ? file : nil
    }

    /// The file below the home folder that it reads when somebody is to type into it.
    var startFile: Path {
        switch self {
        case .bash: ".bashrc"
        case .zsh: ".zshrc"
        case .fish: ".config/fish/config.fish"
        }
    }

    /// Where `make install` puts its completions, below the prefix.
    var completionFile: Path {
        switch self {
        case .bash: "share/bash-completion/completions/passel"
        case .zsh: "share/zsh/site-functions/_passel"
        case .fish: "share/fish/vendor_completions.d/passel.fish"
        }
    }

    /// The line that reads the completions.
    func completing(_ file: Path) -> Text {
        let word = ShellWord.text(file.bytes)
        return switch self {
        case .bash, .fish: "source \(word)"
        // compinit may have run before, or may run later.
        case .zsh:
            """
            fpath=(\(ShellWord.text(file.parent.bytes)) $fpath)
            autoload -Uz _passel
            (( $+functions[compdef] )) && compdef _passel passel
            """
        }
    }

    /// The lines that change the prompt, once however often they are read.
    var prompt: String {
        switch self {
        case .bash:
            """
            _passel_prompt() {
              local due
              due="$(passel due --prompt 2>/dev/null)" && [ -n "$due" ] && printf '[%s] ' "$due"
            }
            case $PS1 in
            *_passel_prompt*) ;;
            *) PS1='$(_passel_prompt)'"$PS1" ;;
            esac
            """
        case .zsh:
            """
            _passel_prompt() {
              local due
              due="$(passel due --prompt 2>/dev/null)" && [[ -n $due ]] && print -rn -- "[$due] "
            }
            setopt prompt_subst
            [[ $PROMPT = *_passel_prompt* ]] || PROMPT='$(_passel_prompt)'"$PROMPT"
            """
        case .fish:
            """
            if not functions -q _passel_fish_prompt
                functions -c fish_prompt _passel_fish_prompt
                function fish_prompt
                    set -l due (passel due --prompt 2>/dev/null)
                    test -n "$due"; and printf '[%s] ' $due
                    _passel_fish_prompt
                end
            end
            """
        }
    }
}
