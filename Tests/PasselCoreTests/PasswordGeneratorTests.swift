import PasselCore
import Testing

@Suite struct PasswordGeneratorTests {
    private func set(_ text: String) throws -> CharacterSet { try CharacterSet(Array(text.utf8)) }

    private func bytes(_ secret: Secret) -> [UInt8] { secret.withBytes { Array($0) } }

    @Test func `every character is equally likely`() throws {
        let characters = try set("[:punct:][:alnum:]")
        let total = 1_000_000
        let password = try PasswordGenerator.password(length: total, from: characters)
        var counts = [Int](repeating: 0, count: 256)
        password.withBytes { for byte in $0 { counts[Int(byte)] += 1 } }

        let expected = Double(total) / Double(characters.bytes.count)
        let deviation = characters.bytes.map { byte in
            let difference = Double(counts[Int(byte)]) - expected
            return difference * difference / expected
        }
        // 93 degrees of freedom: beyond 176 once in a million runs.
        let statistic = deviation.reduce(0, +)
        #expect(statistic < 176)
        #expect(characters.bytes.reduce(0) { $0 + counts[Int($1)] } == total)
    }

    @Test func `a set of three is as even as one of 94`() throws {
        let password = try PasswordGenerator.password(length: 90_000, from: set("abc"))
        let counts = Dictionary(grouping: bytes(password)) { $0 }.mapValues(\.count)
        let statistic = counts.values.reduce(0.0) { sum, count in
            sum + Double((count - 30_000) * (count - 30_000)) / 30_000
        }
        // Two degrees of freedom: beyond 28 once in a million runs.
        #expect(counts.count == 3 && statistic < 28)
    }

    @Test func `neighbours do not depend on each other`() throws {
        let password = bytes(try PasswordGenerator.password(length: 200_000, from: set("01")))
        let changes = zip(password, password.dropFirst()).count { $0 != $1 }
        // Five standard deviations of a fair coin.
        #expect(abs(changes - 100_000) < 1_118)
    }

    @Test func `no blank is at either end`() throws {
        let blanks = try set("a \\t")
        var seenInside = false
        for length in 1...40 {
            for _ in 0..<50 {
                let password = bytes(try PasswordGenerator.password(length: length, from: blanks))
                #expect(password.count == length)
                #expect(password.first?.isBlank == false && password.last?.isBlank == false)
                seenInside = seenInside || password.contains(where: \.isBlank)
            }
        }
        #expect(seenInside)
    }

    @Test(arguments: ["", " ", "[:blank:]", "\\n"])
    func `an impossible set is refused in pass's words`(text: String) throws {
        let problem = try #require(throws: Problem.self) {
            try PasswordGenerator.password(length: 5, from: try set(text))
        }
        #expect(problem.message == "Could not generate password from /dev/urandom.")
        #expect(problem.form == .pass)
    }

    @Test func `two passwords differ`() throws {
        let characters = try set("[:alnum:]")
        let made = try (0..<100).map { _ in
            bytes(try PasswordGenerator.password(length: 16, from: characters))
        }
        #expect(Set(made).count == 100)
    }

    @Test func `names of temporary files are letters and digits`() {
        let names = Set((0..<100).map { _ in Random.name(length: 16) })
        #expect(names.count == 100)
        #expect(names.allSatisfy { $0.utf8.count == 16 })
        #expect(names.joined().utf8.allSatisfy { $0.hexValue != nil || $0.asciiLowercased > 0x60 })
    }
}
