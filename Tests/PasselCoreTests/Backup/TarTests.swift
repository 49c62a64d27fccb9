import PasselCore
import Testing

@Suite struct TarTests {
    private typealias Found = (member: TarMember, content: [UInt8])

    private func archive(_ members: [(TarMember, [UInt8])]) -> [UInt8] {
        members.flatMap { $0.header + $1 + TarMember.padding(after: $1.count) } + TarMember.end
    }

    private func read(_ bytes: [UInt8], by step: Int = .max) throws -> [Found] {
        var reader = TarReader()
        var found: [Found] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            try reader.read(Array(rest.prefix(step))) { event in
                switch event {
                case .member(let member): found.append((member, []))
                case .content(let piece): found[found.count - 1].content += piece
                case .complete: break
                }
            }
            rest = rest.dropFirst(step)
        }
        try reader.finish()
        return found
    }

    private var sample: [(TarMember, [UInt8])] {
        let long = [UInt8](repeating: 0x78, count: 150)
        return [
            (TarMember(Array("a".utf8), size: 3, time: 1_800_000_000), [1, 2, 3]),
            (TarMember(Array("empty".utf8), time: 0), []),
            (TarMember(Array("folder/".utf8), .folder, mode: 0o755, time: 1), []),
            (TarMember(long, size: 600, time: 1), [UInt8](repeating: 7, count: 600)),
            (TarMember([0xFF, 0x2F, 0xFE], .link(long), mode: 0o777, time: 1), []),
            (TarMember(Array("b".utf8), .link(Array("a".utf8)), time: 1), []),
        ]
    }

    @Test(arguments: [1, 7, 511, 512, 513, 100_000])
    func `what is written is read, in whatever pieces it comes`(_ step: Int) throws {
        let found = try read(archive(sample), by: step)
        #expect(found.map(\.member) == sample.map(\.0))
        #expect(found.map(\.content) == sample.map(\.1))
    }

    @Test func `a size of more than 8 GiB is told`() throws {
        let member = TarMember(Array("big".utf8), size: 20 << 30, time: 1)
        var reader = TarReader()
        var found: [TarMember] = []
        try reader.read(member.header) { if case .member(let member) = $0 { found.append(member) } }
        #expect(found == [member])
    }

    @Test func `every bit that is no content counts`() throws {
        let whole = archive(sample)
        let contents = try read(whole).map(\.content)
        var missed: [Int] = []
        for bit in stride(from: 0, to: whole.count * 8, by: 61) {
            var damaged = whole
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            // Content, names, modes and times mean something else; nothing else may pass.
            guard let found = try? read(damaged) else { continue }
            if found.map(\.member) == sample.map(\.0), found.map(\.content) == contents {
                missed.append(bit)
            }
        }
        #expect(missed == [])
    }

    @Test func `what is cut off is no archive`() throws {
        let whole = archive(sample)
        for length in stride(from: 0, to: whole.count, by: 97) {
            #expect(throws: TarReader.Malformed.self) { try read(Array(whole[..<length])) }
        }
        #expect(throws: TarReader.Malformed.self) { try read(whole + [0]) }
    }
}
