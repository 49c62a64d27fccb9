import PasselCore
import PasselPosix
import Testing

@testable import PasselCommands

/// Folders for plaintext, made while other runs clear away what killed ones left.
@Suite struct PrivateFolderTests {
    @Test func `a folder that another run takes for a left one is made anew`() {
        let environment = ProcessEnvironment(["TMPDIR": Array("/tmp".utf8)])
        let problems = Parallel.map(Array(0..<3), width: 3) { worker -> Int in
            var problems = 0
            for _ in 0..<400 {
                guard worker > 0 else {
                    PrivateFolder.removeLeftOvers(environment)
                    continue
                }
                do {
                    let folder = try PrivateFolder.plain(environment: environment)
                    if !FileStatus.isFolder(folder.path) { problems += 1 }
                    folder.remove()
                } catch {
                    problems += 1
                }
            }
            return problems
        }
        #expect(problems == [0, 0, 0])
    }
}
