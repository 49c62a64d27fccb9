import Glibc
import PasselPosix
import Synchronization
import Testing

@Suite struct ParallelTests {
    @Test func `what was begun gives its result, as often as it is asked for`() {
        let pending = Parallel.begin { 6 * 7 }
        #expect(pending.value() == 42)
        #expect(pending.value() == 42)
    }

    @Test func `what was begun goes on while something else is done`() {
        let gate = Gate()
        let pending = Parallel.begin {
            while !gate.isOpen.load(ordering: .acquiring) {}
            return "done"
        }
        // It would never end if it were not for what follows.
        gate.isOpen.store(true, ordering: .releasing)
        #expect(pending.value() == "done")
    }

    @Test func `nobody has to wait for what was begun`() {
        for _ in 0..<100 { _ = Parallel.begin { 1 } }
    }

    @Test(arguments: [0, 1, 2, 3, 200], [1, 2, 4])
    func `results are in the order of the items`(count: Int, width: Int) {
        let items = Array(0..<count)
        #expect(Parallel.map(items, width: width) { $0 * $0 } == items.map { $0 * $0 })
    }

    @Test func `so many run at once and no more`() {
        let running = Mutex((now: 0, most: 0))
        let results = Parallel.map(Array(0..<12), width: 3) { item in
            running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            usleep(20_000)
            running.withLock { $0.now -= 1 }
            return item
        }
        #expect(results == Array(0..<12))
        #expect((2...3).contains(running.withLock { $0.most }))
    }
}

private final class Gate: Sendable {
    let isOpen = Atomic(false)
}
