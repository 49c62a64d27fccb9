import PasselCore
import Testing

/// Values that a format could hold and nobody could use, or that would be taken for something else.
@Suite struct ExportLimitTests {
    private func item(_ count: Int) -> ExportItem {
        ExportSamples.item(
            "corp", String(repeating: "x", count: count), url: "https://corp.example/simple/",
            user: "u")
    }

    private func reason(_ file: any MergedFile, _ count: Int) -> String? {
        message { _ = try file.merged(item(count)) }
    }

    @Test func `a login that is longer than servers take is refused`() {
        let refusal = "servers take no login of its length: 8 KB are the limit"
        // 21 bytes before it, and four for three of user, colon and value.
        let longest = (8190 - 21) / 4 * 3 - 2
        let files: [any MergedFile] = [PyPIRC(), PipConfiguration(), NPMRC(), DockerAuths()]
        for file in files {
            #expect(reason(file, longest) == nil, "\(type(of: file))")
            #expect(reason(file, longest + 1)?.contains(refusal) == true, "\(type(of: file))")
        }
        #expect(reason(PyPIRC(hasPasswords: false), longest + 1) == nil)
    }

    @Test func `a line that curl would cut is refused`() {
        let head = "machine corp.example login u password ".utf8.count
        #expect(reason(NetRC(), 4094 - head) == nil)
        #expect(
            reason(NetRC(), 4095 - head)?.contains("curl reads no line of more than 4 KB") == true)
    }

    @Test func `a value with a line that looks like our mark is refused`() {
        let block = EnvrcBlock(isMaterialised: true)
        for mark in ["# <<< passel export <<<", "# >>> passel export"] {
            let value = ExportSamples.item("A", "one\n\(mark)\ntwo")
            #expect(
                message { _ = try block.merged(value) }?
                    .contains("it has a line by which passel knows what is its own") == true)
            #expect(message { _ = try block.merged(ExportSamples.item("A", mark)) } == nil)
        }
    }
}
