import PasselCore
import Testing

@Suite struct SecretTests {
    private func bytes(_ secret: Secret?) -> [UInt8]? { secret?.withBytes { Array($0) } }

    @Test func `nothing prints a secret`() {
        let secret = Secret(plain: "hunter2")
        struct Holder {
            let name = "shop"
            let secret: Secret
        }
        let holder = Holder(secret: secret)
        var printed = ""
        print(secret, [secret], Optional(secret) as Any, holder, ["k": secret], to: &printed)
        debugPrint(secret, [secret], holder, (secret, 1), to: &printed)
        for value in [secret, [secret], holder, ["k": [secret]], Optional(secret) as Any] as [Any] {
            dump(value, to: &printed)
            printed += String(describing: value) + String(reflecting: value) + "\(value)"
        }
        #expect(!printed.contains("hunter2"))
        // Nor its bytes in decimal.
        #expect(!printed.contains("104"))
        #expect(printed.contains("<secret>") && printed.contains("shop"))
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test(
        arguments: [
            ("a\nbc\n\nd", 1, "a"),
            ("a\nbc\n\nd", 2, "bc"),
            ("a\nbc\n\nd", 3, ""),
            ("a\nbc\n\nd", 4, "d"),
            ("a\nbc\n\nd", 5, nil),
            ("a\n", 1, "a"),
            ("a\n", 2, nil),
            ("a", 1, "a"),
            ("", 1, nil),
            ("\n", 1, ""),
            ("a\r\nb", 1, "a\r"),
            ("a\nb", 0, "a"),
            ("a\nb", -3, "a"),
            ("a\nb", .max, nil),
            (" a \n", 1, " a "),
        ] as [(String, Int, String?)])
    func `lines are counted from one`(text: String, number: Int, line: String?) {
        #expect(bytes(Secret(plain: text).line(number)) == line.map { Array($0.utf8) })
    }

    @Test(arguments: [
        ("a\nb\nc\n", "b\nc\n"), ("a\n", ""), ("a", ""), ("", ""), ("\nb", "b"), ("\n\n", "\n"),
    ]) func `what follows the first line is kept byte for byte`(text: String, rest: String) {
        #expect(bytes(Secret(plain: text).afterFirstLine) == Array(rest.utf8))
    }

    @Test func `secrets are equal when their bytes are`() {
        let secret = Secret(plain: "hunter2")
        let same = Secret(joining: [Secret(plain: "hunter"), Secret(plain: "2")])
        #expect(secret == same)
        #expect(secret != Secret(plain: "hunter3"))
        #expect(secret != Secret(plain: "Hunter2"))
        #expect(secret != Secret(plain: "hunter22"))
        #expect(secret != Secret(plain: ""))
        #expect(Secret(plain: "") == Secret(joining: []))
    }

    @Test func `pieces are joined in order, empty ones too`() {
        let pieces = ["a", "", "b\n", "\u{0}"].map { Secret(plain: $0) }
        #expect(bytes(Secret(joining: pieces)) == [0x61, 0x62, 0x0A, 0x00])
        #expect(Secret(joining: []).isEmpty)
    }

    @Test func `only as much is kept as was filled in, and never more than there is room for`() {
        let three = Secret(capacity: 10) { memory in
            for index in 0..<3 { memory[index] = UInt8(index) }
            return 3
        }
        #expect(bytes(three) == [0, 1, 2])
        #expect(Secret(capacity: 4) { _ in 100 }.count == 4)
        #expect(Secret(capacity: 4) { _ in -1 }.isEmpty)
        #expect(Secret(capacity: 0) { $0.count }.isEmpty)
    }

    @Test func `what the filling throws is thrown on`() {
        struct Interrupted: Error {}
        #expect(throws: Interrupted.self) { try Secret(capacity: 8) { _ in throw Interrupted() } }
    }

    @Test func `a slice is a secret of its own`() {
        var whole: Secret? = Secret(plain: "user: ann")
        let part = whole?.slice(6..<9)
        whole = nil
        #expect(bytes(part) == Array("ann".utf8))
    }

    @Test func `a megabyte fits, and a thousand secrets at once`() {
        let large = Secret(capacity: 1 << 20) { memory in
            memory.initializeMemory(as: UInt8.self, repeating: 7)
            return memory.count
        }
        #expect(large.withBytes { $0.allSatisfy { $0 == 7 } })
        let many = (0..<1000).map { Secret(plain: "secret \($0)") }
        #expect(bytes(many[999]) == Array("secret 999".utf8))
    }

    @Test func `wiped memory holds zeros`() {
        var memory: [UInt8] = [1, 2, 3]
        memory.withUnsafeMutableBytes { wipe($0) }
        #expect(memory == [0, 0, 0])
    }
}

@Suite struct SecretReaderTests {
    /// A source that gives `total` bytes in pieces of at most `step`.
    private final class Source {
        private var left: Int
        private let step: Int
        private var next: UInt8 = 0

        init(total: Int, step: Int) { (left, self.step) = (total, step) }

        func read(_ memory: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(left, step, memory.count)
            for index in 0..<count {
                memory[index] = next
                next &+= 1
            }
            left -= count
            return count
        }
    }

    @Test(arguments: [0, 1, 16_383, 16_384, 16_385, 70_000, 1 << 20], [1 << 20, 4096, 1000])
    func `everything that arrives is kept in order`(total: Int, step: Int) throws {
        var reader = SecretReader(limit: 1 << 20)
        let source = Source(total: total, step: step)
        #expect(try reader.fill(from: source.read) == 0)
        #expect(reader.count == total)
        let ordered = reader.secret.withBytes { bytes in
            bytes.indices.allSatisfy { bytes[$0] == UInt8(truncatingIfNeeded: $0) }
        }
        #expect(ordered && reader.secret.count == total)
    }

    @Test func `more than the limit is refused`() {
        var reader = SecretReader(limit: 100)
        let source = Source(total: 101, step: 10)
        #expect(throws: SecretReader.TooLarge.self) { try reader.fill(from: source.read) }
    }

    @Test func `exactly the limit is fine`() throws {
        var reader = SecretReader(limit: 100)
        let source = Source(total: 100, step: 10)
        #expect(try reader.fill(from: source.read) == 0)
        #expect(reader.count == 100)
    }

    @Test func `a failure ends it and is handed on`() throws {
        var reader = SecretReader(limit: 100)
        #expect(try reader.fill { _ in -1 } == -1)
        #expect(reader.secret.isEmpty)
    }

    @Test func `one filling reads once`() throws {
        var reader = SecretReader(limit: 100)
        let source = Source(total: 30, step: 10)
        #expect(try reader.fillOnce(from: source.read) == 10)
        #expect(reader.count == 10)
    }
}
