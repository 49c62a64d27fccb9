import PasselCore
import PasselStore

/// `doctor`: whether what the store rests on is as it should be.
struct Doctor: Command {
    static let word = "doctor"
    static let summary = "check the programs, keys and settings that the store rests on"
    static let discussion = """
        gpg with its agent and pinentry, your keys, git and the remotes, releases with known flaws, \
        who else may get at folders, clipboard, completion, direnv, swap, terminal and clock. \
        Nothing is decrypted and nobody is asked over a network. Ends with 4 when something needs \
        attention; what is only advice, or cannot be told, does not count.

        With --exposure it says instead what anybody can see who has a copy of the repository and \
        no key.
        """
    static let parameters: [any Parameter] = [exposure, Flag.json]
    private static let exposure = Flag("exposure", "what a copy of the repository tells")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        if arguments[Self.exposure] {
            let exposure = try session.store.exposure()
            if arguments[Flag.json] {
                session.output.json(exposure.json)
            } else {
                ExposureReport(exposure).print(session)
            }
            return .done
        }
        let findings = MachineProbe(session: session).facts().findings
        let needsAttention = findings.contains { $0.state == .attention }
        if arguments[Flag.json] {
            session.output.json([
                "attention": .bool(needsAttention), "findings": .array(findings.map(\.json)),
            ])
        } else {
            print(findings)
        }
        return needsAttention ? .needsAttention : .done
    }

    private func print(_ findings: [Finding]) {
        var table = Table("WHAT", "WHICH", "STATE", "FOUND")
        for finding in findings {
            table.add(
                Styled(Text(finding.subject.rawValue.utf8)), Styled(finding.name),
                Styled(Text(finding.state.rawValue.utf8), finding.state.look),
                Styled(finding.text))
        }
        table.print(session)
        // First what matters most.
        var told: Set<Text> = []
        for state in [Finding.State.attention, .advice, .unknown] {
            for finding in findings where finding.state == state {
                for hint in finding.hints where told.insert(hint).inserted {
                    session.hint("\(finding.subject.rawValue): \(hint)")
                }
            }
        }
        let count = findings.count { $0.state == .attention }
        session.output.error(
            count == 0 ? "nothing needs attention" : "\(count) to be looked at")
    }
}

extension Finding.State {
    fileprivate var look: Look? {
        switch self {
        case .ok: .good
        case .advice: .warning
        case .unknown: .faint
        case .attention: .bad
        }
    }
}

extension Finding {
    fileprivate var json: JSON {
        [
            "what": .string(Text(subject.rawValue.utf8)),
            "which": name.bytes.isEmpty ? .null : .string(name),
            "state": .string(Text(state.rawValue.utf8)),
            "found": .string(text),
            "hints": .array(hints.map { .string($0) }),
        ]
    }
}
