public import PasselCore
public import PasselGit
import PasselPosix

/// How the last exchange with each remote went, as this machine remembers it.
///
/// A file `remotes` in the state folder, one remote a line, texts percent-encoded:
///
///     passel remotes 1
///     remote NAME SUCCESS HEAD FAILURE MESSAGE
public struct RemoteStates: Sendable, Equatable {
    /// How it went with one remote.
    public struct State: Sendable, Equatable {
        /// The second of the last exchange that worked.
        public var success: Int64?
        /// What the remote had then.
        public var head: GitID?
        /// The second of the last exchange, if it failed.
        public var failure: Int64?
        /// Why.
        public var message: Text?

        /// Nothing known.
        public init() {}
    }

    /// What is known, by the remotes' names.
    public var states: [Text: State] = [:]

    /// Nothing known.
    public init() {}

    private static let file: Path = "remotes"
    private static let head = "passel remotes 1"

    /// What the state folder has; nothing is known where it has none, or one that is damaged.
    public init(in folder: StateFolder) throws {
        let content = try Files.readIfPresent(folder.file(Self.file)) ?? []
        var lines = content.split(separator: .newline)[...]
        guard lines.popFirst()?.elementsEqual(Self.head.utf8) == true else { return }
        for line in lines {
            let words = line.split(separator: 0x20)
            guard words.count == 6, words[0].elementsEqual("remote".utf8),
                let name = PercentEncoding.decode(words[1])
            else { continue }
            func number(_ word: ArraySlice<UInt8>) -> Int64? {
                Int64(String(decoding: word, as: UTF8.self))
            }
            var state = State()
            state.success = number(words[2])
            state.head = GitID(hex: words[3])
            state.failure = number(words[4])
            if state.failure != nil {
                state.message = PercentEncoding.decode(words[5]).map { Text($0) }
            }
            states[Text(name)] = state
        }
    }

    /// Writes it.
    public func save(in folder: StateFolder) throws {
        var lines: [Text] = [Text(Self.head.utf8)]
        for (name, state) in states.sorted(by: { $0.key.bytes.precedes($1.key.bytes) }) {
            let message = PercentEncoding.encode(state.message?.bytes ?? [])
            let fields: [Text] = [
                "remote", Text(PercentEncoding.encode(name.bytes)),
                Text((state.success.map(String.init) ?? "-").utf8),
                Text((state.head?.hex ?? "-").utf8),
                Text((state.failure.map(String.init) ?? "-").utf8),
                message.isEmpty ? "-" : Text(message),
            ]
            lines.append(fields.joined(separator: " "))
        }
        // For information only: what the next sync says again need not outlive a power cut.
        try folder.write(
            lines.flatMap { $0.bytes + [.newline] }, to: Self.file, durable: false)
    }
}

extension Store {
    /// How the last exchange with each remote went; nothing is known without a state folder.
    public func remoteStates() throws -> RemoteStates {
        guard let folder = storedPins?.folder else { return RemoteStates() }
        return try RemoteStates(in: folder)
    }
}
