import Glibc
import PasselCore
import PasselPosix
import PasselStore

/// What happens around a command because of `passel.autosync`.
struct Autosyncing {
    let session: Session

    /// The word by which the program calls itself in the background; pass has none like it.
    static let word = "--autosync"

    /// Says that the last sync in the background failed: once, and only to somebody who looks.
    func tellFailure() {
        // The store itself is not opened before its command has set it up.
        guard session.output.errorIsTerminal, let state = session.settings.state else { return }
        let folder = StateFolder(state, store: session.settings.store)
        guard let problem = BackgroundFailure(folder, now: session.now).untold() else { return }
        session.warn(problem)
    }

    /// Begins a sync in the background if this run committed anything and the user wants that.
    func start(after word: [UInt8]) {
        guard let store = session.openedStore, store.hasCommitted,
            ![Self.word, "sync", "clone"].contains(where: { $0.utf8.elementsEqual(word) }),
            BackgroundSync.wanted(of: store) != .off
        else { return }
        var child = ChildProcess(
            "/proc/self/exe", [Self.word], environment: session.settings.environment)
        child.name = session.program
        child.output = .discarded
        child.error = .discarded
        child.detached = true
        // Nobody is there to answer, so nobody is asked.
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "SSH_ASKPASS", "GIT_ASKPASS"] {
            child.environment[name] = nil
        }
        child.environment["GPG_TTY"] = "not a tty".bytes
        child.environment["GIT_TERMINAL_PROMPT"] = "0".bytes
        child.environment["SSH_ASKPASS_REQUIRE"] = "never".bytes
        do {
            try child.start()
        } catch {
            session.warn(
                Problem("cannot sync in the background", hints: ["\(session.program) sync"]))
        }
    }

    /// What runs in the background.
    func run() -> Int32 {
        // However long a server takes: an end is certain, and a killed sync is none that hurts.
        alarm(900)
        BackgroundSync(of: session.store)?.run()
        return 0
    }
}
