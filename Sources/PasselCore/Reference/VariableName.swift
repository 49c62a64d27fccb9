/// The name of an environment variable: letters, digits and `_`, no digit first.
public struct VariableName: Sendable, Hashable {
    /// The name.
    public let bytes: [UInt8]

    /// The name that is spelled so; nothing for what no shell could set.
    public init?(_ spelling: some Sequence<UInt8>) {
        bytes = Array(spelling)
        guard let first = bytes.first, !first.isDigit, bytes.allSatisfy(Self.isAllowed) else {
            return nil
        }
    }

    /// The name for an entry's value: the last part of the entry's name in capitals, `_` for every
    /// byte that cannot be, and before a digit.
    public init(for entry: Path) {
        var name = entry.name.map { byte -> UInt8 in
            guard Self.isAllowed(byte) else { return UInt8(ascii: "_") }
            return (0x61...0x7a).contains(byte) ? byte - 0x20 : byte
        }
        if name.first?.isDigit != false { name.insert(UInt8(ascii: "_"), at: 0) }
        bytes = name
    }

    /// The name as part of a message.
    public var text: Text { Text(bytes) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte.isDigit || (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    // MARK: Names with a say in how programs run

    /// Whether its value tells the shell, the loader, git or an interpreter what to run or where
    /// everything is: who can write an entry must not get a say in that.
    public var changesHowProgramsRun: Bool {
        Self.names.contains { bytes.elementsEqual($0.utf8) }
            || Self.families.contains { bytes.starts(with: $0.utf8) }
    }

    private static let families = [
        "BASH_FUNC_", "DIRENV_", "DYLD_", "GIT_", "LD_", "MALLOC_", "PASSEL_", "PASSWORD_STORE_",
        "PERL5", "PYTHON",
    ]

    private static let names = [
        // What shells read, run, or keep for themselves.
        "BASHOPTS", "BASH_ENV", "CDPATH", "ENV", "EUID", "FPATH", "GLOBIGNORE", "HOME", "IFS",
        "OLDPWD", "PATH", "PPID", "PROMPT_COMMAND", "PS0", "PS1", "PS2", "PS3", "PS4", "PWD",
        "SHELL", "SHELLOPTS", "UID", "ZDOTDIR",
        // Programs that others start.
        "BROWSER", "EDITOR", "LESSCLOSE", "LESSOPEN", "MANPAGER", "PAGER", "SSH_ASKPASS",
        "SUDO_ASKPASS", "SUDO_EDITOR", "VISUAL",
        // Where the C library finds code and answers.
        "GCONV_PATH", "GLIBC_TUNABLES", "HOSTALIASES", "LOCALDOMAIN", "LOCPATH", "NLSPATH",
        "RESOLV_HOST_CONF", "RES_OPTIONS", "TMPDIR", "TZDIR",
        // Interpreters and tools that run what these name.
        "CLASSPATH", "GNUPGHOME", "GPG_AGENT_INFO", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS",
        "LUA_INIT", "LUA_PATH", "NODE_OPTIONS", "NODE_PATH", "PERLLIB", "PHPRC", "RUBYLIB",
        "RUBYOPT", "RUSTC_WRAPPER", "_JAVA_OPTIONS",
    ]
}
