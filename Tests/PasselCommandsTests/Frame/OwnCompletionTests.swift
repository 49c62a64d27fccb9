import PasselTesting
import Testing

@testable import PasselCommands

@Suite struct OwnCompletionTests {
    private func candidates(_ words: String...) -> [String] {
        OwnCompletion(commands: Samples.commands).candidates(words.map { Bytes($0.utf8) })
            .map(\.text)
    }

    @Test func `what is not ours is completed by others`() {
        #expect(candidates("show", "") == [])
        #expect(candidates("greeting", "") == [])
    }

    @Test func `a word of ours is completed where it is the first`() {
        #expect(candidates("gr") == ["", "greet\tsay hello to somebody"])
        #expect(candidates("nonsense") == [""])
    }

    @Test func `a group has commands`() {
        #expect(
            candidates("circle", "") == [
                "", "ls\tlist who belongs", "join\tlet somebody in", "fail\tmeet a problem",
            ])
        #expect(candidates("circle", "j") == ["", "join\tlet somebody in"])
        #expect(candidates("circle", "nonsense", "") == [""])
    }

    @Test func `options are offered until they are given`() {
        #expect(
            candidates("circle", "join", "-") == [
                "", "--yes\tdo not ask before anything is changed", "--help\tshow this text",
            ])
        #expect(candidates("circle", "join", "--yes", "-") == ["", "--help\tshow this text"])
        #expect(candidates("circle", "--l") == ["", "--loudly\tin capitals"])
        #expect(candidates("greet", "--also", "ann", "--al").count == 2)
        #expect(candidates("bare", "-") == [""])
    }

    @Test func `values are of a kind`() {
        #expect(candidates("circle", "join", "") == ["keys"])
        #expect(candidates("circle", "join", "ann", "") == [""])
        #expect(candidates("greet", "") == [""])
        #expect(candidates("greet", "ann", "") == ["entries"])
        #expect(candidates("greet", "ann", "--loudly", "a", "b") == ["entries"])
        #expect(candidates("greet", "--also", "") == ["keys"])
        #expect(candidates("greet", "-la", "") == ["keys"])
        #expect(candidates("greet", "--also=ann", "x", "") == ["entries"])
        #expect(candidates("greet", "--role", "") == ["", "signer", "member", "machine"])
        #expect(candidates("greet", "--role", "m") == ["", "member", "machine"])
        #expect(candidates("greet", "ann", "--", "-") == ["entries"])
    }

    @Test func `a value in the word of its option is completed`() {
        #expect(candidates("greet", "--also=") == ["keys\t--also="])
        #expect(candidates("greet", "-aann") == ["keys\t-a"])
        #expect(candidates("greet", "-la0x") == ["keys\t-la"])
        #expect(candidates("greet", "--role=m") == ["\t--role=", "member", "machine"])
        #expect(candidates("greet", "--loudly=x") == [""])
        #expect(candidates("greet", "-zx") == [""])
        #expect(candidates("greet", "ann", "--", "--also=x") == ["entries"])
    }
}
