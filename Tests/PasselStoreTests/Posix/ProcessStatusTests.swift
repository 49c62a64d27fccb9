import Glibc
import PasselPosix
import PasselTesting
import Testing

@Suite struct ProcessStatusTests {
    @Test func `who asks for the umask does not set it for other threads`() async throws {
        let sandbox = try Sandbox()
        let path = sandbox.root + "/file"
        let asking = Task.detached {
            while !Task.isCancelled { _ = ProcessStatus.creationMask() }
        }
        defer { asking.cancel() }
        var modes: Set<mode_t> = []
        for _ in 0..<2_000 {
            close(open(path, O_CREAT | O_WRONLY, 0o666))
            var facts = stat()
            #expect(stat(path, &facts) == 0)
            modes.insert(facts.st_mode & 0o777)
            unlink(path)
        }
        #expect(modes == [mode_t(0o666 & ~ProcessStatus.creationMask())])
    }

    @Test func `the kernel tells how much memory is in use`() {
        let before = ProcessStatus.bytesInUse() ?? 0
        let block = mmap(nil, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        defer { munmap(block, 64 << 20) }
        #expect((ProcessStatus.bytesInUse() ?? 0) - before >= 32 << 20)
    }
}
