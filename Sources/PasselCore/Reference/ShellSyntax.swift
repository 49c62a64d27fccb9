/// How variables are set in the language of a shell or another reader.
public enum ShellSyntax: String, CaseIterable, Sendable {
    /// bash, dash, ksh and every shell like them.
    case bash
    /// zsh.
    case zsh
    /// fish.
    case fish
    /// PowerShell.
    case pwsh
    /// One JSON object.
    case json
    /// A file as `Dotenv` writes it.
    case dotenv
    /// A step of GitHub Actions: its file of variables, and its masks.
    case github

    /// Why a value cannot be said.
    public enum Refusal: Error, Equatable {
        /// No environment can hold it.
        case nul
        /// The language is text.
        case notUTF8
        /// As `Dotenv` has it.
        case dotenv(Dotenv.Refusal)

        /// What is told of it.
        public var reason: Text {
            switch self {
            case .nul: "it has a NUL byte, which no variable can hold"
            case .notUTF8: "it is not UTF-8"
            case .dotenv(let refusal): refusal.reason
            }
        }
    }

    /// A value that cannot be said, and whose it is.
    public struct Unsayable: Error, Equatable {
        /// The variable.
        public let variable: VariableName
        /// Why.
        public let refusal: Refusal
    }

    /// The text that sets the variables, for `eval` or to be written to a file.
    ///
    /// - Parameter delimiter: a word that no value has a line of, for `github`.
    /// - Throws: `Unsayable` for the first value that the language cannot hold.
    public func setting(
        _ variables: [Variable], delimiter: [UInt8] = []
    ) throws(Unsayable) -> Secret {
        for variable in variables {
            if let refusal = refusal(of: variable.value) {
                throw Unsayable(variable: variable.name, refusal: refusal)
            }
        }
        if self == .json { return try object(variables) }
        var lines: [Secret] = []
        for variable in variables { lines.append(try line(variable, delimiter)) }
        return Secret(joining: lines)
    }

    /// The lines by which GitHub Actions leaves the values out of its logs: one for each line that
    /// is not blank, which is how it looks for them.
    public static func masks(_ variables: [Variable]) -> Secret {
        Secret(
            joining: variables.flatMap { variable in
                (1...).lazy.map { variable.value.line($0) }.prefix { $0 != nil }.compactMap(\.self)
                    .filter { line in line.withBytes { $0.contains { $0 > 0x20 } } }
                    .map { Secret("::add-mask::", $0.replacing(Escape.github), "\n") }
            })
    }

    private func refusal(of value: Secret) -> Refusal? {
        value.withBytes { bytes in
            if bytes.contains(0) { return .nul }
            switch self {
            case .bash, .zsh, .fish, .dotenv: return nil
            case .pwsh, .json, .github: return bytes.isUTF8 ? nil : .notUTF8
            }
        }
    }

    private func line(_ variable: Variable, _ delimiter: [UInt8]) throws(Unsayable) -> Secret {
        let name = variable.name.text
        let value = variable.value
        switch self {
        case .bash, .zsh: return Secret("export \(name)='", value.replacing(Escape.shell), "'\n")
        case .fish: return Secret("set -gx \(name) '", value.replacing(Escape.fish), "'\n")
        case .pwsh:
            return Secret("$env:\(name) = '", value.doublingQuotesOfPowerShell, "'\n")
        case .github:
            return Secret("\(name)<<\(delimiter)\n", value, "\n\(delimiter)\n")
        case .dotenv:
            do throws(Dotenv.Refusal) {
                return try Dotenv.line(variable.name, value)
            } catch {
                throw Unsayable(variable: variable.name, refusal: .dotenv(error))
            }
        case .json: return Secret("\"\(name)\": \"", value.replacing(Escape.json), "\"")
        }
    }

    private func object(_ variables: [Variable]) throws(Unsayable) -> Secret {
        var pieces: [Secret] = []
        for variable in variables {
            pieces.append(Secret(plain: pieces.isEmpty ? "{\n  " : ",\n  "))
            pieces.append(try line(variable, []))
        }
        return Secret(joining: pieces + [Secret(plain: variables.isEmpty ? "{}\n" : "\n}\n")])
    }
}
