import Foundation
import Testing

/// Kill the whole process tree at every call that changes a file, and see what is left.
@Suite(.serialized) struct CrashSweepTests {
    /// The commands of the sweep.
    enum Disturbed: String, CaseIterable, CustomTestStringConvertible {
        case insert, overwrite, edit, editWithoutNamespaces, move, remove, generate, addRecipient
        case importing

        func operation(in box: Sandbox) -> Operation {
            switch self {
            case .insert: .insert(box)
            case .overwrite: .overwrite(box)
            case .edit: .edit(box)
            case .editWithoutNamespaces: .edit(box, withoutNamespaces: true)
            case .move: .move(box)
            case .remove: .remove(box)
            case .generate: .generate(box)
            case .addRecipient: .addRecipient(box)
            case .importing: .importing(box)
            }
        }

        var testDescription: String { rawValue }
    }

    @Test(arguments: Disturbed.allCases)
    func `no kill loses a value, leaves plaintext or blocks the next command`(
        _ disturbed: Disturbed
    ) async throws {
        let sweep = Sweep(program: Binaries.passel, keyring: try Keyring()) {
            disturbed.operation(in: $0)
        }
        let result = try await sweep.run()
        #expect(result.calls > 10, "a sweep over nothing proves nothing")
        #expect(result.failed.isEmpty, "\(result.summary)")
    }

    @Test(arguments: [Disturbed.overwrite, .move, .generate, .addRecipient])
    func `the same holds for a store without git`(_ disturbed: Disturbed) async throws {
        var sweep = Sweep(program: Binaries.passel, keyring: try Keyring()) {
            disturbed.operation(in: $0)
        }
        sweep.hasRepository = false
        let result = try await sweep.run()
        #expect(result.calls > 10, "a sweep over nothing proves nothing")
        #expect(result.failed.isEmpty, "\(result.summary)")
    }

    @Test func `the sweep catches a writer that opens entries in place`() async throws {
        var sweep = Sweep(program: Binaries.careless, keyring: try Keyring()) {
            var operation = Operation.overwrite($0)
            operation.name = "insert -f, written in place (must fail)"
            return operation
        }
        sweep.shown = 3
        sweep.points = .max
        let result = try await sweep.run()
        let caught = { (invariant: String) in
            result.failed.contains { $0.violations.contains { $0.hasPrefix(invariant) } }
        }
        #expect(caught("I1 web/site does not decrypt"), "the lost entry was not noticed")
        #expect(caught("I3"), "the missing commit was not noticed")
        #expect(caught("I6"), "the lock left behind was not noticed")
        #expect(result.failed.count < result.calls, "it objects to harmless kills too")
    }
}
