import PasselCore
import PasselGPG
import PasselStore

/// `lock`: nothing of the store can be read any more without the passphrase.
struct Lock: Command {
    static let word = "lock"
    static let summary = "forget what was decrypted: the index and the agent's passphrases"
    static let discussion = """
        The index is removed, and gpg-agent forgets every passphrase that it keeps, also those \
        of other programs. What is on a clipboard stays there. A card stays unlocked until it is \
        taken out.
        """
    static let parameters: [any Parameter] = [Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let wasThere = try session.store.clearIndex()
        let forgot = session.gpg.forgetPassphrases()
        if arguments[Flag.json] {
            session.output.json(["cleared": .bool(wasThere), "agent": .bool(forgot)])
        } else {
            session.output.line(wasThere ? "the index is gone" : "there was no index")
            if forgot { session.output.line("gpg-agent has forgotten its passphrases") }
        }
        guard forgot else {
            session.warn(
                Problem(
                    "gpg-agent was not told to forget its passphrases",
                    hints: ["tell it: gpgconf --reload gpg-agent"]))
            return .inPart
        }
        return .done
    }
}
