import Foundation
import Synchronization
import Testing

/// `fsck` of a store of which one bit is not what it was.
@Suite(.serialized) struct FlipTests {
    private struct Found {
        var content = 0
        var others = 0
        var wrong: [String] = []
    }

    @Test func `every flipped bit of what a store holds is found and named`() async throws {
        let keyring = try Keyring(strangers: ["bob"])
        defer { keyring.close() }
        let stores = try (0..<2).map { try CheckedStore(keyring, "flip\($0)") }
        let total = SweepExtent.isFull ? 2000 : 60
        let found = Mutex(Found())
        try await inParallel(stores.count) { worker in
            let store = stores[worker]
            // The same in every run, so that what is missed can be tried again.
            var chance = ModelRandom(seed: UInt64(20 + worker))
            for _ in 0..<total / stores.count {
                let file = store.files.randomElement(using: &chance) ?? ""
                let byte = Int.random(in: 0..<(try store.size(file)), using: &chance)
                let bit = Int.random(in: 0..<8, using: &chance)
                let names = try store.names(file, byte: byte)
                let (outcome, isSame) = try store.flip(file, byte: byte, bit: bit)
                let text = outcome.text
                var wrong: String?
                if let names, !isSame {
                    if outcome.status != 4 {
                        wrong = "status \(outcome.status)"
                    } else if let name = names.first(where: { !text.contains($0) }) {
                        wrong = "\(name) is not named"
                    }
                } else if ![0, 4].contains(outcome.status) {
                    wrong = "status \(outcome.status)"
                }
                found.withLock {
                    if names == nil || isSame { $0.others += 1 } else { $0.content += 1 }
                    if let wrong {
                        $0.wrong.append("\(file) byte \(byte) bit \(bit): \(wrong) \(text)")
                    }
                }
            }
        }
        let result = found.withLock { $0 }
        print(
            "fsck: \(result.content) flips of content, \(result.others) of what is none: "
                + "\(result.wrong.count) missed or not named")
        for wrong in result.wrong.prefix(10) { print("    \(wrong)") }
        #expect(result.content > total / 2, "flips of nothing prove nothing")
        #expect(result.wrong == [])
    }
}
