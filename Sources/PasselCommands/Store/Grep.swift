import PasselCore
import PasselPosix
import PasselStore

/// `grep`: runs grep(1) over every entry's plaintext.
///
/// The exit status is 0 whatever it finds, as pass's is.
struct Grep {
    let session: Session
    let word: Text

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        guard !arguments.isEmpty else {
            throw OptionProblem(
                usage: "Usage: \(session.program) \(word) [GREPOPTIONS] search-string")
        }
        let store = session.store
        guard FileStatus.isFolder(store.root) else { return 0 }
        let search = Search(
            arguments: ["--color=always".bytes] + arguments,
            environment: session.settings.environment, forTerminal: session.output.isTerminal)
        var forOthers = 0
        do {
            try store.searchEntries({ search.run($1, $0) }) { name, found in
                switch found {
                case .success(.nothing): break
                case .success(.problem(let problem)): session.warn(problem)
                case .success(.match(let lines)): show(name, lines)
                // pass tells of each that gpg could not read.
                case .failure(.forOthers) where !session.isPass: forOthers += 1
                case .failure(let failure): session.warn(failure.problem.about(name))
                }
            }
        } catch let problem as Problem {
            // The others would ask for the same passphrase.
            session.warn(problem)
        }
        session.tell(forOthers: forOthers)
        return 0
    }

    private func show(_ name: Text, _ lines: Secret) {
        let path = Path(name.bytes)
        let output = session.output
        let shown = path.name
        let folder = Array(path.bytes.dropLast(shown.count))
        output.write(
            Text("\u{1b}[94m\(output.name(folder))\u{1b}[1m\(output.name(shown))\u{1b}[0m:\n").bytes
        )
        output.exact(lines)
        output.write([.newline])
    }
}

/// One grep over one entry; safe on any thread.
private struct Search: Sendable {
    let arguments: [[UInt8]]
    let environment: ProcessEnvironment
    let forTerminal: Bool

    enum Finding: Sendable {
        case nothing
        /// What grep printed, without the line ends after it.
        case match(Secret)
        case problem(Problem)
    }

    func run(_ plaintext: Secret, _ name: Text) -> Finding {
        do {
            var child = ChildProcess("grep", arguments, environment: environment)
            child.input = .secret(forTerminal ? harmless(plaintext) : plaintext)
            let outcome = try child.run()
            guard outcome.status == 0 else { return .nothing }
            let end = outcome.output.withBytes {
                $0.lastIndex { $0 != .newline }.map { $0 + 1 } ?? 0
            }
            return .match(outcome.output.slice(0..<end))
        } catch let error as SystemError {
            return .problem(error.problem)
        } catch {
            return .problem(Problem("\(name): cannot be searched"))
        }
    }

    /// grep's own colours must reach the terminal, so what could control it goes before grep sees
    /// it.
    private func harmless(_ plaintext: Secret) -> Secret {
        plaintext.withBytes { bytes in
            Secret(capacity: bytes.count * 8) { memory in
                var used = 0
                TerminalText.sanitise(bytes, keepingLines: true) { piece in
                    UnsafeMutableRawBufferPointer(rebasing: memory[used...]).copyMemory(from: piece)
                    used += piece.count
                }
                return used
            }
        }
    }
}
