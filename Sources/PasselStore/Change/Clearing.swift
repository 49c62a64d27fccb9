import PasselCore
import PasselPosix

/// Removal of what changes left over that goes on while something else is done.
///
/// It needs no lock: nobody else uses these names, and what is left of them when the process is
/// killed goes with the next change.
final class Clearing {
    private var running: [Pending<Void>] = []

    func begin(_ leftOver: [Path]) {
        running.append(Parallel.begin { Staged.clear(leftOver) })
    }

    func wait() {
        for pending in running { pending.value() }
        running = []
    }
}
