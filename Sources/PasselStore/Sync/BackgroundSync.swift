import Glibc
import PasselCore
import PasselPosix

/// A sync that nobody waits for, after a command that changed the store.
///
/// One runs at a time. While one runs, one more waits to take along what was committed since; any
/// others have nothing to do.
public struct BackgroundSync {
    private let store: Store
    private let folder: StateFolder

    /// The background sync of a store; nothing where this machine can keep no state.
    public init?(of store: Store) {
        guard let folder = store.storedPins?.folder else { return nil }
        self.store = store
        self.folder = folder
    }

    private static let queue: Path = "autosync.queue"

    /// What the configuration wants; what is wrong with it is told where it matters more.
    public static func wanted(of store: Store) -> Autosync {
        (try? store.settings.configuration.autosync) ?? .off
    }

    /// Does it, once no other one is at it.
    public func run() {
        let wanted = Self.wanted(of: store)
        guard wanted != .off else { return }
        let queue = StateFolder(at: folder.file(Self.queue))
        // Without the folder there is nobody to tell either.
        guard (try? queue.make()) != nil, let place = FileLock.ifFree(queue.path),
            let turn = try? FileLock.acquire(folder.path, patience: 600, waiting: {})
        else { return }
        place.release()
        sync(wanted)
        withExtendedLifetime(turn) {}
    }

    private var failure: BackgroundFailure {
        BackgroundFailure(folder, now: store.settings.now())
    }

    private func sync(_ wanted: Autosync) {
        var request = SyncRequest()
        request.isInBackground = true
        request.pushes = wanted == .full
        do {
            let report = try store.sync(request)
            guard report.needsPerson else { return failure.forget() }
            let failed = report.remotes.filter { $0.state != .done }.map { remote in
                "\(remote.name): \(remote.problem?.message ?? "what it has is refused")" as Text
            }
            failure.note(failed.isEmpty ? "something needs you" : failed.joined(separator: "; "))
        } catch {
            failure.note(Problem(ofRemote: error)?.message ?? "it failed")
        }
    }
}
