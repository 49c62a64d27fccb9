import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@Suite struct FileLockTests {
    private let box: Sandbox
    private let folder: Path

    init() throws {
        box = try Sandbox()
        folder = Path(box.root + "/tmp")
    }

    /// A process that holds the lock until it is killed.
    private func holder() throws -> pid_t {
        let marker = box.root + "/held"
        var child = ChildProcess(
            "flock", [folder.repaired, "sh", "-c", "echo $$ > \(marker); exec sleep 3600"],
            environment: .current)
        child.output = .discarded
        try child.start()
        while true {
            if let text = Disk.read(marker)?.trimmed.text, let pid = pid_t(text) { return pid }
            usleep(5000)
        }
    }

    @Test func `a second holder gets it when the first lets go`() throws {
        var first: FileLock? = try FileLock.acquire(folder, patience: 0) {}
        let busy = try #require(throws: SystemError.self) {
            _ = try FileLock.acquire(folder, patience: 0) {}
        }
        #expect(busy.code == EWOULDBLOCK)
        withExtendedLifetime(first) {}
        first = nil
        _ = try FileLock.acquire(folder, patience: 0) {}
    }

    @Test func `a killed holder frees it, and waiting is told once`() async throws {
        let pid = try holder()
        defer { kill(pid, SIGKILL) }
        let folder = folder
        let told = try await Workbench.run {
            var told = 0
            let lock = try FileLock.acquire(folder, patience: 600) {
                told += 1
                kill(pid, SIGKILL)
            }
            withExtendedLifetime(lock) {}
            return told
        }
        #expect(told == 1)
    }

    @Test func `a child does not keep the lock of its parent`() throws {
        var lock: FileLock? = try FileLock.acquire(folder, patience: 0) {}
        let marker = box.root + "/started"
        var child = ChildProcess(
            "sh", ["-c", "echo $$ > \(marker); exec sleep 3600"], environment: .current)
        child.output = .discarded
        try child.start()
        while Disk.read(marker)?.isEmpty ?? true { usleep(5000) }
        defer { if let pid = pid_t(Disk.read(marker)?.trimmed.text ?? "") { kill(pid, SIGKILL) } }
        withExtendedLifetime(lock) {}
        lock = nil
        _ = try FileLock.acquire(folder, patience: 0) {}
    }

    @Test func `only a folder can be locked`() throws {
        try Disk.write("", to: folder.repaired + "/f")
        #expect(throws: SystemError.self) {
            _ = try FileLock.acquire(folder / "f", patience: 0) {}
        }
        #expect(throws: SystemError.self) {
            _ = try FileLock.acquire(folder / "none", patience: 0) {}
        }
    }
}
