import PasselTesting
import Testing

/// The comparison sees differences, and only differences.
@Suite struct ComparisonTests {
    private func compared(_ text: String) -> ComparedScenario {
        let scenario = Scenario(Bytes(text.utf8), path: "inline.txtar", name: "inline")
        return ComparedScenario(running: scenario)
    }

    @Test func `a scenario that no program fulfils fails`() {
        let result = compared("pass version\nstdout 'no program says this'\n")
        #expect(result.failures.first?.line == 2)
    }

    /// `odd` behaves differently when `pass` is the built binary: `$BIN/pass` tells which it is.
    @Test(
        .enabled(if: Binary.path != Sandbox.Subject.pass.path),
        arguments: [
            "exec sh -c 'readlink $BIN/pass >> $PASSWORD_STORE_DIR/note'",
            "exec sh -c 'case $(readlink $BIN/pass) in /usr/*) chmod 755 $PASSWORD_STORE_DIR; esac'",
            "exec sh -c 'case $(readlink $BIN/pass) in /usr/*) mkdir $PASSWORD_STORE_DIR/x; esac'",
            "exec sh -c 'ln -s $(readlink $BIN/pass) $PASSWORD_STORE_DIR/x'",
            "exec sh -c 'git -C $PASSWORD_STORE_DIR commit -q --allow-empty -m $(readlink $BIN/pass)'",
            "exec sh -c 'case $(readlink $BIN/pass) in /usr/*) gpg -q --batch --yes -r bob "
                + "-o $PASSWORD_STORE_DIR/a.gpg -e $PASSWORD_STORE_DIR/.gpg-id; esac'",
        ])
    func `a difference in the store is seen`(_ odd: String) {
        let result = compared(
            """
            key ann bob
            env BIN=$BIN
            pass init ann@example.org
            pass git init
            stdin - 'one'
            pass insert -m a
            \(odd)
            pass find nothing
            """)
        #expect(result.failures.contains { $0.line == 8 })
    }

    @Test func `what is random does not count as a difference`() {
        let result = compared(
            """
            key ann
            pass init ann@example.org
            pass git init
            pass generate a
            pass generate -n b 3
            pass show a
            pass cp a c
            pass git log
            """)
        let failures = result.failures.filter { $0.line != 8 }
        #expect(failures.map(\.description) == [])
    }
}
